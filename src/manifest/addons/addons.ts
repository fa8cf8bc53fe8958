import type { Place } from "../../errors.ts";
import type { Node } from "../yaml/tree.ts";

/** What an output of the addons stands for, by the type of the resource that it plainly refers to. */
export type AddonOutputKind = "secret" | "policy" | "security-group" | "value";

export interface AddonOutput {
  name: string;
  kind: AddonOutputKind;
}

/** The addons of a workload or of the environments: one template made of all their files. */
export interface Addons {
  /** The template. */
  text: string;
  /** In its order. */
  outputs: AddonOutput[];
  /** What the stack around it gives to its parameters, beside those that it always gives. */
  parameters: ReadonlyMap<string, Node>;
  /** Where something of the parameters' file stands. */
  parameterPlace(at: number): Place;
}

/** Whose addons: each has parameters that the stack around it gives. */
export type AddonsOwner = "workload" | "environment";

export const givenParameters: Readonly<Record<AddonsOwner, readonly string[]>> = {
  workload: ["App", "Env", "Name"],
  environment: ["App", "Env"],
};
