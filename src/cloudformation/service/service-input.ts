import type { WorkloadPlan } from "../../plan/workload-plan.ts";
import type { StackFacts } from "../facts.ts";
import type { References } from "../from-plan.ts";

/** What the parts of a service's template are made from. */
export interface ServiceInput {
  plan: WorkloadPlan;
  facts: StackFacts;
  /** The manifest's text after interpolation, which Copilot keeps in the template. */
  manifest: string;
  references: References;
}
