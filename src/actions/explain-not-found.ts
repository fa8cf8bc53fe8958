import { shellWord, UserError } from "../errors.ts";
import type { Provider, WorkloadRef } from "../providers/provider.ts";

/** For `catch`: adds to a service that is not there how it would get there; other errors pass.
 *  @throws always */
export function explainNotFound(
  { app, env, name }: WorkloadRef,
  { kind }: Pick<Provider, "kind">,
): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof UserError) || error.code !== "service/not-found") throw error;
    throw new UserError("service/not-found", `${name} of the application ${app} is not deployed to ${env}`, {
      hint: `pilotfish svc deploy -n ${shellWord(name)} -e ${env}${env === "local" || kind === "aws" ? "" : " --local"}`,
      cause: error,
    });
  };
}
