import type { MissingValue } from "./environment/missing-values.ts";
import type { Template } from "./template.ts";

/** A workload's stack: its template, and the values of its parameters that are known. */
export interface Packaged {
  template: Template;
  parameters: Record<string, string>;
  missing?: MissingValue[];
}
