import { whole, withFacts } from "./fields.ts";

/** What CloudWatch Logs' PutRetentionPolicy takes, in days. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** For how many days CloudWatch Logs keeps logs. */
export const logRetention = () =>
  withFacts(
    whole({ min: 1 }).check(({ value, issues }) => {
      if (value < 1 || retentions.includes(value)) return;
      const near = retentions.toSorted((a, b) => Math.abs(a - value) - Math.abs(b - value)).slice(0, 2);
      issues.push({
        code: "custom",
        input: value,
        message: `must be a number of days that CloudWatch Logs keeps logs for, not ${value}`,
        params: { hint: `use ${near.toSorted((a, b) => a - b).join(" or ")}` },
      });
    }),
    { looks: { values: retentions } },
  );
