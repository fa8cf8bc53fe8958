import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { main } from "../../../src/cli/main.ts";
import { createLocalProvider } from "../../../src/providers/local/local-provider.ts";
import { createSimulatedRuntime } from "../../../src/simulator/runtime/simulated.ts";
import { brokenWhenTold } from "../../support/broken-when-told.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { ImpatientHost } from "../../support/aws/impatient-host.ts";
import { FakeHost } from "../../support/fake-host.ts";
import { type InProcessDaemon, startDaemonInProcess } from "../../support/in-process-daemon.ts";
import { type JsonShape, shapeOf } from "../../support/json-shape.ts";

const version = (tag: string) => ({
  "copilot/api/manifest.yml": `
name: api
type: Load Balanced Web Service
image: { location: example/api:${tag}, port: 80 }
http: { path: / }
variables: { GREETING: hello }
secrets: { TOKEN: /copilot/shop/test/secrets/TOKEN }
`,
});

const workspace = {
  "copilot/.workspace": "application: shop\n",
  ...version("1"),
  "copilot/nightly/manifest.yml": `
name: nightly
type: Scheduled Job
image: { location: example/nightly:1 }
on: { schedule: "@daily" }
`,
};

/** What is there on one back end alone, by event and path, and why. */
const inherent: { where: RegExp; why: string }[] = [
  { where: /^target target\.(runtime|speed)$/, why: "the simulator says what runs its tasks, and how fast time goes" },
  { where: /^(stack|stack-set)-\w+$/, why: "the simulator has no stacks" },
  { where: /nvironments?(\[\])?\.(account|region)$/, why: "the simulator is in no account" },
  { where: /containers\[\]\.restarts$/, why: "ECS tells the restarts of a container to the task alone" },
  { where: /deployments\[\]\.images(\[\]|\.\*)\.id$/, why: "the emulator tells no digests of what tasks run" },
  { where: /stoppedTasks\[\]\.targets\[\]/, why: "a load balancer of AWS forgets targets that are deregistered" },
  { where: /stoppedTasks\[\]\.containers\[\]\.essential$/, why: "it would take a call for each former revision" },
  { where: /^deployments\[\]\.(by|from)$/, why: "whoever uses the simulator is the one who looks" },
  { where: /^groups\[\]\.checks\[\]\.hint$/, why: "only what is not in order has one" },
  { where: /^deployments\[\]\.repeats$/, why: "the simulator keeps what ECS would, and no record of ours" },
  // Of a moment, and not of the back end.
  { where: /tasks\[\]\.targets\[\]\.(reason|description)$/, why: "only a target that is not healthy has one" },
  {
    where: /tasks\[\]\.(stopCode|stoppedReason|startedAt|stoppedAt)$/,
    why: "only a task that is being stopped, or came so far",
  },
  { where: /^progress status\.tasks\[\]/, why: "what a task has depends on how far it is when somebody looks" },
  { where: /^(task-started|progress|service-event)$/, why: "what is over between two looks is not told" },
];

