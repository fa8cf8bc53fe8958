import type { Place } from "../../errors.ts";
import { clean, cleanLines } from "./clean.ts";
import type { Paint } from "./paint.ts";

/** What every message about something wrong is made of. */
export interface Problem {
  severity: "error" | "warning";
  code?: string;
  message: string;
  hint?: string;
  place?: Place;
  details?: readonly string[];
  /** Where it counts, when not everywhere; `*` stands for environments without an overlay. */
  environments?: readonly string[];
}

/** `file:line:column  severity  message  (code, in test)`, and below the message, in its column, details and hint. */
export function renderProblem(problem: Problem, paint: Paint): string {
  const { severity, code, message, hint, place, details = [] } = problem;
  const where = place === undefined ? "" : `${clean(placeText(place))}  `;
  const indent = " ".repeat(where.length + severity.length + 2);
  const [first = "", ...rest] = cleanLines(message);
  const word = severity === "error" ? paint.red(severity) : paint.yellow(severity);
  return [
    `${paint.bold(where)}${word}  ${first}${code === undefined ? "" : paint.dim(`  (${code}${whereText(problem)})`)}`,
    ...rest.map((line) => indent + line),
    ...details.flatMap((detail) => cleanLines(detail)).map((line) => `${indent}${paint.dim("|")} ${line}`),
    ...(hint === undefined ? [] : cleanLines(hint).map((line) => indent + paint.cyan(line))),
  ].join("\n");
}

export function placeText({ file, line, column }: Place): string {
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

function whereText({ environments = [] }: Problem): string {
  const names = environments.filter((name) => name !== "*").map(clean);
  const parts = [
    ...(names.length > 0 ? [`in ${names.join(", ")}`] : []),
    ...(environments.includes("*") ? ["without an overlay"] : []),
  ];
  return parts.length === 0 ? "" : `, ${parts.join(" and ")}`;
}
