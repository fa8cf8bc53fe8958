import type { EnvironmentPlan } from "../../plan/environment-plan.ts";
import type { AddonsInput } from "../addons-stack.ts";
import type { StackFacts } from "../facts.ts";

/** What the parts of an environment's template are made from. */
export interface EnvironmentInput {
  plan: EnvironmentPlan;
  facts: StackFacts;
  /** The manifest's text, which Copilot keeps in the template; empty when the environment has none. */
  manifest: string;
  /** Those of all environments. */
  addons?: AddonsInput;
}