describeWithAws("both back ends print the same", () => {
  let daemon: InProcessDaemon;
  const folders: string[] = [];

  beforeAll(async () => {
    daemon = await startDaemonInProcess(
      async (observer) => createSimulatedRuntime({ reason: "a test", observer, program: brokenWhenTold }),
      50,
    );
    for (const _ of ["here", "on AWS"]) folders.push(await mkdtemp(join(tmpdir(), "pf-shapes-")));
    await write(workspace);
    expect(await type("app init shop", onAws())).toMatchObject({ exitCode: 0 });
  });
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
    await daemon?.end();
  });

  async function write(files: Record<string, string>): Promise<void> {
    for (const folder of folders)
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
  }

  const here = () => new FakeHost({ cwd: folders[0] ?? "", provider: createLocalProvider(daemon.client) });
  const onAws = () => new ImpatientHost({ cwd: folders[1] ?? "" });

  /** What differs: `progress status.tags: list, but nothing on AWS`. */
  async function differences(line: string, { code = true, also = [] as typeof inherent } = {}): Promise<string[]> {
    const [local, remote] = [await type(line, here()), await type(line, onAws())];
    expect(remote.end).toBe(local.end);
    if (code) expect(remote.exitCode).toBe(local.exitCode);
    const places = new Set([...local.shapes.keys(), ...remote.shapes.keys()]);
    return [...places]
      .flatMap((event) => {
        const [one, other] = [local.shapes.get(event), remote.shapes.get(event)];
        if (one === undefined || other === undefined)
          return [{ where: event, text: one ? "here alone" : "on AWS alone" }];
        return [...new Set([...Object.keys(one), ...Object.keys(other)])]
          .filter((path) => one[path] !== other[path])
          .map((path) => ({
            where: `${event} ${path}`.trim(),
            text: `${one[path] ?? "nothing"} here, ${other[path] ?? "nothing"} on AWS`,
          }));
      })
      .filter(
        ({ where, text }) =>
          !(/nothing|alone/.test(text) && [...inherent, ...also].some((each) => each.where.test(where))),
      )
      .map(({ where, text }) => `${where}: ${text}`);
  }

  const same = (line: string) =>
    test(`pilotfish ${line}`, async () => {
      expect(await differences(line)).toEqual([]);
    });

  test("an environment is made here by --local alone", async () => {
    const local = await type("env init -n test --local", here());
    const remote = await type("env init -n test --default-config", onAws());
    expect([local, remote].map(({ exitCode, end }) => ({ exitCode, end }))).toEqual([
      { exitCode: 0, end: "result" },
      { exitCode: 0, end: "result" },
    ]);
    expect(remote.shapes.get("result")).toEqual({
      ...local.shapes.get("result"),
      "environment.account": "text",
      "environment.region": "text",
    });
    expect(await type("env deploy -n test", onAws())).toMatchObject({ exitCode: 0 });
  });

  same("env ls");
  same("env show -n test");
  same("svc ls");
  same("svc show -n api");
  same("svc status -n api -e test");
  same("secret init -n TOKEN --values test=x");
  same("secret init -n TOKEN --values test=x");
  same("svc deploy -n api -e test");
  test("pilotfish svc deploy -n api -e test, when nothing has changed", async () => {
    const also = [{ where: /^result status\.tasks\[\]/, why: "tasks that no deployment touches are not asked for" }];
    expect(await differences("svc deploy -n api -e test", { also })).toEqual([]);
  });
  test("pilotfish svc deploy -n api -e test, of a broken version", async () => {
    await write(version("broken"));
    expect(await differences("svc deploy -n api -e test")).toEqual([]);
    await write(version("2"));
  });
  same("svc status -n api -e test");
  same("svc deploy -n api -e test");
  same("svc rollback -n api -e test --yes");
  same("svc history -n api -e test");
  same("svc logs -n api -e test");
  same("svc show -n api --resources");
  same("svc ls");
  test("pilotfish verify -n api -e test, whatever it finds", async () => {
    expect(await differences("verify -n api -e test", { code: false })).toEqual([]);
  });
  same("job ls");
  same("job show -n nightly");
  same("app ls");
  same("app show");
  same("env show -n test --resources");
  same("deploy -n api -e test");
  same("svc status -n nobody -e test");
  same("svc logs -n api -e nowhere");
  same("env delete -n test --yes");
  same("svc delete -n api -e test --yes");
  same("svc delete -n api -e test --yes");
  same("env delete -n test --yes");
});

interface Told {
  exitCode: number;
  /** `result`, `error`, or `document` of a command that answers at once. */
  end: string;
  /** By event; of a document without one, under no name. */
  shapes: Map<string, JsonShape>;
}

async function type(line: string, host: FakeHost): Promise<Told> {
  const exitCode = await main([...line.split(" "), "--json"], host);
  const documents = parsed(host.stdout.text);
  const byEvent = new Map<string, object[]>();
  for (const document of documents) {
    // In documents the member is the type of a workload.
    const isEvent = documents.length > 1 || ["result", "error"].includes(document.type ?? "");
    const event = isEvent ? (document.type ?? "") : "";
    byEvent.set(event, [...(byEvent.get(event) ?? []), document]);
  }
  const shapes = [...byEvent].map(([event, all]) => [event, shapeOf(all, { maps })] as const);
  return { exitCode, end: [...byEvent.keys()].at(-1) || "document", shapes: new Map(shapes) };
}

const maps = ["resources", "results", "deployments[].images"];

/** One document, or one a line. */
function parsed(text: string): { type?: string }[] {
  try {
    return [JSON.parse(text) as object];
  } catch {
    return text
      .split("\n")
      .filter(Boolean)
      .map((each) => JSON.parse(each) as object);
  }
}
