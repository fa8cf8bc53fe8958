import * as z from "zod";
import { durationPattern, durationSeconds } from "../duration.ts";
import { nearest } from "../spelling.ts";
import { listed, quoted } from "../words.ts";

/** The kinds of fields that manifests are made of. A schema is plain zod without transforms; what zod has no word for
 *  stands in `fieldFacts`. A check's message continues "`http.path` …". */

export interface FieldFacts {
  /** Of these groups of keys a map holds one; an overlay that sets a key of one group clears the others. */
  alternatives?: readonly (readonly string[])[];
  /** What to write when the field is not there, or is something else. */
  whenMissing?: string;
  /** What the field holds, in the place of "text" or "a whole number". */
  noun?: string;
  /** Text that YAML takes for text too: `1.10` has to be in quotes. */
  strictText?: boolean;
  /** Nothing in its place is an empty text: a key with nothing behind it is not as if it were not there. */
  emptyIsText?: boolean;
  /** Functions of CloudFormation may stand in it: `!Sub "${A}"`. */
  functions?: boolean;
  /** What of a check of its own can be said by a JSON Schema. */
  looks?: Looks;
}

/** How a value looks that passes a check; the check may ask for more. */
export interface Looks {
  /** All values that there are. */
  values?: readonly (string | number)[];
  /** Whether these words may have capital letters too. */
  anyCase?: boolean;
  /** A regular expression that fits some part of the text. */
  pattern?: string;
  /** Which numbers of YAML's are such a text too; absent: none. */
  numbers?: { minimum?: number; maximum?: number };
}

const fieldFacts = z.registry<FieldFacts>();

/** The facts of a field, required or optional. */
export function factsOf(field: z.ZodType): FieldFacts {
  const isAround = field instanceof z.ZodOptional || field instanceof z.ZodLazy;
  return fieldFacts.get(field) ?? (isAround ? factsOf(field.unwrap() as z.ZodType) : {});
}

/** Attaches facts to a field. */
export function withFacts<T extends z.ZodType>(field: T, facts: FieldFacts): T {
  fieldFacts.add(field, { ...fieldFacts.get(field), ...facts });
  return field;
}

export const text = () => z.string();

export const filledText = () => z.string().min(1, { error: "must not be empty" });

/** Text that has to be in quotes where YAML would take it for a number, a date or a flag. */
export const strictText = () => withFacts(z.string(), { strictText: true });

export const flag = () => z.boolean();

/** Text that has to be one of these words. */
export function word<const W extends string>(
  words: readonly W[],
  { anyCase = false, otherwise }: { anyCase?: boolean; otherwise?: string } = {},
) {
  const field = checkedText((value) => {
    const given = anyCase ? value.toLowerCase() : value;
    if ((words as readonly string[]).includes(given)) return undefined;
    const meant = nearest(value, words);
    const hint = meant === undefined ? otherwise : `did you mean ${quoted(meant)}?`;
    return { message: `must be ${listed(words)}, not ${quoted(value)}`, ...(hint !== undefined && { hint }) };
  }, listed(words));
  return withFacts(field, { looks: { values: words, anyCase } });
}

/** Text with a check of its own. */
export function checkedText(
  problem: (value: string) => { message: string; hint?: string } | undefined,
  noun?: string,
): z.ZodString {
  const field = z.string().check(({ value, issues }) => {
    const found = problem(value);
    if (!found) return;
    const params = found.hint === undefined ? undefined : { hint: found.hint };
    issues.push({ code: "custom", input: value, message: found.message, params });
  });
  return noun === undefined ? field : withFacts(field, { noun });
}

/** A value that another stack exports. */
export const fromExport = () => z.object({ from_cfn: filledText() });

/** Whatever YAML can say. */
export const anything = () => z.unknown();

/** A part of a template of CloudFormation. */
export const templatePart = () => withFacts(z.unknown(), { functions: true });

export const list = <T extends z.ZodType>(item: T) => z.array(item);

/** A field whose schema is made when something is in it: a manifest holds few of all the fields that there are. */
export const lazily = <T extends z.ZodType>(make: () => T) => z.lazy(make);

export const mapOf = <T extends z.ZodType>(value: T) => z.record(z.string(), value);

/** One of several forms, told apart by the kind of node: at most one of them a scalar, one a list, one a map. */
export const either = <const T extends readonly [z.ZodType, ...z.ZodType[]]>(...forms: T) => z.union(forms);

export function whole({ min, max }: { min: number; max?: number }) {
  const error = (issue: { input?: unknown }) =>
    max === undefined
      ? `must be ${min} or more, not ${String(issue.input)}`
      : `must be between ${min} and ${max}, not ${String(issue.input)}`;
  const least = z.int().min(min, { error });
  return max === undefined ? least : least.max(max, { error });
}

/** A Go duration, with limits in seconds. `wholeSeconds`: without fractions of one. */
export function duration({ min, max, wholeSeconds = false }: { min: number; max?: number; wholeSeconds?: boolean }) {
  const field = checkedText((value) => {
    const seconds = durationSeconds(value);
    if (seconds === undefined) {
      const message = `must be a duration such as 30s or 1m30s, not ${quoted(value)}`;
      return /^\d+$/.test(value) ? { message, hint: `a duration has a unit: ${value}s` } : { message };
    }
    if (seconds >= min && (max === undefined || seconds <= max))
      return wholeSeconds && !isWhole(seconds) ? { message: `must be whole seconds, not ${quoted(value)}` } : undefined;
    const range = max === undefined ? `${min}s or more` : `between ${min}s and ${max}s`;
    return { message: `must be ${range}, not ${quoted(value)}` };
  }, "a duration such as 30s");
  return withFacts(field, {
    looks: { pattern: durationPattern, ...(min <= 0 && { numbers: { minimum: 0, maximum: 0 } }) },
  });
}

/** To the nanosecond, which is what Go keeps. */
function isWhole(seconds: number): boolean {
  return Number.isInteger(Number(seconds.toFixed(9)));
}
