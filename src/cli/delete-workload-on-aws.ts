import { deleteFromAccount, type WorkloadToDelete, workloadToDelete } from "../actions/delete-from-account.ts";
import type { Need } from "../plan/environment-needs.ts";
import { confirmOrRefuse } from "./confirm.ts";
import type { Context } from "./context.ts";
import { followStory } from "./follow-story.ts";
import { lockTools } from "./lock-tools.ts";
import { clean } from "./render/clean.ts";
import { paint } from "./render/paint.ts";
import { targetText } from "./render/words.ts";

export interface WorkloadOnAws {
  app: string;
  /** Absent: everywhere, and out of the application. */
  env?: string;
  name: string;
  what: "service" | "job";
}

/** Removes a workload on AWS, after showing what goes and a yes. */
export async function deleteWorkloadOnAws(
  workload: WorkloadOnAws,
  { yes, lockTimeout }: { yes: boolean; lockTimeout: number | undefined },
  context: Context,
): Promise<{ text?: string; exitCode?: number }> {
  const { app, env, name } = workload;
  const wire = await context.wire();
  const account = await wire.account();
  const deletion = await workloadToDelete(workload, { account });
  const [first, ...others] = deletion.places;
  const only = others.length === 0 && first !== undefined ? { app, env: first.env } : undefined;
  const target = await (await wire.provider("aws")).target(only);
  const environments = deletion.places.map((place) => place.env).join(", ") || "none";
  context.say(paint(context.color.stderr).bold(clean(targetText({ app, env: environments, name }, target))));
  context.emit({ type: "target", app, env: environments, name, target });
  for (const line of whatGoes(deletion)) context.say(clean(line));
  const question =
    env === undefined
      ? `Delete ${name} from the application ${app} and all of its environments?`
      : `Delete ${name} of ${app} from ${env}, with its tasks and logs?`;
  if (!(await confirmOrRefuse(question, yes, context))) return { text: "nothing was deleted" };
  const { interrupted } = await followStory(
    (signal) => deleteFromAccount(deletion, lockTools(account, lockTimeout, context), signal),
    "what has been begun goes on; run the command again for the rest",
    context,
  );
  context.emit({ type: "result" });
  if (interrupted) return { exitCode: 130 };
  const from = env === undefined ? `the application ${app}` : env;
  return { text: `${name} is deleted from ${from}; its manifest is still there` };
}

function whatGoes({ app, name, what, places, leaves }: WorkloadToDelete): string[] {
  return [
    "this removes",
    ...places.map(({ env, account, region, last }) => {
      const alone = last.length === 0 ? "" : `, and what ${env} has for it alone: ${last.map(inWords).join(", ")}`;
      return `  the ${what} ${name} from ${env} (account ${account}, ${region}) with its logs${alone}`;
    }),
    ...(leaves ? [`  its image repositories ${app}/${name} with all images, and its record`] : []),
  ];
}

const words: Record<Need, string> = {
  ALBWorkloads: "the public load balancer",
  InternalALBWorkloads: "the internal load balancer",
  EFSWorkloads: "the file system with all data in it",
  NATWorkloads: "the NAT gateways",
  AppRunnerPrivateWorkloads: "the endpoint for App Runner",
};

function inWords(need: Need): string {
  return words[need];
}
