import { UserError } from "../errors.ts";

/** What planning finds wrong with a manifest that its rules let through: a problem of the field at `path`. */
export class PlanRefused extends UserError {
  /** As a diagnostic's code: `area/what`. */
  readonly problem: string;
  readonly path: readonly (string | number)[];

  constructor(problem: string, path: readonly (string | number)[], message: string, hint: string) {
    super("manifest/invalid", message, { hint });
    this.problem = problem;
    this.path = path;
  }
}
