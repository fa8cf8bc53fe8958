import { ChunkedBody } from "./chunked-body.ts";

/** How the end of a message's body is told: a number of bytes (0 is no body), chunks, or the end of the connection. */
export type Framing = number | "chunked" | "until-close";

/** Follows a body to its end while its bytes pass by untouched. */
export interface BodyTracker {
  readonly done: boolean;
  /** @returns how many of these bytes belong to the body, or -1 when they break its framing
   *  @param content called for each stretch of content, without the framing around it */
  take(bytes: Buffer, content?: (part: Buffer) => void): number;
}

export function trackBody(framing: Framing): BodyTracker {
  if (framing === "chunked") return new ChunkedBody();
  return new CountedBody(framing === "until-close" ? Infinity : framing);
}

class CountedBody implements BodyTracker {
  private left: number;

  constructor(length: number) {
    this.left = length;
  }

  get done(): boolean {
    return this.left === 0;
  }

  take(bytes: Buffer, content?: (part: Buffer) => void): number {
    const taken = Math.min(this.left, bytes.length);
    this.left -= taken;
    if (taken > 0) content?.(taken === bytes.length ? bytes : bytes.subarray(0, taken));
    return taken;
  }
}
