import { UserError } from "../errors.ts";
import type { Provider, PutResult } from "../providers/provider.ts";

/** Secret → environment → value. */
export type SecretValues = Record<string, Record<string, string>>;

export type SecretOutcome = { secret: string; env: string; parameter: string } & (
  | { result: PutResult }
  | { error: UserError }
);

/** As Copilot's: the parameter's name has to have room for them. */
const longestName = 1011;

/** Where Copilot keeps a secret of an application. */
export function secretParameter(app: string, env: string, secret: string): string {
  return `/copilot/${app}/${env}/secrets/${secret}`;
}

/** Why a secret cannot have this name, as the end of a sentence. */
export function secretNameProblem(name: string): string | undefined {
  if (name === "") return "must not be empty";
  if (!/^[\w.-]+$/.test(name)) return "may only have letters, digits and . - _";
  return name.length > longestName ? "is too long" : undefined;
}

/** Keeps secrets as parameters, one for each environment. Every one is tried; what fails is told with the others. One that
 *  is there is left alone without `overwrite`.
 *  @param environments the simulated ones of the application */
export async function* initSecrets(
  { app, secrets, overwrite }: { app: string; secrets: SecretValues; overwrite: boolean },
  { provider, environments }: { provider: Provider; environments: readonly string[] },
): AsyncGenerator<SecretOutcome, void, void> {
  for (const [secret, values] of Object.entries(secrets))
    for (const [env, value] of Object.entries(values)) {
      const parameter = secretParameter(app, env, secret);
      try {
        if (!environments.includes(env)) throw unknownEnvironment(env, environments);
        const result = await provider.putValue({ kind: "parameter", name: parameter, value, overwrite });
        yield { secret, env, parameter, result };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        yield { secret, env, parameter, error };
      }
    }
}

function unknownEnvironment(env: string, environments: readonly string[]): UserError {
  return new UserError(
    "environment/aws",
    `${env} is no simulated environment of the application (${environments.join(", ")}), and this version reaches no other`,
    { hint: `pilotfish env init --name ${env} --local` },
  );
}
