import { shellWord, UserError } from "../../errors.ts";
import { resolvePlan } from "../../plan/resolve.ts";
import type { WorkloadPlan } from "../../plan/workload-plan.ts";
import type { SimulatorClient } from "../../simulator/client.ts";
import { withoutAwsSidecars } from "./aws-sidecars.ts";

/** The exports that a plan's containers need, by name. Those that only networks and roles of AWS would use are not asked
 *  for: they play no part on this machine.
 *  @throws UserError deploy/refused with every one that is missing */
export async function findExports(client: SimulatorClient, plan: WorkloadPlan): Promise<Record<string, string>> {
  const wanted = exportsOf(withoutAwsSidecars(plan));
  if (wanted.length === 0) return {};
  const found = await client.call("get-exports", { names: wanted });
  const missing = wanted.filter((name) => !Object.hasOwn(found, name));
  if (missing.length === 0) return found;
  throw new UserError("deploy/refused", `No export named ${missing[0]} found`, {
    details: missing.slice(1).map((name) => `No export named ${name} found`),
    hint: missing.map((name) => `pilotfish local put export ${shellWord(name)}`).join(" && "),
  });
}

function exportsOf(plan: WorkloadPlan): string[] {
  const names = new Set<string>();
  resolvePlan(plan, (later, part) => {
    if ("import" in later && part === "taskDefinition") names.add(later.import);
    return "";
  });
  return [...names];
}
