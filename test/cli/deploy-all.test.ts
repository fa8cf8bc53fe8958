import { expect, test } from "vitest";
import type { DeployRequest } from "../../src/providers/provider.ts";
import { UserError } from "../../src/errors.ts";
import { FakeHost, run } from "../support/fake-host.ts";
import {
  accepted,
  completed,
  deployment,
  FakeProvider,
  type Played,
  service,
  untilAborted,
} from "../support/fake-provider.ts";
import { demoWorkspace } from "./workspaces.ts";

const backend = (name: string, needs = "") =>
  `name: ${name}\ntype: Backend Service\nimage: { location: demo/${name}:1, port: 80 }\nvariables: { NEEDS: "${needs}" }\n`;

/** `api` needs `web`, `web` needs `zdb`. */
const three = (files: Record<string, string> = {}) =>
  demoWorkspace({
    "copilot/api/manifest.yml": backend("api", "http://web.local.demo.local"),
    "copilot/web/manifest.yml": backend("web", "zdb:5432"),
    "copilot/zdb/manifest.yml": backend("zdb"),
    ...files,
  });

const good = ({ plan: { name } }: DeployRequest): Played => ({
  steps: [accepted(1)],
  result: {
    outcome: "completed",
    deploymentId: deployment(1).id,
    status: service([completed(1)], { name, urls: [] }),
    durationMs: 1000,
  },
});
const failed = ({ plan: { name } }: DeployRequest): Played => ({
  steps: [accepted(1)],
  result: {
    outcome: "failed",
    reason: "tasks failed to start.",
    status: service([deployment(1, { rolloutState: "FAILED" })], { name, urls: [] }),
    durationMs: 1000,
  },
});

async function deploy(
  argv: string[],
  play: (request: DeployRequest) => Played,
  files: Record<string, string> = {},
): Promise<{ shown: string; order: string[] }> {
  const provider = new FakeProvider({ deploy: play });
  const host = new FakeHost({ cwd: await three(files), provider });
  const shown = await run(["deploy", "-e", "local", ...argv], host);
  return { shown, order: provider.deployed.map(({ plan }) => plan.name) };
}

test("deploy: all services, whom others need first", async () => {
  const { shown, order } = await deploy([], good);
  expect(order).toEqual(["zdb", "web", "api"]);
  expect(shown).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · services zdb, web, api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    zdb (1 of 3)
    deployment ecs-svc/0000000000000000001 of demo-local-api:1: accepted
    web (2 of 3)
    deployment ecs-svc/0000000000000000001 of demo-local-api:1: accepted
    api (3 of 3)
    deployment ecs-svc/0000000000000000001 of demo-local-api:1: accepted
    deployed: zdb, web, api
    stdout:
    zdb is deployed in 1.0 s: revision 1 serves, 1 of 1 task running
      logs: pilotfish svc logs -n zdb -e local --follow
    web is deployed in 1.0 s: revision 1 serves, 1 of 1 task running
      logs: pilotfish svc logs -n web -e local --follow
    api is deployed in 1.0 s: revision 1 serves, 1 of 1 task running
      logs: pilotfish svc logs -n api -e local --follow
    exit code 0"
  `);
});

test("when one fails the ones before stay, the ones after are not tried, and exit code 1 names all", async () => {
  const play = (request: DeployRequest) => (request.plan.name === "web" ? failed(request) : good(request));
  const { shown, order } = await deploy([], play);
  expect(order).toEqual(["zdb", "web"]);
  expect(shown).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · services zdb, web, api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    zdb (1 of 3)
    deployment ecs-svc/0000000000000000001 of demo-local-api:1: accepted
    web (2 of 3)
    deployment ecs-svc/0000000000000000001 of demo-local-api:1: accepted
    error  the deployment of web failed: tasks failed to start.  (deploy/failed)
           | nothing runs now; the next deploy needs no clean-up
           pilotfish svc logs -n web -e local --previous
    deployed: zdb; failed: web; not tried: api
    stdout:
    zdb is deployed in 1.0 s: revision 1 serves, 1 of 1 task running
      logs: pilotfish svc logs -n zdb -e local --follow
    exit code 1"
  `);
  const json = await deploy(["--json"], play);
  const last = json.shown.split("\n").findLast((line) => line.startsWith("{")) ?? "";
  const { results, ...result } = JSON.parse(last) as { results: Record<string, { outcome: string }> };
  expect([result, Object.entries(results).map(([name, { outcome }]) => `${name} ${outcome}`)]).toMatchInlineSnapshot(`
    [
      {
        "deployed": [
          "zdb",
        ],
        "failed": "web",
        "notTried": [
          "api",
        ],
        "outcome": "failed",
        "type": "result",
      },
      [
        "zdb completed",
        "web failed",
      ],
    ]
  `);
  expect(json.shown).toMatch(/exit code 1$/);
});

