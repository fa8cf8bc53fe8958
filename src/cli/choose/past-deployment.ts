import type { KnownDeployment } from "../../actions/past-deployments.ts";
import { UserError } from "../../errors.ts";
import type { WorkloadRef } from "../../providers/provider.ts";
import { shellLine } from "../command-line.ts";
import type { Context } from "../context.ts";
import { imagesText, revisionText } from "../render/history.ts";
import { ageText } from "../render/words.ts";

/** The deployment to go back to: the one that was named, else one that is chosen. Nobody is there to choose: with `yes` the
 *  last completed one before what serves, as `kubectl rollout undo` takes it, and otherwise none.
 *  @throws UserError history/not-found, history/not-restorable, usage/missing-input */
export async function choosePastDeployment(
  { revision, yes }: { revision: string | undefined; yes: boolean },
  entries: readonly KnownDeployment[],
  workload: WorkloadRef,
  context: Context,
): Promise<KnownDeployment> {
  const { app, env, name } = workload;
  const hint = shellLine(["svc", "history", "-a", app, "-n", name, "-e", env]);
  if (revision !== undefined) {
    const named = entries.filter((each) => [revisionText(each), each.deploymentId, each.at].includes(revision));
    const good = named.find(({ restores }) => restores !== undefined);
    if (good !== undefined) return good;
    const [bad] = named;
    if (bad !== undefined)
      throw new UserError(
        "history/not-restorable",
        `revision ${revision} of ${name} is no version that worked: ${bad.result}`,
        {
          hint,
        },
      );
    throw new UserError("history/not-found", `nobody remembers a revision ${revision} of ${name} in ${env}`, { hint });
  }
  const former = formerOnes(entries);
  const [last] = former;
  if (last === undefined)
    throw new UserError("history/not-found", `${name} has no former version in ${env} that could be deployed again`, {
      hint,
    });
  if (yes) return last;
  if (!context.interactive) {
    const known = former.map((each) => revisionText(each)).join(", ");
    throw new UserError(
      "usage/missing-input",
      `[revision] is needed: ${known}; or --yes for the last one that worked`,
      {
        hint: shellLine([...context.commandLine, revisionText(last)]),
      },
    );
  }
  const now = context.host.now();
  const text = (each: KnownDeployment) =>
    [
      `revision ${revisionText(each)}`,
      `${ageText(now - Date.parse(each.at))} ago`,
      imagesText(each),
      ...(each.commit === undefined ? [] : [`commit ${each.commit}`]),
      ...(each.restores === "image" ? ["its image alone"] : []),
    ].join(", ");
  const prompts = await context.prompts();
  return prompts.select({
    message: `Which version of ${name} is to be deployed again?`,
    choices: former.map((each) => ({ name: text(each), value: each })),
  });
}

/** Each revision once, without the one that serves. */
function formerOnes(entries: readonly KnownDeployment[]): KnownDeployment[] {
  const serving = entries.find(({ serves }) => serves);
  const seen = new Set(serving === undefined ? [] : [revisionText(serving)]);
  const isBefore = (each: KnownDeployment) => serving === undefined || each.at <= serving.at;
  return entries.filter((each) => {
    if (each.restores === undefined || !isBefore(each) || seen.has(revisionText(each))) return false;
    seen.add(revisionText(each));
    return true;
  });
}
