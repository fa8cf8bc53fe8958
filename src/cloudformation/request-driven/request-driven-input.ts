import type { RequestDrivenPlan } from "../../plan/request-driven-plan.ts";
import type { AddonsInput } from "../addons-stack.ts";
import type { StackFacts } from "../facts.ts";
import type { References } from "../from-plan.ts";

/** What the parts of a Request-Driven Web Service's template are made from. */
export interface RequestDrivenInput {
  plan: RequestDrivenPlan;
  facts: StackFacts;
  /** The manifest's text after interpolation, which Copilot keeps in the template. */
  manifest: string;
  references: References;
  addons?: AddonsInput;
  /** The image that was built and pushed. */
  image?: string;
}
