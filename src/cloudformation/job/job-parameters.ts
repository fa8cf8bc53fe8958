import { subnetValues } from "../placement-subnets.ts";
import { type TaskParameterValues, taskParameters } from "../service/service-parameters.ts";
import type { JobInput } from "./job-input.ts";

/** The parameters that go with the template of a job. */
export function jobParameters(input: JobInput, values: TaskParameterValues): Record<string, string> {
  const { schedule, stateMachine } = input.plan;
  const { expression, isEnabled } = schedule;
  // A job runs one task at a time.
  return {
    ...taskParameters(input, values),
    TaskCount: "1",
    Schedule: isEnabled ? expression : "none",
    ...subnetValues(stateMachine.network.subnets, input.facts),
  };
}
