import * as z from "zod/mini";
import { environmentsNamed } from "../../../actions/environments-named.ts";
import {
  initSecrets,
  type KeepSecret,
  secretNameProblem,
  type SecretOutcome,
  secretParameter,
  type SecretValues,
} from "../../../actions/init-secrets.ts";
import { readSecretsFile } from "../../../actions/read-secrets-file.ts";
import { UserError } from "../../../errors.ts";
import type { PutResult } from "../../../providers/provider.ts";
import { chooseApplication, type ChosenApplication } from "../../choose/application.ts";
import { askAwsToo } from "../../choose/aws-too.ts";
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
    local: toggle({ name: "local", description: "In simulated environments only; AWS is not asked." }),
    aws: toggle({ name: "aws", description: "In environments on AWS only." }),
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
    ["local", "aws"],
  ],
  examples: ["pilotfish secret init -n db_password", "pilotfish secret init --cli-input-yaml secrets.yml --overwrite"],
  async run({ app: given, cliInputYaml, overwrite, local, aws, ...input }, context) {
    const chosen = await chooseApplication(given, context);
    const { app } = chosen;
    const { workspace } = chosen;
    const provider = await (await context.wire()).provider("local");
    const simulated = aws ? [] : (await provider.listEnvironments(app)).map(({ name }) => name);
    const named = workspace === undefined || local ? [] : await environmentsNamed(workspace);
    const secrets =
      cliInputYaml === undefined
        ? await askForSecret(input, () => environmentsOf(chosen, { simulated, local }, context), context)
        : await readSecretsFile(cliInputYaml, context.host.cwd);
    for (const name of Object.keys(secrets)) checkName(name);
    const kept: KeptSecret[] = [];
    const failed: Extract<SecretOutcome, { error: UserError }>[] = [];
    const keep: KeepSecret = async ({ env, parameter, ...secret }) => {
      if (env !== "local" && !local && simulated.includes(env) && named.includes(env)) throw isBoth(env);
      if (simulated.includes(env)) return provider.putValue({ kind: "parameter", name: parameter, ...secret });
      if (local || env === "local") throw isNotSimulated(env, simulated);
      return (await (await context.wire()).account()).secrets.put({ app, env, parameter, ...secret });
    };
    for await (const outcome of initSecrets({ app, secrets, overwrite }, keep)) {
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
  listEnvironments: () => Promise<string[]>,
  context: Context,
): Promise<SecretValues> {
  if (name !== undefined && values !== undefined) return { [name]: values };
  const environments = await listEnvironments();
  if (!context.interactive)
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

/** Those that a value is asked for: the simulated ones, and AWS's as far as it can be asked. */
async function environmentsOf(
  { app, workspace }: ChosenApplication,
  { simulated, local }: { simulated: string[]; local: boolean },
  context: Context,
): Promise<string[]> {
  const asked = local ? undefined : await askAwsToo(({ records }) => records.listEnvironments(app), workspace, context);
  return [...new Set([...simulated, ...(asked?.answer ?? []).map(({ name }) => name)])];
}

// The command line is not repeated: values stand in it.

function isBoth(env: string): UserError {
  const message = `${env} is a simulated environment, and the workspace uses the name too: it may be meant for AWS`;
  return new UserError("environment/ambiguous", message, { hint: "give --local or --aws as well" });
}

function isNotSimulated(env: string, simulated: readonly string[]): UserError {
  return new UserError(
    "environment/not-found",
    `${env} is none of the simulated environments: ${simulated.join(", ")}`,
    {
      hint: `pilotfish env init --name ${env} --local`,
    },
  );
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
