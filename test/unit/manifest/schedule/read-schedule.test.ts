import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSchedule } from "../../../../src/manifest/schedule/read-schedule.ts";

/** What a text comes to, in one line. */
function told(text: string): string {
  const read = readSchedule(text);
  if ("problem" in read) return `${read.problem}${read.hint === undefined ? "" : ` → ${read.hint}`}`;
  const former = read.copilot === undefined ? "" : `, Copilot: ${read.copilot}`;
  return `${read.expression}${read.isEnabled ? "" : " (off)"}${former}`;
}

function table(...given: (string | string[])[]): string {
  const texts = given.flat();
  const width = Math.max(...texts.map(({ length }) => length));
  return texts.map((text) => `${text.padEnd(width)}  ${told(text)}`).join("\n");
}

describe("a schedule as EventBridge says it", () => {
  test("presets, rates and a job that is run by hand", () => {
    expect(
      table(
        ["none", "@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"],
        ["@every 1m", "@every 90m", "@every 1h30m", "@every 24h", "rate(1 minute)", "rate(5 minutes)", "rate(2 days)"],
      ),
    ).toMatchInlineSnapshot(`
      "none             rate(5 minutes) (off)
      @hourly          cron(0 * * * ? *)
      @daily           cron(0 0 * * ? *)
      @midnight        cron(0 0 * * ? *)
      @weekly          cron(0 0 ? * 1 *)
      @monthly         cron(0 0 1 * ? *)
      @yearly          cron(0 0 1 1 ? *)
      @annually        cron(0 0 1 1 ? *)
      @every 1m        rate(1 minute)
      @every 90m       rate(90 minutes)
      @every 1h30m     rate(90 minutes)
      @every 24h       rate(1440 minutes)
      rate(1 minute)   rate(1 minute)
      rate(5 minutes)  rate(5 minutes)
      rate(2 days)     rate(2 days)"
    `);
  });

  test("the five fields of cron", () => {
    expect(
      table(
        ["* * * * *", "*/15 * * * *", "0 3 * * 1-5", "0 12 * * MON", "0 9 ? * MON", "30 8 1,15 * *", "0 0 1 */3 ?"],
        ["0 8-18/2 * * MON-FRI", "5/10 ? * JAN,JUL *", "0 0 * * 0", "0 0 * * 6,0", "00 09 * * 01", "0 0 */1 * 1"],
        ["0 0 1-31 * 1", "0 0 5 * 0-6"],
      ),
    ).toMatchInlineSnapshot(`
      "* * * * *             cron(* * * * ? *)
      */15 * * * *          cron(*/15 * * * ? *)
      0 3 * * 1-5           cron(0 3 ? * 2-6 *)
      0 12 * * MON          cron(0 12 ? * MON *)
      0 9 ? * MON           cron(0 9 ? * MON *)
      30 8 1,15 * *         cron(30 8 1,15 * ? *)
      0 0 1 */3 ?           cron(0 0 1 */3 ? *)
      0 8-18/2 * * MON-FRI  cron(0 8-18/2 ? * MON-FRI *)
      5/10 ? * JAN,JUL *    cron(5/10 * * JAN,JUL ? *)
      0 0 * * 0             cron(0 0 ? * 1 *)
      0 0 * * 6,0           cron(0 0 ? * 7,1 *)
      00 09 * * 01          cron(00 09 ? * 2 *)
      0 0 */1 * 1           cron(0 0 ? * 2 *)
      0 0 1-31 * 1          cron(0 0 * * ? *)
      0 0 5 * 0-6           cron(0 0 * * ? *)"
    `);
  });

  test("where Copilot made other times of it, both are told", () => {
    expect(table("0 0 */2 * *", "0 9 * * */2", "0 9 * * 1-5/2", "0 9 * * MON-FRI/2", "0 9 * * 1/3", "0 0 1/5 * *"))
      .toMatchInlineSnapshot(`
      "0 0 */2 * *        cron(0 0 */2 * ? *), Copilot: cron(0 0 * * ? *)
      0 9 * * */2        cron(0 9 ? * 1,3,5,7 *), Copilot: cron(0 9 * * ? *)
      0 9 * * 1-5/2      cron(0 9 ? * 2,4,6 *), Copilot: cron(0 9 ? * 2-6/3 *)
      0 9 * * MON-FRI/2  cron(0 9 ? * 2,4,6 *), Copilot: cron(0 9 ? * MON-FRI/3 *)
      0 9 * * 1/3        cron(0 9 ? * 2,5 *), Copilot: cron(0 9 ? * 2/4 *)
      0 0 1/5 * *        cron(0 0 1/5 * ? *)"
    `);
  });

  test("what EventBridge cannot say, or what no one can read, is refused", () => {
    expect(
      table(
        ["", "never", "xnonex", "@fortnightly", "@dayly", "@every", "@every 30s", "@every 90s", "@every soon"],
        ["0 9 1 * MON", "0 0 */2 * 1", "0 9 * *", "0 9 * * * *", "0 25 * * *", "60 * * * *", "0 0 0 * *", "0 0 * 13 *"],
        ["0 9 * * 7", "0 9 * * FRI-MON", "0 9 * * FUNDAY", "*/0 * * * *", "1-2-3 * * * *", "1//2 * * * *", "a * * * *"],
        ["CRON_TZ=Asia/Tokyo 0 9 * * *", "TZ=UTC 0 9 * * *", "rate(5 minute)", "rate(1 minutes)", "rate(0 days)"],
        ["rate(5 weeks)", "rate(5 minutes) ", "see rate(5 minutes)", "cron(0 9 * * ?)", "cron(0 9 * * * *)"],
        ["cron(0 9 ? * ? *)", "cron(0 9 * * MON *)", "cron(0 9 ? * 0 *)", "cron(0 9 32 * ? *)", "cron(? 9 * * ? *)"],
      ),
    ).toMatchInlineSnapshot(`
      "                              is empty → write \`none\` for a job that is run by hand
      never                         is no schedule: cron has five fields, not 1 → such as \`0 3 * * *\`, \`@daily\`, \`@every 2h\` or \`none\`
      xnonex                        is no schedule: cron has five fields, not 1 → such as \`0 3 * * *\`, \`@daily\`, \`@every 2h\` or \`none\`
      @fortnightly                  is no schedule: \`@fortnightly\` is not known → use one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually, @every
      @dayly                        is no schedule: \`@dayly\` is not known → did you mean \`@daily\`?
      @every                        is no schedule: \`@every\` says no duration → such as \`@every 90m\` or \`@every 2h\`
      @every 30s                    is no schedule: EventBridge counts in whole minutes → the shortest is \`@every 1m\`
      @every 90s                    is no schedule: EventBridge counts in whole minutes → the nearest is \`@every 2m\`
      @every soon                   is no schedule: \`soon\` is no duration → such as \`@every 90m\` or \`@every 2h\`
      0 9 1 * MON                   is no schedule: it names days of the month and days of the week, and EventBridge takes one of the two → write \`*\` for one of them
      0 0 */2 * 1                   is no schedule: it names days of the month and days of the week, and EventBridge takes one of the two → write \`*\` for one of them
      0 9 * *                       is no schedule: cron has five fields, not 4 → such as \`0 3 * * *\`, \`@daily\`, \`@every 2h\` or \`none\`
      0 9 * * * *                   is no schedule: cron has five fields, not 6 → the six fields of EventBridge stand in \`cron()\`
      0 25 * * *                    is no schedule: \`25\` is no hour: it takes 0-23
      60 * * * *                    is no schedule: \`60\` is no minute: it takes 0-59
      0 0 0 * *                     is no schedule: \`0\` is no day of the month: it takes 1-31
      0 0 * 13 *                    is no schedule: \`13\` is no month: it takes 1-12 or JAN-DEC
      0 9 * * 7                     is no schedule: \`7\` is no day of the week: it takes 0-6 or SUN-SAT; Sunday is 0 or SUN
      0 9 * * FRI-MON               is no schedule: \`FRI-MON\` is no day of the week: the range ends before it begins → write two ranges: \`FRI-SAT,SUN-MON\`
      0 9 * * FUNDAY                is no schedule: \`FUNDAY\` is no day of the week: it takes 0-6 or SUN-SAT
      */0 * * * *                   is no schedule: \`*/0\` is no minute: a step is 1 or more
      1-2-3 * * * *                 is no schedule: \`1-2-3\` is no minute: it takes 0-59
      1//2 * * * *                  is no schedule: \`1//2\` is no minute: it takes 0-59
      a * * * *                     is no schedule: \`a\` is no minute: it takes 0-59
      CRON_TZ=Asia/Tokyo 0 9 * * *  is no schedule: a rule of EventBridge runs in UTC and takes no time zone → write the hours in UTC
      TZ=UTC 0 9 * * *              is no schedule: a rule of EventBridge runs in UTC and takes no time zone → write the hours in UTC
      rate(5 minute)                is no schedule: EventBridge is strict about the unit → write \`rate(5 minutes)\`
      rate(1 minutes)               is no schedule: EventBridge is strict about the unit → write \`rate(1 minute)\`
      rate(0 days)                  is no schedule: a rate is a number and a unit, not \`0 days\` → such as \`rate(5 minutes)\`
      rate(5 weeks)                 is no schedule: a rate is a number and a unit, not \`5 weeks\` → such as \`rate(5 minutes)\`
      rate(5 minutes)               rate(5 minutes)
      see rate(5 minutes)           is no schedule: cron has five fields, not 3 → such as \`0 3 * * *\`, \`@daily\`, \`@every 2h\` or \`none\`
      cron(0 9 * * ?)               is no schedule: \`cron(…)\` has six fields, not 5: minutes, hours, day of the month, month, day of the week, year → leave \`cron()\` away for the five fields of cron
      cron(0 9 * * * *)             is no schedule: EventBridge takes a day of the month or a day of the week, not both → write \`?\` for the one that says nothing
      cron(0 9 ? * ? *)             is no schedule: one of day of the month and day of the week must not be \`?\` → write \`*\` for every day of the month
      cron(0 9 * * MON *)           is no schedule: EventBridge takes a day of the month or a day of the week, not both → write \`?\` for the one that says nothing
      cron(0 9 ? * 0 *)             is no schedule: \`0\` is no day of the week of \`cron(…)\`: it takes 1-7 or SUN-SAT
      cron(0 9 32 * ? *)            is no schedule: \`32\` is no day of the month of \`cron(…)\`: it takes 1-31
      cron(? 9 * * ? *)             is no schedule: \`?\` is no minute of \`cron(…)\`: it takes 0-59"
    `);
  });

  test("cron(…) passes as it stands, with all that EventBridge knows", () => {
    const good = [
      "cron(0 10 * * ? *)",
      "cron(15 12 * * ? *)",
      "cron(0 18 ? * MON-FRI *)",
      "cron(0 8 1 * ? *)",
      "cron(0/15 * * * ? *)",
      "cron(0/5 8-17 ? * MON-FRI *)",
      "cron(0 9 ? * 2#1 *)",
      "cron(0 9 ? * TUE#3 *)",
      "cron(0 9 L * ? *)",
      "cron(0 9 L-3 * ? *)",
      "cron(0 9 LW * ? *)",
      "cron(0 9 15W * ? *)",
      "cron(0 9 ? * 6L 2026-2030)",
      "cron(0 9 ? JAN-MAR,12 SUN,7 2026)",
    ];
    expect(good.map(told)).toEqual(good);
  });
});

