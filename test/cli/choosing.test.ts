import { expect, test } from "vitest";
import { FakeHost, run } from "../support/fake-host.ts";
import { completed, FakeProvider, service } from "../support/fake-provider.ts";
import { folderWith } from "../support/files.ts";
import { apiManifest, demoWorkspace } from "./workspaces.ts";

const terminal = { columns: 80, rows: 24 };
const plain = { NO_COLOR: "1", CI: "" };
const environment = (name: string) => ({
  [`copilot/environments/${name}/manifest.yml`]: `name: ${name}\ntype: Environment\n`,
});
const web = { "copilot/web/manifest.yml": apiManifest.replace("name: api", "name: web") };
const unchanged = () =>
  new FakeProvider({
    deploy: { steps: [], result: { outcome: "unchanged", status: service([completed(1)]), durationMs: 0 } },
    status: service([completed(1)]),
  });

test("without credentials an AWS environment is told to need them, however it was written", async () => {
  const cwd = await demoWorkspace(environment("test"));
  const say = (...argv: string[]): Promise<string> => run(argv, new FakeHost({ cwd }));
  expect(await say("svc", "deploy", "-n", "api", "-e", "test", "--tag", "v 1")).toMatchInlineSnapshot(`
    "stderr:
    error  there are no credentials for AWS  (aws/no-credentials)
           aws configure
    exit code 1"
  `);
  expect(await say("svc", "status", "--env=test", "-n", "api")).toMatchInlineSnapshot(`
    "stderr:
    error  there are no credentials for AWS  (aws/no-credentials)
           aws configure
    exit code 1"
  `);
  expect(await say("svc", "logs", "-etest")).toMatchInlineSnapshot(`
    "stderr:
    logs of api of demo in test
    error  there are no credentials for AWS  (aws/no-credentials)
           aws configure
    exit code 1"
  `);
});

test("a simulated environment that is not there is refused with the command that makes it", async () => {
  const host = new FakeHost({ cwd: await demoWorkspace() });
  expect(await run(["svc", "deploy", "-e", "mine", "--local"], host)).toMatchInlineSnapshot(`
    "stderr:
    error  mine is none of the simulated environments: local  (environment/not-found)
           pilotfish env init --name mine --local
    exit code 1"
  `);
});

test("without a terminal, an application with AWS environments wants to be told", async () => {
  const host = new FakeHost({ cwd: await demoWorkspace({ ...environment("test"), ...environment("prod") }) });
  expect(await run(["svc", "deploy", "-n", "api"], host)).toMatchInlineSnapshot(`
    "stderr:
    error  --env is needed: local, prod, test  (usage/missing-input)
           pilotfish svc deploy -n api -e local
    exit code 2"
  `);
});

test("on a terminal it asks, and shows which environments are simulated", async () => {
  const cwd = await demoWorkspace({ ...environment("test"), ...web });
  const host = new FakeHost({ cwd, terminal, env: plain, provider: unchanged(), answers: ["local", "web"] });
  await run(["svc", "deploy"], host);
  expect(host.asked).toMatchInlineSnapshot(`
    [
      "Which environment? [local (simulator on this machine) | test] local",
      "Which service? [api | web] web",
    ]
  `);
});

test("without a terminal, or in CI, a service must be named when there are several", async () => {
  const cwd = await demoWorkspace(web);
  expect(await run(["svc", "deploy", "-e", "local"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    error  --name is needed: api, web  (usage/missing-input)
           pilotfish svc deploy -e local -n api
    exit code 2"
  `);
  const inCi = new FakeHost({ cwd, terminal, env: { CI: "true", NO_COLOR: "1" } });
  expect(await run(["svc", "deploy", "-e", "local"], inCi)).toContain("usage/missing-input");
  const json = new FakeHost({ cwd, terminal });
  expect(await run(["svc", "deploy", "-e", "local", "--json"], json)).toContain('"code":"usage/missing-input"');
});

test("without a terminal all that has to be named is told at once", async () => {
  const cwd = await demoWorkspace({ ...environment("test"), ...web });
  expect(await run(["svc", "status"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    error  --name is needed: api, web; --env is needed: local, test  (usage/missing-input)
           pilotfish svc status -n api -e local
    exit code 2"
  `);
  expect(await run(["svc", "deploy"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    error  --name is needed: api, web; --env is needed: local, test  (usage/missing-input)
           pilotfish svc deploy -n api -e local
    exit code 2"
  `);
});

test("a path is no name", async () => {
  const cwd = await demoWorkspace();
  expect(await run(["svc", "deploy", "-n", "../api", "-e", "local"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    error  --name must be a name, not a path  (usage/invalid-flag)
           pilotfish svc deploy --help
    exit code 2"
  `);
  expect(await run(["env", "show", "-n", "../x"], new FakeHost({ cwd }))).toContain(
    "--name must be a name, not a path",
  );
  expect(await run(["svc", "status", "-e", ".."], new FakeHost({ cwd }))).toContain("--env must be a name, not a path");
});

test("a service that is not there is refused with the one that is meant", async () => {
  const host = new FakeHost({ cwd: await demoWorkspace(), provider: unchanged() });
  expect(await run(["svc", "deploy", "-n", "apo", "-e", "local"], host)).toMatchInlineSnapshot(`
    "stderr:
    error  there is no copilot/apo/manifest.yml  (workspace/workload-not-found)
           did you mean api? There are: api
    exit code 1"
  `);
});

test("outside of a workspace there is nothing to deploy, and nothing to choose from", async () => {
  const cwd = await folderWith({});
  const said = await run(["svc", "deploy", "-n", "api", "-e", "local"], new FakeHost({ cwd }));
  expect(said.replaceAll(cwd, "<folder>")).toMatchInlineSnapshot(`
    "stderr:
    error  there is no copilot folder in <folder> or in the four folders above it  (workspace/not-found)
           pilotfish init
    exit code 1"
  `);
});

test("what is deployed can be looked at from anywhere with --app and --name", async () => {
  const host = new FakeHost({ cwd: await folderWith({}), provider: unchanged() });
  expect(await run(["svc", "status", "-a", "demo", "-n", "api", "-e", "local"], host)).toMatch(/exit code 0$/);
  const nameless = new FakeHost({ cwd: await folderWith({}), provider: unchanged() });
  expect(await run(["svc", "status", "-a", "demo", "-e", "local"], nameless)).toMatchInlineSnapshot(`
    "stderr:
    error  --name is needed: the service's name  (usage/missing-input)
           pilotfish svc status -a demo -e local -n NAME
    exit code 2"
  `);
});

test("another application than the workspace's is refused", async () => {
  const host = new FakeHost({ cwd: await demoWorkspace() });
  expect(await run(["svc", "deploy", "-a", "other", "-n", "api"], host)).toMatchInlineSnapshot(`
    "stderr:
    error  --app other: this workspace belongs to the application demo  (usage/invalid-flag)
           leave --app out, or go to the other application's folder
    exit code 2"
  `);
});

test("a question that Ctrl-C answers ends with 130", async () => {
  const host = new FakeHost({ cwd: await demoWorkspace(web), terminal, env: plain, answers: ["Ctrl-C"] });
  expect(await run(["svc", "deploy", "-e", "local"], host)).toMatchInlineSnapshot(`
    "asked:
    Which service? [api | web] Ctrl-C
    stderr:
    interrupted
    exit code 130"
  `);
});
