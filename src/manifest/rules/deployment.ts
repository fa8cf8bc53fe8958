import { rule } from "./rule.ts";

export const rollbackAlarms = rule("deployment/alarms", ["deployment/**"], ({ deployment }, report) => {
  const alarms = deployment?.rollback_alarms;
  if (typeof alarms !== "object" || Array.isArray(alarms)) return;
  const given = Object.entries(alarms).filter(([, value]) => value !== undefined);
  if (given.length === 0)
    report("deployment.rollback_alarms", "`rollback_alarms` names no alarm", {
      hint: "write `cpu_utilization: 80`, or a list with the names of alarms",
    });
  for (const [key, value] of given) {
    if (key !== "messages_delayed" && Number(value) > 100)
      report(
        ["deployment", "rollback_alarms", key],
        `more than 100 percent of what is reserved is rarely used: the alarm may never ring`,
        {
          severity: "warning",
        },
      );
  }
});
