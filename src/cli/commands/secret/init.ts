import * as z from "zod/mini";
import {
  initSecrets,
  secretNameProblem,
  type SecretOutcome,
  secretParameter,
  type SecretValues,
} from "../../../actions/init-secrets.ts";
import { readSecretsFile } from "../../../actions/read-secrets-file.ts";
import { UserError } from "../../../errors.ts";
import type { PutResult } from "../../../providers/provider.ts";
import { chooseApplication } from "../../choose/application.ts";
import { command } from "../../command.ts";
import type { Context } from "../../context.ts";
import { flags, pairs, text, toggle } from "../../flags.ts";
import { clean } from "../../render/clean.ts";

/** One line of what `--json` prints. */
interface KeptSecret {
  name: string;
  env: string;
  parameter: string;
  result: PutResult;
}

export const secretInit = command({
  name: "secret init",
  summary: "Creates a secret in the environments of the application.",
  input: z.object({
    app: flags.app,
    name: text({ name: "name", short: "n", value: "NAME", description: "Name of the secret." }),
    values: pairs({
      name: "values",
      value: "ENV=VALUE",
      description: "Value for each environment; where nobody may see them, leave it out and be asked.",
    }),
    overwrite: toggle({ name: "overwrite", description: "Replace values that are there." }),
    cliInputYaml: text({
      name: "cli-input-yaml",
      value: "PATH",
      description: "File with `NAME: {environment: value}` for each secret.",
      completes: "file",
    }),
    json: flags.json,
  }),
  exclusive: [
    ["cliInputYaml", "name"],
    ["cliInputYaml", "values"],
  ],
  examples: ["pilotfish secret init -n db_password", "pilotfish secret init --cli-input-yaml secrets.yml --overwrite"],
  async run({ app: given, cliInputYaml, overwrite, ...input }, context) {
    const { app } = await chooseApplication(given, context);
    const provider = await (await context.wire()).provider("local");
    const environments = (await provider.listEnvironments(app)).map(({ name }) => name);
    const secrets =
      cliInputYaml === undefined
        ? await askForSecret(input, environments, context)
        : await readSecretsFile(cliInputYaml, context.host.cwd);
    for (const name of Object.keys(secrets)) checkName(name);
    const kept: KeptSecret[] = [];
    const failed: Extract<SecretOutcome, { error: UserError }>[] = [];
    for await (const outcome of initSecrets({ app, secrets, overwrite }, { provider, environments })) {
      if ("error" in outcome) failed.push(outcome);
      else {
        kept.push({ name: outcome.secret, env: outcome.env, parameter: outcome.parameter, result: outcome.result });
        context.say(clean(told(outcome)));
      }
    }
    if (failed.length > 0) throw failure(failed);
    return { text: inManifest(Object.keys(secrets)), json: { app, secrets: kept } };
  },
});

async function askForSecret(
  { name, values }: { name?: string; values?: Record<string, string> },
  environments: string[],
  context: Context,
): Promise<SecretValues> {
  if (!context.interactive && (name === undefined || values === undefined))
    throw new UserError("usage/missing-input", `${name === undefined ? "--name" : "--values"} is needed`, {
      hint: `pilotfish secret init --name ${name ?? "NAME"} --values ${environments.map((env) => `${env}=VALUE`).join(",")}`,
    });
  const secret =
    name ?? (await (await context.prompts()).input({ message: "What is the secret's name?", problem: nameProblem }));
  if (values !== undefined) return { [secret]: values };
  const asked: Record<string, string> = {};
  for (const env of environments)
    asked[env] = await (await context.prompts()).password({ message: `What is the value of ${secret} in ${env}?` });
  return { [secret]: asked };
}

function told({ secret, env, parameter, ...outcome }: Extract<SecretOutcome, { result: unknown }>): string {
  return outcome.result === "exists"
    ? `${secret} is there already in ${env}, as ${parameter}, and was left as it is; --overwrite replaces it`
    : `${secret} is ${outcome.result} in ${env}, as ${parameter}`;
}

function failure(failed: { secret: string; env: string; error: UserError }[]): UserError {
  const [first, ...others] = failed.map(({ secret, env, error }) => `${secret} in ${env}: ${error.message}`);
  const { code, hint } = (failed[0] as { error: UserError }).error;
  return new UserError(code, first ?? "", { details: others, hint });
}

function inManifest(names: string[]): string {
  const variable = (name: string) => "${COPILOT_" + name + "_NAME}";
  const parameter = (name: string) => secretParameter(variable("APPLICATION"), variable("ENVIRONMENT"), name);
  return ["a manifest names them so:", "", "secrets:", ...names.map((name) => `  ${name}: ${parameter(name)}`)].join(
    "\n",
  );
}

function checkName(name: string): void {
  const problem = secretNameProblem(name);
  if (problem !== undefined) throw new UserError("usage/invalid-flag", `the name of the secret ${problem}: ${name}`);
}

function nameProblem(name: string): string | undefined {
  const problem = secretNameProblem(name);
  return problem && `the name ${problem}`;
}
