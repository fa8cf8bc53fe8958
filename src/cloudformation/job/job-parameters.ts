import { subnetValues } from "../placement-subnets.ts";
import { type TaskParameterValues, taskParameters } from "../service/service-parameters.ts";
import type { JobInput } from "./job-input.ts";

/** The parameters that go with the template of a job. */
export function jobParameters(input: JobInput, values: TaskParameterValues): Record<string, string> {
  const { schedule, stateMachine, count = 1 } = input.plan;
  const { expression, isEnabled } = schedule;
  return {
    ...taskParameters(input, values),
    // Nothing in the template looks at it.
    TaskCount: String(count),
    Schedule: isEnabled ? expression : "none",
    ...subnetValues(stateMachine.network.subnets, input.facts),
  };
}
