import type { TaskPlan, WorkloadPlan } from "../../plan/workload-plan.ts";
import type { AddonsInput } from "../addons-stack.ts";
import type { StackFacts } from "../facts.ts";
import type { References } from "../from-plan.ts";

/** What the parts of a template are made from that everything has that runs as tasks of ECS. */
export interface TaskInput {
  plan: TaskPlan;
  facts: StackFacts;
  /** The manifest's text after interpolation, which Copilot keeps in the template. */
  manifest: string;
  references: References;
  addons?: AddonsInput;
}

/** The same of a service. */
export interface ServiceInput extends TaskInput {
  plan: WorkloadPlan;
}
