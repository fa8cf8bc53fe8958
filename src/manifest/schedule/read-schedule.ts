import { durationSeconds } from "../duration.ts";
import { nearest } from "../spelling.ts";
import { quoted } from "../words.ts";
import { eventBridgeCronProblem } from "./eventbridge-cron.ts";
import { fromStandardCron } from "./standard-cron.ts";

/** When a job runs, as EventBridge says it. */
export interface Schedule {
  expression: string;
  /** Whether the rule is on; one that is off has an expression all the same. */
  isEnabled: boolean;
  /** What Copilot made of the same text, where that means other times. */
  copilot?: string;
}

export interface ScheduleProblem {
  /** Continues "`on.schedule` …: ". */
  problem: string;
  hint?: string;
}

/** Names of times, in UTC. */
const presets: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * ? *",
  "@daily": "0 0 * * ? *",
  "@midnight": "0 0 * * ? *",
  "@weekly": "0 0 ? * 1 *",
  "@monthly": "0 0 1 * ? *",
  "@yearly": "0 0 1 1 ? *",
  "@annually": "0 0 1 1 ? *",
};

/** Reads the `schedule` of a job in any of its forms: `none`, `rate(…)` and `cron(…)` as EventBridge has them, `@daily` and
 *  its like, `@every 90m`, and the five fields of cron, which come to the same times or to a problem. */
export function readSchedule(text: string): Schedule | ScheduleProblem {
  const given = text.trim();
  if (given === "") return { problem: "is empty", hint: "write `none` for a job that is run by hand" };
  if (given === "none") return { expression: "rate(5 minutes)", isEnabled: false };
  const preset = Object.hasOwn(presets, given) ? presets[given] : undefined;
  if (preset !== undefined) return { expression: `cron(${preset})`, isEnabled: true };
  const [, kind, inside = ""] = /^(rate|cron)\((.*)\)$/s.exec(given) ?? [];
  const read =
    kind === "rate"
      ? (rateProblem(inside) ?? { expression: given, isEnabled: true })
      : kind === "cron"
        ? (eventBridgeCronProblem(inside.trim().split(/\s+/)) ?? { expression: given, isEnabled: true })
        : /^@every\b/.test(given)
          ? every(given.slice("@every".length).trim())
          : given.startsWith("@")
            ? unknownPreset(given)
            : fiveFields(given);
  return "problem" in read ? { ...read, problem: `is no schedule: ${read.problem}` } : read;
}

function rateProblem(inside: string): ScheduleProblem | undefined {
  const [, number = "", unit = ""] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(inside) ?? [];
  if (unit === "")
    return { problem: `a rate is a number and a unit, not ${quoted(inside)}`, hint: "such as `rate(5 minutes)`" };
  const right = `${number} ${unit}${number === "1" ? "" : "s"}`;
  return inside === right
    ? undefined
    : { problem: "EventBridge is strict about the unit", hint: `write \`rate(${right})\`` };
}

function every(duration: string): Schedule | ScheduleProblem {
  const seconds = durationSeconds(duration);
  if (seconds === undefined)
    return {
      problem: duration === "" ? "`@every` says no duration" : `${quoted(duration)} is no duration`,
      hint: "such as `@every 90m` or `@every 2h`",
    };
  const minutes = Number((seconds / 60).toFixed(9));
  if (minutes < 1 || !Number.isInteger(minutes)) {
    const hint = minutes < 1 ? "the shortest is `@every 1m`" : `the nearest is \`@every ${Math.round(minutes)}m\``;
    return { problem: "EventBridge counts in whole minutes", hint };
  }
  return { expression: `rate(${minutes} ${minutes === 1 ? "minute" : "minutes"})`, isEnabled: true };
}

function unknownPreset(given: string): ScheduleProblem {
  const all = [...Object.keys(presets), "@every"];
  const meant = nearest(given, all);
  const hint = meant ? `did you mean ${quoted(meant)}?` : `use one of ${all.join(", ")}`;
  return { problem: `${quoted(given)} is not known`, hint };
}

function fiveFields(given: string): Schedule | ScheduleProblem {
  if (/^(CRON_)?TZ=/.test(given))
    return { problem: "a rule of EventBridge runs in UTC and takes no time zone", hint: "write the hours in UTC" };
  const parts = given.split(/\s+/);
  if (parts.length === 5) return fromStandardCron(parts);
  const hint =
    parts.length === 6
      ? "the six fields of EventBridge stand in `cron()`"
      : "such as `0 3 * * *`, `@daily`, `@every 2h` or `none`";
  return { problem: `cron has five fields, not ${parts.length}`, hint };
}