test("a deployment that is refused says what had been deployed until then", async () => {
  const { shown } = await deploy([], (request) => {
    if (request.plan.name !== "web") return good(request);
    throw new UserError("engine/unreachable", "the Docker Engine does not answer", { hint: "docker info" });
  });
  expect(shown).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · services zdb, web, api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    zdb (1 of 3)
    deployment ecs-svc/0000000000000000001 of demo-local-api:1: accepted
    web (2 of 3)
    error  the Docker Engine does not answer  (engine/unreachable)
           | deployed: zdb; failed: web; not tried: api
           docker info
    stdout:
    zdb is deployed in 1.0 s: revision 1 serves, 1 of 1 task running
      logs: pilotfish svc logs -n zdb -e local --follow
    exit code 1"
  `);
});

test("a mistake in one manifest is found before anything is deployed", async () => {
  const { shown, order } = await deploy([], good, { "copilot/api/manifest.yml": `${backend("api")}cpu: many\n` });
  expect(order).toEqual([]);
  expect(shown).toMatchInlineSnapshot(`
    "stderr:
    copilot/api/manifest.yml:5:6  error  \`cpu\` must be a whole number, not \`many\`  (schema/type)
    error  copilot/api/manifest.yml has an error  (manifest/invalid)
    exit code 1"
  `);
});

test("named services alone, in the groups that are given; further ones with --all", async () => {
  expect((await deploy(["-n", "web,zdb"], good)).order).toEqual(["zdb", "web"]);
  expect((await deploy(["-n", "api/1", "-n", "zdb/2,web"], good)).order).toEqual(["api", "zdb", "web"]);
  expect((await deploy(["--all", "-n", "api/1", "--init-wkld", "--deploy-env=false"], good)).order).toEqual([
    "api",
    "zdb",
    "web",
  ]);
  expect((await deploy(["-n", "api/x"], good)).shown).toMatchInlineSnapshot(`
    "stderr:
    error  --name api/x: behind the slash stands a whole number  (usage/invalid-flag)
           for instance --name api/1
    exit code 2"
  `);
  expect((await deploy(["-n", "api/1,api/2"], good)).shown).toMatch(/names api twice.*exit code 2$/s);
  expect((await deploy(["-n", "nope"], good)).shown).toMatch(/there is no copilot.nope.*exit code 1$/s);
  expect((await deploy(["--resource-tags", "a=b"], good)).shown).toContain("is for environments on AWS");
});

test("Ctrl-C leaves the deployment that goes on, and the services after it as they are", async () => {
  const provider = new FakeProvider({
    deploy: (request) => ({ ...good(request), steps: [accepted(1), () => host.interrupt(), untilAborted] }),
  });
  const host = new FakeHost({ cwd: await three(), provider });
  expect(await run(["deploy", "-e", "local"], host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · services zdb, web, api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    zdb (1 of 3)
    deployment ecs-svc/0000000000000000001 of demo-local-api:1: accepted
    deployment ecs-svc/0000000000000000001 goes on without you; look after it: pilotfish svc status -n zdb -e local
    interrupted at: zdb; not tried: web, api
    exit code 130"
  `);
});
