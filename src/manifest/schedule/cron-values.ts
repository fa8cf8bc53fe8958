/** A field of a cron expression, and what it can hold. */
export interface CronField {
  /** As messages call it. */
  name: string;
  min: number;
  max: number;
  /** Names of its values, from the least on. */
  names?: readonly string[];
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** The fields that both kinds of cron have, in their order; days of the week differ. */
export const minutes: CronField = { name: "minute", min: 0, max: 59 };
export const hours: CronField = { name: "hour", min: 0, max: 23 };
export const daysOfMonth: CronField = { name: "day of the month", min: 1, max: 31 };
export const monthsOfYear: CronField = { name: "month", min: 1, max: 12, names: months };

/** Sunday is the first day, and its number is 0 in cron and 1 in EventBridge. */
export function daysOfWeek(sunday: 0 | 1): CronField {
  return { name: "day of the week", min: sunday, max: sunday + 6, names: days };
}

/** A number or a name of a field; undefined when it is none, or out of range. */
export function cronValue(text: string, { min, max, names = [] }: CronField): number | undefined {
  const index = names.indexOf(text.toUpperCase());
  if (index >= 0) return min + index;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

/** What a field takes, for messages: `0-23`, `1-12 or JAN-DEC`. */
export function rangeOf({ min, max, names }: CronField): string {
  return `${min}-${max}${names ? ` or ${names[0]}-${names.at(-1)}` : ""}`;
}
