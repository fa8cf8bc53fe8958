import { existsSync } from "node:fs";
import { join } from "node:path";
import { nameProblem } from "../../actions/check-name.ts";
import { type DiscoveredDockerfile, discoverDockerfiles } from "../../actions/discover-dockerfiles.ts";
import { type JobToInit, scheduleProblem } from "../../actions/init-job.ts";
import { UserError } from "../../errors.ts";
import { shellLine } from "../command-line.ts";
import type { Context } from "../context.ts";
import { askForSource, fromRoot } from "./new-service.ts";

/** Everything about a job that is to be written; what was not given is found or asked for. Writes nothing.
 *  @throws UserError usage/missing-input naming all that is missing, interrupted */
export async function chooseNewJob(input: Partial<JobToInit>, root: string, context: Context): Promise<JobToInit> {
  const found = await discoverDockerfiles(root);
  const { dockerfile } = input;
  const given = {
    ...input,
    ...(dockerfile !== undefined && { dockerfile: fromRoot(dockerfile, root, context.host.cwd) }),
  };
  return context.interactive ? askFor(given, found, context) : takeWhatIsClear(given, root, found, context);
}

async function askFor(given: Partial<JobToInit>, found: DiscoveredDockerfile[], context: Context): Promise<JobToInit> {
  const prompts = await context.prompts();
  const name =
    given.name ??
    (await prompts.input({
      message: "What is the name of the job?",
      problem: (answer) => {
        const problem = nameProblem(answer);
        return problem && `the name ${problem}`;
      },
    }));
  const source = (given.dockerfile ?? given.image) ? given : await askForSource(name, found, prompts);
  const schedule =
    given.schedule ??
    (await prompts.input({
      message: "When does it run? (cron in UTC, @daily, @every 90m)",
      default: "@daily",
      problem: scheduleProblem,
    }));
  return { ...given, name, schedule, dockerfile: source.dockerfile, image: source.image };
}

function takeWhatIsClear(
  given: Partial<JobToInit>,
  root: string,
  found: DiscoveredDockerfile[],
  context: Context,
): JobToInit {
  const { name, schedule, image } = given;
  const only = image === undefined && found.length === 1 ? found[0]?.path : undefined;
  const dockerfile = given.dockerfile ?? only;
  const hasSource = (dockerfile ?? image) !== undefined;
  if (name === undefined || schedule === undefined || !hasSource) {
    const free = ["report", "report-2"].find((each) => !existsSync(join(root, "copilot", each))) ?? "my-job";
    const missing = [
      ...(name === undefined ? [{ flag: "--name", example: free }] : []),
      ...(schedule === undefined ? [{ flag: "--schedule", example: "@daily" }] : []),
      ...(hasSource ? [] : [{ flag: "--dockerfile", example: found[0]?.path ?? "Dockerfile" }]),
    ];
    const names = missing.map(({ flag }) => (flag === "--dockerfile" ? "--dockerfile or --image" : flag));
    throw new UserError("usage/missing-input", `needed, because there is nobody to ask: ${names.join(", ")}`, {
      hint: shellLine([...context.commandLine, ...missing.flatMap(({ flag, example }) => [flag, example])]),
    });
  }
  if (given.dockerfile === undefined && dockerfile !== undefined)
    context.say(`image: built from ${dockerfile}, the only Dockerfile`);
  return { ...given, name, schedule, ...(dockerfile !== undefined && { dockerfile }) };
}
