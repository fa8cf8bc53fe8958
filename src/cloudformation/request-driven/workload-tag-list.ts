import type { RequestDrivenPlan } from "../../plan/request-driven-plan.ts";
import { ref } from "../intrinsics.ts";
import type { Value } from "../template.ts";

/** The tags of each App Runner resource: Copilot's own, and the manifest's. */
export function workloadTagList({ service }: Pick<RequestDrivenPlan, "service">): Value {
  return [
    { Key: "copilot-application", Value: ref("AppName") },
    { Key: "copilot-environment", Value: ref("EnvName") },
    { Key: "copilot-service", Value: ref("WorkloadName") },
    ...service.tags.map(({ key, value }) => ({ Key: key, Value: value })),
  ];
}
