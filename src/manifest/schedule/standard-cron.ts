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
import type { Schedule, ScheduleProblem } from "./read-schedule.ts";

/** The five fields of cron as Copilot reads them (robfig/cron, standard parser), and the same times as EventBridge says
 *  them: with six fields, days of the week from 1 on, and a `?` for whichever of the two kinds of days says nothing. */

/** One item of a field: `*`, `5`, `5/10`, `1-5`, `1-5/2`. */
interface Item {
  text: string;
  from: number;
  to: number;
  step: number;
  /** All values, without a step. */
  isStar: boolean;
}

/** The two fields of days. */
interface Days {
  ofMonth: string;
  ofWeek: string;
}

const fields: readonly CronField[] = [minutes, hours, daysOfMonth, monthsOfYear, daysOfWeek(0)];

/** @param parts the five fields */
export function fromStandardCron(parts: readonly string[]): Schedule | ScheduleProblem {
  const read = fields.map((field, i) => readField(parts[i] ?? "", field));
  for (const each of read) if ("problem" in each) return each;
  const [minute = [], hour = [], dayOfMonth = [], month = [], dayOfWeek = []] = read as Item[][];
  const days = daysFor(dayOfMonth, dayOfWeek);
  if ("problem" in days) return days;
  const cron = ({ ofMonth, ofWeek }: Days) =>
    `cron(${[written(minute), written(hour), ofMonth, written(month), ofWeek, "*"].join(" ")})`;
  const former = copilotDays(parts[2] ?? "", parts[4] ?? "");
  const differs = former !== undefined && (losesSteps(dayOfMonth, dayOfWeek) || raisesSteps(dayOfWeek));
  return { expression: cron(days), isEnabled: true, ...(differs && { copilot: cron(former) }) };
}

function readField(text: string, field: CronField): Item[] | ScheduleProblem {
  const items = text.split(",").map((item) => readItem(item, field));
  return items.find((item) => "problem" in item) ?? (items as Item[]);
}

function readItem(text: string, field: CronField): Item | ScheduleProblem {
  const [range = "", step, ...more] = text.split("/");
  const [first = "", last, ...rest] = range.split("-");
  const isWhole = range === "*" || range === "?";
  const from = isWhole ? field.min : cronValue(first, field);
  const given = isWhole ? field.max : last === undefined ? from : cronValue(last, field);
  const by = step === undefined ? 1 : /^\d+$/.test(step) ? Number(step) : 0;
  if (from === undefined || given === undefined || more.length > 0 || rest.length > 0) {
    const sunday = field.min === 0 && field.names && text.includes("7") ? "; Sunday is 0 or SUN" : "";
    return { problem: `${quoted(text)} is no ${field.name}: it takes ${rangeOf(field)}${sunday}` };
  }
  if (by === 0) return { problem: `${quoted(text)} is no ${field.name}: a step is 1 or more` };
  if (from > given)
    return {
      problem: `${quoted(text)} is no ${field.name}: the range ends before it begins`,
      hint: `write two ranges: \`${first}-${field.names?.at(-1) ?? field.max},${field.names?.[0] ?? field.min}-${last}\``,
    };
  // A single value with a step goes on to the end.
  const to = !isWhole && last === undefined && step !== undefined ? field.max : given;
  return { text, from, to, step: by, isStar: isWhole && by === 1 };
}

/** A field other than the day of the week, whose values are the same for both. */
function written(items: readonly Item[]): string {
  if (items.some(({ isStar }) => isStar)) return "*";
  return items.map(({ text }) => text.replace("?", "*")).join(",");
}

/** Cron runs a job on a day that either field names when both do, and EventBridge takes one of the two only. */
function daysFor(ofMonth: readonly Item[], ofWeek: readonly Item[]): Days | ScheduleProblem {
  const anyOfMonth = isAny(ofMonth);
  const anyOfWeek = isAny(ofWeek);
  if (anyOfMonth && anyOfWeek) return { ofMonth: "*", ofWeek: "?" };
  if (anyOfWeek) return { ofMonth: written(ofMonth), ofWeek: "?" };
  if (anyOfMonth) return { ofMonth: "?", ofWeek: writtenDaysOfWeek(ofWeek) };
  if (covers(ofMonth, daysOfMonth) || covers(ofWeek, daysOfWeek(0))) return { ofMonth: "*", ofWeek: "?" };
  return {
    problem: "it names days of the month and days of the week, and EventBridge takes one of the two",
    hint: "write `*` for one of them",
  };
}

function isAny(items: readonly Item[]): boolean {
  return items.some(({ isStar }) => isStar);
}

function covers(items: readonly Item[], { min, max }: CronField): boolean {
  return new Set(items.flatMap(valuesOf)).size === max - min + 1;
}

function valuesOf({ from, to, step }: Item): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
}

/** Numbers are one more than in cron; EventBridge knows no steps here, so their days are listed. */
function writtenDaysOfWeek(items: readonly Item[]): string {
  return items
    .map((item) => {
      if (item.step > 1 || item.text.includes("/"))
        return valuesOf(item)
          .map((day) => day + 1)
          .join(",");
      return item.text
        .split("-")
        .map((day) => (/^\d+$/.test(day) ? String(Number(day) + 1) : day))
        .join("-");
    })
    .join(",");
}

/** The two fields of days as Copilot converts them; undefined when it refuses. */
function copilotDays(ofMonth: string, ofWeek: string): Days | undefined {
  const isUnset = (field: string) => /[*?]/.test(field);
  if (!isUnset(ofMonth) && !isUnset(ofWeek)) return undefined;
  const raised = [...ofWeek].map((char) => (/\d/.test(char) ? String(Number(char) + 1) : char)).join("");
  if (!isUnset(ofWeek)) return { ofMonth: "?", ofWeek: raised };
  return { ofMonth: isUnset(ofMonth) ? "*" : ofMonth, ofWeek: "?" };
}

/** Copilot takes a field with a star in it for one that says nothing. */
function losesSteps(ofMonth: readonly Item[], ofWeek: readonly Item[]): boolean {
  return [ofMonth, ofWeek].some((items) => !isAny(items) && items.some(({ text }) => /[*?]/.test(text)));
}

/** Copilot adds one to every digit of the days of the week, that of a step too. */
function raisesSteps(ofWeek: readonly Item[]): boolean {
  return !isAny(ofWeek) && ofWeek.some(({ text }) => text.includes("/"));
}
