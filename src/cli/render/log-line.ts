import type { LogLine } from "../../providers/provider.ts";
import { clean } from "./clean.ts";
import type { Paint } from "./paint.ts";
import { shortTask } from "./words.ts";

/** `2006-01-02T15:04:05Z  api/1a2b3c4d  the line`. */
export function renderLogLine({ at, task, container, message }: LogLine, paint: Paint): string {
  const second = `${at.slice(0, 19)}Z`;
  return `${paint.dim(second)}  ${paint.cyan(`${clean(container)}/${shortTask(task)}`)}  ${clean(message)}`;
}