/** The values of a field: `*`, `5`, `1-5`, `*\/2`, `1-5/2`, names, and lists of these. A single value with a step goes on. */
function valuesOf(field: string, min: number, max: number, names: string): Set<number> {
  const words = names.split(" ");
  const number = (text: string) => (words.includes(text) ? min + words.indexOf(text) : Number(text));
  const values = new Set<number>();
  for (const item of field.split(",")) {
    const [range = "", step = "1"] = item.split("/");
    const [first = "", last] = range.split("-");
    const from = /[*?]/.test(range) ? min : number(first);
    const to = /[*?]/.test(range) || (last === undefined && item.includes("/")) ? max : number(last ?? first);
    for (let value = from; value <= to; value += Number(step)) values.add(value);
  }
  return values;
}

const monthNames = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC";
const dayNames = "SUN MON TUE WED THU FRI SAT";

/** Whether cron runs on a day: on one that either field names, when both name some. A field with a plain star names none. */
function cronRuns(ofMonth: string, month: string, ofWeek: string, day: Date): boolean {
  const isStar = (field: string) => field.split(",").some((item) => /^[*?](\/1)?$/.test(item));
  const inMonth = valuesOf(ofMonth, 1, 31, "").has(day.getUTCDate());
  const inWeek = valuesOf(ofWeek, 0, 6, dayNames).has(day.getUTCDay());
  const inDays = isStar(ofMonth) || isStar(ofWeek) ? inMonth && inWeek : inMonth || inWeek;
  return inDays && valuesOf(month, 1, 12, monthNames).has(day.getUTCMonth() + 1);
}

