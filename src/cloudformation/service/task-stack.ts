import type { TaskPlan } from "../../plan/workload-plan.ts";
import { equals, not, ref } from "../intrinsics.ts";
import type { Parameter, Value } from "../template.ts";
import { containersWithEnvFile } from "./containers.ts";

/** What the stack of everything has that runs as tasks of ECS. */

/** The parameters that take the ARNs of environment files. */
export function envFileParameters(plan: TaskPlan): Record<string, Parameter> {
  return Object.fromEntries(
    containersWithEnvFile(plan).map(({ parameter }) => [
      parameter,
      { Type: "String", Description: "ARN of an environment file.", Default: "" },
    ]),
  );
}

/** Whether there are addons, and which containers have environment files. */
export function commonConditions(plan: TaskPlan): Record<string, Value> {
  const isGiven = (parameter: string) => not(equals(ref(parameter), ""));
  const files = containersWithEnvFile(plan).map(({ condition, parameter }) => [condition, isGiven(parameter)]);
  return { HasAddons: isGiven("AddonsTemplateURL"), ...Object.fromEntries(files) };
}
