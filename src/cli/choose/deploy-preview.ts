import { environmentFactsFor, workloadFacts } from "../../actions/facts-for.ts";
import type { Workspace } from "../../actions/open-workspace.ts";
import { packageEnvironment } from "../../actions/package-environment.ts";
import type { PackagedStack } from "../../actions/packaged-stack.ts";
import { packageWorkload } from "../../actions/package-workload.ts";
import { type Diagnostic, UserError } from "../../errors.ts";
import type { Account } from "../../providers/account.ts";
import { shellLine } from "../command-line.ts";
import type { Context } from "../context.ts";
import { pairs, toggle } from "../flags.ts";
import { clean } from "../render/clean.ts";
import { renderDiagnostics } from "../render/diagnostics.ts";
import { paint } from "../render/paint.ts";
import type { BackEnd } from "../wire-contract.ts";
import { showDiff } from "./diff.ts";

/** The flags of deploys that show first what they would do. */
export const previewFlags = {
  diff: toggle({ name: "diff", description: "On AWS: show what would change, and ask before it is deployed." }),
  diffYes: toggle({ name: "diff-yes", description: "Show what would change, and deploy it without asking." }),
  dryRun: toggle({
    name: "dry-run",
    description: "On AWS: check, and show what would change; nothing is built, uploaded or deployed.",
  }),
};

export const hotswapFlag = toggle({
  name: "hotswap",
  description: "On AWS: past CloudFormation, straight to ECS, where the task definition alone has changed.",
});

/** The flags that all deploys to AWS have. */
export const accountFlags = {
  resourceTags: pairs({
    name: "resource-tags",
    value: "KEY=VALUE",
    description: "On AWS: further tags for all that the stack makes.",
  }),
  allowDowngrade: toggle({
    name: "allow-downgrade",
    description: "On AWS: deploy over what a newer version has deployed.",
  }),
  noWait: toggle({ name: "no-wait", description: "Another name of --detach." }),
};

type StackFacts = Awaited<ReturnType<typeof workloadFacts>>;

export interface PreviewInput {
  diff: boolean;
  diffYes: boolean;
  dryRun: boolean;
  hotswap?: boolean;
}

/** What is deployed: a workload, or with no name the environment itself. */
export interface ToPreview {
  workspace: Workspace;
  env: string;
  name?: string;
  tag?: string | undefined;
  resourceTags?: Readonly<Record<string, string>> | undefined;
}

/** Refuses what the simulator cannot show. @throws UserError usage/invalid-flag */
export function refuseOnLocal(
  input: Partial<PreviewInput> & { resourceTags?: Readonly<Record<string, string>> | undefined },
  on: BackEnd,
): void {
  if (on === "aws") return;
  const given = [
    ...(input.diff ? ["--diff"] : []),
    ...(input.diffYes ? ["--diff-yes"] : []),
    ...(input.dryRun ? ["--dry-run"] : []),
    ...(input.resourceTags ? ["--resource-tags"] : []),
  ];
  const [first] = given;
  if (first === undefined) return;
  throw new UserError("usage/invalid-flag", `${first} is for environments on AWS: the simulator has no stacks`, {
    hint: "leave it out",
  });
}

/** Shows what deploying would do, where that is asked for, one after the other, and asks once whether to go on. The images are
 *  those that are deployed: new ones are built afterwards.
 *  @returns whether to deploy @throws UserError usage/missing-input where nobody can be asked, before AWS is */
export async function previewDeploy(
  input: PreviewInput,
  all: readonly ToPreview[],
  context: Context,
): Promise<boolean> {
  const { diff, diffYes, dryRun } = input;
  if (!diff && !diffYes && !dryRun) return true;
  if (diff && !diffYes && !dryRun && !context.interactive)
    throw new UserError("usage/missing-input", "there is nobody to ask whether to deploy: --diff-yes is needed", {
      hint: shellLine([...context.commandLine.filter((word) => word !== "--diff"), "--diff-yes"]),
    });
  for (const what of all) await preview(input, what, context);
  if (dryRun) {
    context.emit({ type: "result", outcome: "dry-run" });
    context.say("nothing was built, uploaded or deployed");
    return false;
  }
  if (diffYes) return true;
  const goOn = await (await context.prompts()).confirm({ message: "Deploy this?", default: false });
  if (!goOn) context.say("nothing was deployed");
  return goOn;
}

async function preview({ hotswap }: PreviewInput, what: ToPreview, context: Context): Promise<void> {
  const { stack, facts, diagnostics } = await packaged(what, await (await context.wire()).account(), context);
  if (diagnostics.length > 0 && !context.json) context.say(renderDiagnostics(diagnostics, paint(context.color.stderr)));
  const shown = await showDiff([stack], facts, {}, context);
  if (context.json) context.emit({ type: "diff", ...(shown.json as object) });
  else context.host.stdout.write(`${shown.text}\n`);
  if (hotswap === true) await tellOfHotswap(stack, facts, context);
}

/** Which way the change would go, as far as it can be told without its images. */
async function tellOfHotswap(stack: PackagedStack, facts: StackFacts, context: Context): Promise<void> {
  const { beyondHotswap } = await import("../../actions/beyond-hotswap.ts");
  const because = await beyondHotswap({ stack, facts, cwd: context.host.cwd });
  const [code, message] =
    because.length === 0
      ? ["hotswap/enough", "with --hotswap this goes straight through ECS, past CloudFormation"]
      : ["hotswap/not-enough", `this is a deployment in full, since a hotswap is not enough: ${because.join("; ")}`];
  context.emit({ type: "notice", code, message });
  context.say(clean(`note: ${message}`));
}

async function packaged(
  { workspace, env, name, tag, resourceTags }: ToPreview,
  account: Account,
  { host }: Context,
): Promise<{ stack: PackagedStack; facts: StackFacts; diagnostics: Diagnostic[] }> {
  const where = { workspace, env };
  const withTags = (facts: StackFacts): StackFacts => ({ ...facts, tags: { ...facts.tags, ...resourceTags } });
  if (name === undefined) {
    const gathered = await environmentFactsFor(env, { workspace, env: host.env, account }, { withTemplates: true });
    const facts = withTags(gathered.facts);
    return { ...(await packageEnvironment({ ...where, variables: host.env, facts })), facts };
  }
  const manifest = { ...where, name, variables: host.env };
  const facts = withTags(await workloadFacts({ ...manifest, account }, { withTemplates: true }));
  return { ...(await packageWorkload({ ...manifest, facts, ...(tag !== undefined && { tag }) })), facts };
}
