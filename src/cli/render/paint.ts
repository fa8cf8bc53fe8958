import { Chalk, type ChalkInstance } from "chalk";

/** Colours, or plain text where they are not wanted. */
export type Paint = ChalkInstance;

export function paint(color: boolean): Paint {
  return new Chalk({ level: color ? 1 : 0 });
}
