import { UserError } from "../errors.ts";
import type { PutResult } from "../providers/provider.ts";

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

/** Keeps the value of a parameter for an environment, wherever that is. */
export type KeepSecret = (secret: {
  env: string;
  parameter: string;
  value: string;
  overwrite: boolean;
}) => Promise<PutResult>;

/** Keeps secrets as parameters, one for each environment. Every one is tried; what fails is told with the others. One that
 *  is there is left alone without `overwrite`. */
export async function* initSecrets(
  { app, secrets, overwrite }: { app: string; secrets: SecretValues; overwrite: boolean },
  keep: KeepSecret,
): AsyncGenerator<SecretOutcome, void, void> {
  for (const [secret, values] of Object.entries(secrets))
    for (const [env, value] of Object.entries(values)) {
      const parameter = secretParameter(app, env, secret);
      try {
        yield { secret, env, parameter, result: await keep({ env, parameter, value, overwrite }) };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        yield { secret, env, parameter, error };
      }
    }
}
