import type { DeployEvent, DeployResult } from "../../src/providers/provider.ts";
import { type CliOptions, runCli } from "./run-cli.ts";

/** What a deploy with `--json` said. */
export interface DeployOutput {
  code: number | undefined;
  events: (
    | DeployEvent
    | ({ type: "result" } & DeployResult)
    | { type: "error"; code: string; message: string; hint?: string }
  )[];
  stderr: string;
}

/** Runs a deploy with `--json` to its end. */
export async function deployJson(args: string[], options: CliOptions): Promise<DeployOutput> {
  const { code, stdout, stderr } = await runCli([...args, "--json"], options);
  const events = stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as DeployOutput["events"][number]);
  return { code, events, stderr };
}

/** Its last line, which is the result. @throws when there is none, with all that was said */
export function endOfDeploy({ events, stderr, code }: DeployOutput): DeployResult {
  const last = events.at(-1);
  if (last?.type === "result") return last;
  throw new Error(`the deploy ended with ${code} and no result: ${JSON.stringify(last)}\n${stderr}`);
}
