import { StringDecoder } from "node:string_decoder";
import type { Socket } from "node:net";
import type { WireError } from "./wire-error.ts";

/** Frames on the control socket: one JSON document a line, in both directions. */
export type Frame =
  | { hello: Hello }
  | { id: number; method: string; params: unknown }
  | { id: number; cancel: true }
  | { id: number; event: unknown }
  | { id: number; result: unknown }
  | { id: number; error: WireError }
  /** The daemon ends and another one comes: what was not answered is asked again of the next. */
  | { moved: true };

export interface Hello {
  version: string;
  /** Hash of the program's code: two builds with the same version differ here. */
  build: string;
  /** A client that has been moved takes whatever daemon it finds. */
  resume?: boolean;
  pid?: number;
  /** Of a daemon: what everybody who asks it something should know first, such as a full disk. */
  urgent?: string[];
}

/** Nothing that is said here is nearly as long, in characters. */
const longestFrame = 64 * 2 ** 20;

/** Splits a socket's bytes into frames. A line that is no JSON object, or has no end, ends the connection. */
export function onFrames(socket: Socket, receive: (frame: Frame) => void): void {
  const decoder = new StringDecoder("utf8");
  let parts: string[] = [];
  let length = 0;
  socket.on("data", (chunk: Buffer) => {
    const lines = decoder.write(chunk).split("\n");
    const last = lines.pop() ?? "";
    for (const line of lines) {
      const text = parts.join("") + line;
      parts = [];
      length = 0;
      if (text === "") continue;
      const frame = parse(text);
      if (frame === undefined) return refuse(socket);
      receive(frame);
      if (socket.destroyed) return;
    }
    if (last !== "") parts.push(last);
    length += last.length;
    if (length > longestFrame) refuse(socket);
  });
}

/** @returns false when the other side does not keep up: more is better sent after `drain` */
export function sendFrame(socket: Socket, frame: Frame): boolean {
  return !socket.writable || socket.write(`${JSON.stringify(frame)}\n`);
}

function parse(text: string): Frame | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === "object" && frame !== null ? (frame as Frame) : undefined;
  } catch {
    return undefined;
  }
}

function refuse(socket: Socket): void {
  socket.destroy(new Error("the other side does not speak the control protocol"));
}
