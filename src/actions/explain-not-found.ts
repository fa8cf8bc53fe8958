import { shellWord, UserError } from "../errors.ts";
import type { WorkloadRef } from "../providers/provider.ts";

/** For `catch`: adds to a service that is not there how it would get there; other errors pass.
 *  @throws always */
export function explainNotFound({ app, env, name }: WorkloadRef): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof UserError) || error.code !== "service/not-found") throw error;
    throw new UserError("service/not-found", `${name} of the application ${app} is not deployed to ${env}`, {
      hint: `pilotfish svc deploy -n ${shellWord(name)} -e ${env}${env === "local" ? "" : " --local"}`,
      cause: error,
    });
  };
}
