import { isText, isToken } from "./field-scanner.ts";
import type { BodyTracker } from "./body-framing.ts";

const CR = 13;
const LF = 10;
const SEMICOLON = 59;
const COLON = 58;
/** 13 hex digits stay below 2^53. */
const MAX_DIGITS = 13;
/** All extensions of a body, and all its trailers. */
const MAX_EXTRAS = 16_384;

type State =
  | "size"
  | "extension"
  | "size-lf"
  | "data"
  | "data-cr"
  | "data-lf"
  | "trailer-start"
  | "trailer-name"
  | "trailer-value"
  | "trailer-lf"
  | "last-lf"
  | "done";

/** Follows chunked framing (RFC 9112 section 7.1) strictly: no space after the size, no bare CR or LF, bounded extensions and
 *  trailers. Whatever is accepted reads the same to every other strict parser, so the bytes can pass as they are. */
export class ChunkedBody implements BodyTracker {
  private state: State = "size";
  private size = 0;
  private digits = 0;
  private extras = 0;

  get done(): boolean {
    return this.state === "done";
  }

  take(bytes: Buffer, content?: (part: Buffer) => void): number {
    let at = 0;
    while (at < bytes.length && this.state !== "done") {
      if (this.state === "data") {
        const part = Math.min(this.size, bytes.length - at);
        content?.(bytes.subarray(at, at + part));
        this.size -= part;
        at += part;
        if (this.size === 0) this.state = "data-cr";
      } else {
        const next = this.step(bytes[at]!);
        if (next === undefined) return -1;
        this.state = next;
        at += 1;
      }
    }
    return at;
  }

  private step(byte: number): State | undefined {
    switch (this.state) {
      case "size": {
        const digit = hexDigit(byte);
        if (digit >= 0) {
          this.digits += 1;
          this.size = this.size * 16 + digit;
          return this.digits <= MAX_DIGITS ? "size" : undefined;
        }
        if (this.digits === 0) return undefined;
        if (byte === CR) return "size-lf";
        return byte === SEMICOLON ? "extension" : undefined;
      }
      case "extension":
        if (byte === CR) return "size-lf";
        return isText[byte] === 1 ? this.extra("extension") : undefined;
      case "size-lf":
        this.digits = 0;
        if (byte !== LF) return undefined;
        return this.size === 0 ? "trailer-start" : "data";
      case "data-cr":
        return byte === CR ? "data-lf" : undefined;
      case "data-lf":
        return byte === LF ? "size" : undefined;
      case "trailer-start":
        if (byte === CR) return "last-lf";
        return isToken[byte] === 1 ? this.extra("trailer-name") : undefined;
      case "trailer-name":
        if (byte === COLON) return "trailer-value";
        return isToken[byte] === 1 ? this.extra("trailer-name") : undefined;
      case "trailer-value":
        if (byte === CR) return "trailer-lf";
        return isText[byte] === 1 ? this.extra("trailer-value") : undefined;
      case "trailer-lf":
        return byte === LF ? "trailer-start" : undefined;
      case "last-lf":
        return byte === LF ? "done" : undefined;
      default:
        return undefined;
    }
  }

  private extra(state: State): State | undefined {
    this.extras += 1;
    return this.extras <= MAX_EXTRAS ? state : undefined;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  if (byte >= 65 && byte <= 70) return byte - 55;
  if (byte >= 97 && byte <= 102) return byte - 87;
  return -1;
}
