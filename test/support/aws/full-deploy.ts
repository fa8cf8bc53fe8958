import type { FakeHost } from "../fake-host.ts";
import { ImpatientHost } from "./impatient-host.ts";
import { main } from "../../../src/cli/main.ts";

/** Workloads of each way of being deployed, with what belongs to them and is uploaded first. */
export const shop = {
  "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
  "copilot/front/manifest.yml": `
name: front
type: Load Balanced Web Service
image: { location: example/front:1, port: 80 }
http: { path: / }
env_file: front.env
`,
  "front.env": "GREETING=hello\n",
  "copilot/work/manifest.yml": `
name: work
type: Worker Service
image: { location: example/work:1 }
`,
  "copilot/work/addons/things.yml": `
Parameters: { App: { Type: String }, Env: { Type: String }, Name: { Type: String } }
Resources:
  Things:
    Type: AWS::SQS::Queue
    Properties: { QueueName: !Sub "\${App}-\${Env}-\${Name}-things" }
Outputs:
  ThingsUrl: { Value: !Ref Things }
`,
  "copilot/nightly/manifest.yml": `
name: nightly
type: Scheduled Job
image: { location: example/nightly:1 }
on: { schedule: "@daily" }
`,
};

export const shopWorkloads = ["front", "work", "nightly"] as const;
export type ShopWorkload = (typeof shopWorkloads)[number];

/** From nothing to workloads that run. */
export function fullDeploy(workloads: readonly ShopWorkload[]): string[] {
  return [
    "app init shop",
    "env init -n test --default-config",
    "env deploy -n test",
    ...workloads.map((name) => `svc deploy -n ${name} -e test --aws`),
  ];
}

export interface CommandEnd {
  line: string;
  exitCode: number;
  /** The last line of `--json`. */
  said: {
    type?: string;
    code?: string;
    message?: string;
    hint?: string;
    outcome?: string;
    status?: { urls: string[] };
  };
  stderr: string;
}

/** Runs a command line to its end. */
export async function typed(
  line: string,
  cwd: string,
  host: FakeHost = new ImpatientHost({ cwd }),
): Promise<CommandEnd> {
  const exitCode = await main([...line.split(" "), "--json"], host);
  const documents = host.stdout.text.split(/\n(?=\{)/).filter((text) => text.startsWith("{"));
  return { line, exitCode, said: JSON.parse(documents.at(-1) ?? "{}") as CommandEnd["said"], stderr: host.stderr.text };
}

/** Runs command lines until one fails; answers the end of the last that ran. */
export async function typedInTurn(lines: readonly string[], cwd: string): Promise<CommandEnd> {
  let last: CommandEnd = { line: "", exitCode: 0, said: {}, stderr: "" };
  for (const line of lines) {
    last = await typed(line, cwd);
    if (last.exitCode !== 0) return last;
  }
  return last;
}
