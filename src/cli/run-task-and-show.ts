import type { TaskStory, TaskToRun } from "../actions/task-story.ts";
import { shellWord, UserError } from "../errors.ts";
import type { OneOffTask, TaskPlace, TasksOutcome } from "../providers/task-groups.ts";
import { placeFlags, placeText } from "./choose/task-place.ts";
import { shellLine } from "./command-line.ts";
import type { Context } from "./context.ts";
import { followTasks } from "./follow-tasks.ts";
import { lockTools } from "./lock-tools.ts";
import { clean } from "./render/clean.ts";
import { count, shortTask } from "./render/words.ts";
import type { BackEnd } from "./wire-contract.ts";

export interface TaskToShow {
  request: TaskToRun;
  on: BackEnd;
  /** Nobody needs to be asked about secrets. */
  acknowledged: boolean;
  lockTimeout: number | undefined;
}

/** Runs tasks, shows how it goes and how it ended, and answers the exit code: that of the program when it has failed. */
export async function runTaskAndShow(task: TaskToShow, context: Context): Promise<number> {
  const { request, on } = task;
  const { plan, place } = request;
  if (on === "aws" && !(await mayReadSecrets(task, context))) return 0;
  const again = [...placeFlags(place, on), "-n", plan.group].map(shellWord).join(" ");
  const remove = `pilotfish task delete ${again}`;
  const goesOn = `the tasks go on; to stop them, and remove what was made: ${remove}`;
  const { outcome, interrupted } = await followTasks(
    await starter(task, context),
    { goesOn, isFollowed: request.follow },
    context,
  );
  context.emit({ type: "result", ...outcome });
  const failed = outcome.outcome === "failed";
  if (!context.json) {
    const lines = resultLines(outcome, place, { plan, again, goesOn });
    if (failed || interrupted) for (const line of lines) context.say(line);
    else context.host.stdout.write(`${lines.join("\n")}\n`);
  }
  if (interrupted) return 130;
  return failed ? (outcome.exitCode ?? 1) : 0;
}

type Start = (signal: AbortSignal) => AsyncGenerator<TaskStory, TasksOutcome, void>;

async function starter({ request, on, lockTimeout }: TaskToShow, context: Context): Promise<Start> {
  const { host, version } = context;
  const wire = await context.wire();
  const dockerHost = async () => (on === "local" ? wire.dockerHost() : undefined);
  const tools = { dockerHost, env: host.env, cwd: host.cwd, version, now: () => host.now() };
  if (on === "local") {
    const { runTaskHere } = await import("../actions/run-task-here.ts");
    const provider = await wire.provider("local");
    return (signal) => runTaskHere(request, { ...tools, provider }, signal);
  }
  const { runTaskOnAws } = await import("../actions/run-task-on-aws.ts");
  const [provider, account] = await Promise.all([wire.provider("aws"), wire.account()]);
  const locks = lockTools(account, lockTimeout, context);
  return (signal) => runTaskOnAws(request, { ...tools, ...locks, provider }, signal);
}

/** Outside of an environment the role that starts the task is given the right to read whatever is named.
 *  @throws UserError usage/missing-input where nobody can be asked */
async function mayReadSecrets({ request, acknowledged }: TaskToShow, context: Context): Promise<boolean> {
  const { plan, place } = request;
  const names = Object.keys(plan.secrets);
  const isAsked = names.length > 0 && place.app === undefined && plan.executionRole === undefined && !acknowledged;
  if (!isAsked) return true;
  if (!context.interactive)
    throw new UserError(
      "usage/missing-input",
      `the role that starts the task will be allowed to read ${names.join(", ")}: --acknowledge-secrets-access is needed`,
      { hint: shellLine([...context.commandLine, "--acknowledge-secrets-access"]) },
    );
  const prompts = await context.prompts();
  const message = `May the role that starts the task read ${names.join(", ")}?`;
  const may = await prompts.confirm({ message, default: false });
  if (!may) context.say("nothing was run");
  return may;
}

function resultLines(
  { outcome, tasks }: TasksOutcome,
  place: TaskPlace,
  { plan, again, goesOn }: { plan: TaskToRun["plan"]; again: string; goesOn: string },
): string[] {
  const { group } = plan;
  const where = placeText(place);
  switch (outcome) {
    case "running":
      return [
        `${count(tasks.length, "task")} of ${group} ${tasks.length === 1 ? "runs" : "run"} in ${where}`,
        ...tasks.map(taskLine),
        `  a shell in one: pilotfish task exec ${again}`,
        `  stop and remove: pilotfish task delete ${again}`,
      ].map(clean);
    case "completed":
      return [clean(`${count(tasks.length, "task")} of ${group} ended with exit code 0`)];
    case "failed": {
      const failed = tasks.filter(({ lastStatus, exitCode }) => lastStatus === "STOPPED" && exitCode !== 0);
      return [clean(`${failed.length} of ${count(tasks.length, "task")} of ${group} failed`)].concat(
        tasks.map((task) => clean(taskLine(task))),
      );
    }
    case "interrupted":
      return [clean(tasks.every(({ lastStatus }) => lastStatus === "STOPPED") ? "interrupted" : goesOn)];
  }
}

function taskLine({ id, lastStatus, exitCode, publicIp }: OneOffTask): string {
  const code = exitCode === undefined ? "" : `, exit code ${exitCode}`;
  return `  ${shortTask(id)}  ${lastStatus}${code}${publicIp === undefined ? "" : `  ${publicIp}`}`;
}
