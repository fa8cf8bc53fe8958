import * as z from "zod/mini";
import { workloadFacts } from "../actions/facts-for.ts";
import { openWorkspace, type Workspace } from "../actions/open-workspace.ts";
import { packageWorkload } from "../actions/package-workload.ts";
import { chooseEnvironmentToPackage } from "./choose/environment.ts";
import { comparesDeployed, diffExclusive, diffFlags, type DiffInput, exitingAsDiff } from "./choose/diff.ts";
import { chooseFacts, packageFlags, refuseToAskOf, uploadExclusive, uploadFlag } from "./choose/facts.ts";
import { chooseBoth } from "./choose/missing-input.ts";
import { overrideChoice, overrideFlags } from "./choose/overrides.ts";
import { chooseOfGroup, type Group, nameFlag, nouns } from "./choose/workload-group.ts";
import { requireApplication } from "./choose/workload.ts";
import { command, type Outcome } from "./command.ts";
import type { Context } from "./context.ts";
import { flags } from "./flags.ts";
import { followStory } from "./follow-story.ts";
import { lockTools } from "./lock-tools.ts";
import { showPackage } from "./show-package.ts";

/** The command of a group that prints the template of one of its workloads. */
export function packageWorkloadCommand(group: Group, example: string) {
  const noun = nouns[group];
  return command({
    name: `${group} package`,
    summary: `Prints the CloudFormation template of a ${noun}.`,
    input: z.object({
      app: flags.app,
      name: nameFlag(group),
      env: flags.environment,
      tag: flags.tag,
      allowDowngrade: flags.allowDowngrade,
      ...packageFlags,
      ...uploadFlag,
      ...overrideFlags,
      ...diffFlags,
    }),
    exclusive: [...diffExclusive, ...uploadExclusive],
    examples: [`pilotfish ${group} package -n ${example} -e test --output-dir infrastructure`],
    run(input, context) {
      return exitingAsDiff(input, context, (diff) => packaged(group, input, context, diff));
    },
  });
}

interface PackageInput extends DiffInput {
  app?: string;
  name?: string;
  env?: string;
  facts?: string;
  tag?: string;
  outputDir?: string;
  uploadAssets: boolean;
  ignoreOverrides: boolean;
}

async function packaged(group: Group, input: PackageInput, context: Context, diff: boolean): Promise<Outcome> {
  const { host } = context;
  const workspace = await openWorkspace(host.cwd);
  requireApplication(input.app, workspace);
  const [env, name] = await chooseBoth(
    () => chooseEnvironmentToPackage(input.env, workspace, context),
    () => chooseOfGroup(group, input.name, workspace, context),
    context,
  );
  if (input.name === undefined || input.env === undefined) context.say(`template of ${name} in ${env}`);
  refuseToAskOf(env, input.facts, context);
  if (input.uploadAssets) return withAssets({ name, env, workspace }, input, context);
  const facts = await chooseFacts(input.facts, context, (account) =>
    workloadFacts({ workspace, name, env, variables: host.env, account }, { withTemplates: comparesDeployed(input) }),
  );
  const { stack, diagnostics } = await packageWorkload({
    workspace,
    name,
    env,
    facts,
    variables: host.env,
    ...(input.tag !== undefined && { tag: input.tag }),
    ...overrideChoice(input.ignoreOverrides, context),
  });
  return showPackage({ stacks: [stack], facts, diagnostics }, input, context, diff);
}

/** The same with everything that the template names on AWS. */
async function withAssets(
  { name, env, workspace }: { name: string; env: string; workspace: Workspace },
  input: PackageInput,
  context: Context,
): Promise<Outcome> {
  const { host, version } = context;
  const { packageWithAssets } = await import("../actions/package-with-assets.ts");
  const wire = await context.wire();
  const tools = {
    workspace,
    provider: await wire.provider("aws"),
    ...lockTools(await wire.account(), undefined, context),
    dockerHost: async () => undefined,
    env: host.env,
    cwd: host.cwd,
    version,
    now: () => host.now(),
  };
  const request = {
    name,
    env,
    ...(input.tag !== undefined && { tag: input.tag }),
    ...overrideChoice(input.ignoreOverrides, context),
  };
  const { result, interrupted } = await followStory(
    (signal) => packageWithAssets(request, tools, signal),
    "interrupted: no template was written",
    context,
  );
  if (interrupted) return { exitCode: 130 };
  const { stack, facts, diagnostics } = result;
  return showPackage({ stacks: [stack], facts, diagnostics }, input, context, false);
}
