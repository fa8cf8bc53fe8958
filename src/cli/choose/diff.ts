import type { StackDiff } from "../../actions/diff-stack.ts";
import type { PackagedStack } from "../../actions/packaged-stack.ts";
import type { ApplicationFacts, StackFacts } from "../../actions/read-facts.ts";
import { UserError } from "../../errors.ts";
import { appendSummary } from "../ci/step-summary.ts";
import { shellLine } from "../command-line.ts";
import type { Outcome } from "../command.ts";
import type { Context } from "../context.ts";
import { flags, text, toggle } from "../flags.ts";
import { paint } from "../render/paint.ts";

/** The flags that show what a deployment would do, in the place of the template. */
export const diffFlag = {
  diff: toggle({
    name: "diff",
    description:
      "Show what deploying would do to the deployed stack; exits 0 for nothing, 1 for changes, 2 for errors.",
  }),
  json: flags.json,
};

/** The same where there is one stack, which may be compared with any template. */
export const diffFlags = {
  diffAgainst: text({
    name: "diff-against",
    value: "FILE",
    description: "Show what deploying would do to a stack with this template, and with the parameters beside it.",
    completes: "file",
  }),
  ...diffFlag,
};

/** What excludes each other. */
export const diffExclusive: [string, string][] = [
  ["diff", "outputDir"],
  ["diffAgainst", "outputDir"],
  ["diff", "diffAgainst"],
];

export interface DiffInput {
  diff: boolean;
  diffAgainst?: string;
  json: boolean;
}

/** Whether the deployed stack is what to compare with. */
export function comparesDeployed({ diff, diffAgainst }: DiffInput): boolean {
  return diff && diffAgainst === undefined;
}

/** Whether a diff is asked for. @throws UserError usage/invalid-flag for JSON of a template */
function wantsDiff({ diff, diffAgainst, json }: DiffInput, { commandLine }: Context): boolean {
  const wanted = diff || diffAgainst !== undefined;
  if (!json || wanted) return wanted;
  throw new UserError("usage/invalid-flag", "--json goes with --diff: a template is printed as it is", {
    hint: shellLine(commandLine.filter((word) => word !== "--json")),
  });
}

/** Runs a command so that an error cannot be taken for a difference: its exit code is 2 where a diff is asked for. */
export async function exitingAsDiff(
  input: DiffInput,
  context: Context,
  run: (diff: boolean) => Promise<Outcome>,
): Promise<Outcome> {
  const wanted = wantsDiff(input, context);
  if (!wanted) return run(false);
  try {
    return await run(true);
  } catch (error) {
    const interrupted = error instanceof UserError && error.exitCode === 130;
    throw interrupted || !(error instanceof Error) ? error : Object.assign(error, { exitCode: 2 });
  }
}

/** What deploying these stacks would do, with the exit code that says whether it is anything.
 *  @throws UserError usage/missing-input where nothing tells of the deployed stack, facts/invalid, template/invalid */
export async function showDiff(
  stacks: readonly PackagedStack[],
  facts: StackFacts | ApplicationFacts,
  { diffAgainst: against }: Pick<DiffInput, "diffAgainst">,
  context: Context,
): Promise<Outcome> {
  const {
    host: { cwd },
    color,
    commandLine,
  } = context;
  if (against === undefined && facts.stacks === undefined)
    throw new UserError("usage/missing-input", "--diff needs the deployed stack: the facts have no `stacks`", {
      hint: shellLine([...commandLine.filter((word) => word !== "--diff"), "--diff-against", "deployed.yml"]),
    });
  const { diffStack } = await import("../../actions/diff-stack.ts");
  const { renderStackDiffs } = await import("../render/stack-diff.ts");
  const { diffMarkdown } = await import("../render/stack-diff-markdown.ts");
  const diffs: StackDiff[] = [];
  for (const stack of stacks) diffs.push(...(await diffStack({ stack, facts, against, cwd })));
  const same = diffs.every(({ resources, outputs, tags }) => resources.length + outputs.length + tags.length === 0);
  await appendSummary(context, () => diffMarkdown(diffs));
  return { text: renderStackDiffs(diffs, paint(color.stdout)), json: { stacks: diffs }, exitCode: same ? 0 : 1 };
}