/** Whether EventBridge does, whose `?` says nothing and whose week begins with 1. */
function ruleRuns(ofMonth: string, month: string, ofWeek: string, day: Date): boolean {
  return (
    (ofMonth === "?" || valuesOf(ofMonth, 1, 31, "").has(day.getUTCDate())) &&
    (ofWeek === "?" || valuesOf(ofWeek, 1, 7, dayNames).has(day.getUTCDay() + 1)) &&
    valuesOf(month, 1, 12, monthNames).has(day.getUTCMonth() + 1)
  );
}

test("every cron that is taken runs on the same days and at the same times in EventBridge", () => {
  const field = (min: number, max: number, names = "") => {
    const value = fc.integer({ min, max });
    const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
    const named = names === "" ? value.map(String) : fc.constantFrom(...names.split(" "));
    const whole = fc.oneof(fc.constant("*"), fc.constant("*"), fc.constant("?"), value.map(String), range, named);
    const item = fc.oneof(
      whole,
      fc
        .tuple(fc.oneof(fc.constant("*"), range, value.map(String)), fc.integer({ min: 1, max: 9 }))
        .map(([of, step]) => `${of}/${step}`),
    );
    return fc.array(item, { minLength: 1, maxLength: 2 }).map((items) => items.join(","));
  };
  const cron = fc.tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12, monthNames), field(0, 6, dayNames));
  let taken = 0;
  fc.assert(
    fc.property(cron, ([minute, hour, ofMonth, month, ofWeek]) => {
      const read = readSchedule([minute, hour, ofMonth, month, ofWeek].join(" "));
      if ("problem" in read) {
        expect(read.problem).toContain("days of the month and days of the week");
        return;
      }
      taken += 1;
      const [minutes, hours, days, months, weekdays, year] =
        /^cron\((.*)\)$/.exec(read.expression)?.[1]?.split(" ") ?? [];
      expect(year).toBe("*");
      expect(valuesOf(minutes!, 0, 59, "")).toEqual(valuesOf(minute, 0, 59, ""));
      expect(valuesOf(hours!, 0, 23, "")).toEqual(valuesOf(hour, 0, 23, ""));
      expect([days, weekdays].filter((each) => each === "?")).toHaveLength(1);
      // Three years, a leap year among them.
      for (let day = Date.UTC(2027, 0, 1); day < Date.UTC(2030, 0, 1); day += 86_400_000) {
        const date = new Date(day);
        if (cronRuns(ofMonth, month, ofWeek, date) !== ruleRuns(days!, months!, weekdays!, date))
          throw new Error(`${read.expression} differs on ${date.toISOString()}`);
      }
    }),
    { numRuns: 300 },
  );
  expect(taken).toBeGreaterThan(100);
});
