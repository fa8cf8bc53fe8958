import { quoted } from "../words.ts";
import {
  type CronField,
  cronValue,
  daysOfMonth,
  daysOfWeek,
  hours,
  minutes,
  monthsOfYear,
  rangeOf,
} from "./cron-values.ts";

/** EventBridge's six fields. Source: Amazon EventBridge User Guide, "Setting a schedule pattern". */
const fields: readonly (CronField & { also?: RegExp })[] = [
  minutes,
  hours,
  // The last day, one counted from it, and the weekday that is nearest to a day.
  { ...daysOfMonth, also: /^(L(-\d{1,2})?|LW|\d{1,2}W)$/i },
  monthsOfYear,
  // The last such day of the month, and the nth.
  { ...daysOfWeek(1), also: /^(L|([1-7]|[A-Z]{3})(L|#[1-5]))$/i },
  { name: "year", min: 1970, max: 2199 },
];

/** What EventBridge does not take of the fields of a `cron(…)`; undefined when it takes them. */
export function eventBridgeCronProblem(parts: readonly string[]): { problem: string; hint?: string } | undefined {
  if (parts.length !== fields.length)
    return {
      problem: `\`cron(…)\` has six fields, not ${parts.length}: minutes, hours, day of the month, month, day of the week, year`,
      ...(parts.length === 5 && { hint: "leave `cron()` away for the five fields of cron" }),
    };
  for (const [i, field] of fields.entries()) {
    const bad = (parts[i] ?? "").split(",").find((item) => !isItem(item, field, i === 2 || i === 4));
    if (bad !== undefined)
      return { problem: `${quoted(bad)} is no ${field.name} of \`cron(…)\`: it takes ${rangeOf(field)}` };
  }
  const unsaid = [parts[2], parts[4]].filter((part) => part === "?").length;
  if (unsaid === 1) return undefined;
  const problem =
    unsaid === 0
      ? "EventBridge takes a day of the month or a day of the week, not both"
      : "one of day of the month and day of the week must not be `?`";
  return {
    problem,
    hint: unsaid === 0 ? "write `?` for the one that says nothing" : "write `*` for every day of the month",
  };
}

function isItem(text: string, field: CronField & { also?: RegExp }, isDay: boolean): boolean {
  if (text === "*" || (text === "?" && isDay) || field.also?.test(text)) return true;
  const [range = "", step, ...more] = text.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === "*") return true;
  const [first = "", last, ...rest] = range.split("-");
  if (rest.length > 0 || cronValue(first, field) === undefined) return false;
  return last === undefined || cronValue(last, field) !== undefined;
}
