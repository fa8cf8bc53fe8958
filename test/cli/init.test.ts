import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FakeHost, run } from "../support/fake-host.ts";
import { completed, FakeProvider, service, simulatorTarget } from "../support/fake-provider.ts";
import { folderWith } from "../support/files.ts";
import { apiManifest, demoWorkspace } from "./workspaces.ts";

const terminal = { columns: 120, rows: 24 };
const env = { NO_COLOR: "1" };
const dockerfile = { Dockerfile: "FROM scratch\nEXPOSE 8080\n" };
const loadBalanced = ["--type", "Load Balanced Web Service"];

/** Builds no images, as on a machine without an Engine. */
const provider = () =>
  new FakeProvider({
    target: { ...simulatorTarget, runtime: "simulated (no Docker Engine answers)" },
    deploy: { steps: [], result: { outcome: "completed", status: service([completed(1)]), durationMs: 900 } },
  });

async function project(files: Record<string, string> = dockerfile): Promise<string> {
  return folderWith({
    "shop/": "",
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`shop/${path}`, text])),
  }).then((folder) => join(folder, "shop"));
}

test("on a terminal init asks its way, writes the files and deploys", async () => {
  const cwd = await project();
  const answers = ["", "Load Balanced", "api", "Dockerfile", "", true];
  const host = new FakeHost({ cwd, terminal, env, answers, provider: provider() });
  expect(await run(["init"], host)).toMatchInlineSnapshot(`
    "asked:
    What is the name of the application? (shop) 
    Which type of service? [Load Balanced Web Service (answers HTTP behind a load balancer) | Backend Service (reached by other services only)] Load Balanced
    What is the name of the service? (shop) api
    Which Dockerfile builds the image of api? [Dockerfile | none: run an existing image] Dockerfile
    Which port does the container listen on? (8080) 
    Deploy api to the simulator on this machine now? true
    stderr:
    application shop · environment local · service api · simulator on this machine · runtime simulated (no Docker Engine ans
    wers) · speed 10
    note: no image is built: the simulated runtime runs no containers
    stdout:
    wrote copilot/.workspace
    wrote copilot/api/manifest.yml
    wrote copilot/.schema/load-balanced-web-service.json

    api is deployed in 900 ms: revision 1 serves, 1 of 1 task running
      http://127.0.0.1:8080/
      logs: pilotfish svc logs -n api -e local --follow
    exit code 0"
  `);
  const manifest = await readFile(join(cwd, "copilot/api/manifest.yml"), "utf8");
  expect(manifest).toMatch(/^name: api$/m);
  expect(manifest).toMatch(/port: 8080/);
});

test("flags are not asked for", async () => {
  const cwd = await project({});
  const flags = ["-a", "shop", "-n", "api", "-t", "Backend Service", "-i", "redis:7"];
  const host = new FakeHost({ cwd, terminal, env, answers: ["", false] });
  expect(await run(["init", ...flags], host)).toMatchInlineSnapshot(`
    "asked:
    Which port does the container listen on? (empty: none) 
    Deploy api to the simulator on this machine now? false
    stdout:
    wrote copilot/.workspace
    wrote copilot/api/manifest.yml
    wrote copilot/.schema/backend-service.json

    deploy it: pilotfish svc deploy -n api -e local
    exit code 0"
  `);
});

test("an image can be taken where there are Dockerfiles", async () => {
  const host = new FakeHost({
    cwd: await project({ ...dockerfile, "web/Dockerfile": "FROM scratch\n" }),
    terminal,
    env,
    answers: ["", "Load", "api", "none", "nginx:1", "80", false],
  });
  expect(await run(["init"], host)).toMatchInlineSnapshot(`
    "asked:
    What is the name of the application? (shop) 
    Which type of service? [Load Balanced Web Service (answers HTTP behind a load balancer) | Backend Service (reached by other services only)] Load
    What is the name of the service? (shop) api
    Which Dockerfile builds the image of api? [Dockerfile | web/Dockerfile | none: run an existing image] none
    Which image? nginx:1
    Which port does the container listen on? (80) 80
    Deploy api to the simulator on this machine now? false
    stdout:
    wrote copilot/.workspace
    wrote copilot/api/manifest.yml
    wrote copilot/.schema/load-balanced-web-service.json

    deploy it: pilotfish svc deploy -n api -e local
    exit code 0"
  `);
});

test("the example of what to type names no service that is there", async () => {
  const files = { Dockerfile: "FROM scratch\nEXPOSE 80\n", "copilot/.workspace": "application: shop\n" };
  const cwd = await project({ ...files, "copilot/api/manifest.yml": "name: api\n" });
  expect(await run(["svc", "init"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    error  needed, because there is nobody to ask: --svc-type ("Load Balanced Web Service" or "Backend Service"), --name  (usage/missing-input)
           pilotfish svc init --svc-type 'Load Balanced Web Service' --name web --dockerfile Dockerfile
    exit code 2"
  `);
  const more = await project({ ...files, "copilot/api/x": "", "copilot/web/x": "", "copilot/api-2/x": "" });
  expect(await run(["init"], new FakeHost({ cwd: more }))).toContain("--name api-3 ");
});

test("without a terminal everything that is missing is named at once, and nothing is written", async () => {
  const cwd = await project({ "a/Dockerfile": "FROM scratch\n", "b/Dockerfile": "FROM scratch\n" });
  expect(await run(["init"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    application shop: named after the folder
    error  needed, because there is nobody to ask: --type ("Load Balanced Web Service" or "Backend Service"), --name, --dockerfile (a/Dockerfile, b/Dockerfile), --port  (usage/missing-input)
           pilotfish init --type 'Load Balanced Web Service' --name api --dockerfile a/Dockerfile --port 8080
    exit code 2"
  `);
  expect((await readdir(cwd)).toSorted()).toEqual(["a", "b"]);
});

test("without a terminal init takes what is clear, and says what it took", async () => {
  const cwd = await project();
  expect(await run(["init", "-n", "api", ...loadBalanced], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    application shop: named after the folder
    image: built from Dockerfile, the only Dockerfile
    port: 8080, which Dockerfile exposes
    stdout:
    wrote copilot/.workspace
    wrote copilot/api/manifest.yml
    wrote copilot/.schema/load-balanced-web-service.json

    deploy it: pilotfish svc deploy -n api -e local
    exit code 0"
  `);
  expect(await run(["init", "-n", "api", ...loadBalanced], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    application shop: this folder belongs to it
    image: built from Dockerfile, the only Dockerfile
    port: 8080, which Dockerfile exposes
    stdout:
    copilot/.workspace was there and stays as it is
    copilot/api/manifest.yml was there and stays as it is
    copilot/.schema/load-balanced-web-service.json was there and stays as it is

    deploy it: pilotfish svc deploy -n api -e local
    exit code 0"
  `);
});

test("--deploy deploys without a question", async () => {
  const host = new FakeHost({ cwd: await project(), provider: provider() });
  const said = await run(["init", "-n", "api", ...loadBalanced, "--deploy"], host);
  expect(said).toMatch(/api is deployed in 900 ms[^]*exit code 0$/);
});

test("a cancelled question writes nothing", async () => {
  const cwd = await project();
  const host = new FakeHost({ cwd, terminal, env, answers: ["", "Load", "api", "Dockerfile", "Ctrl-C"] });
  expect(await run(["init"], host)).toMatch(/exit code 130$/);
  expect(await readdir(cwd)).toEqual(["Dockerfile"]);
});

test("an AWS environment that cannot be reached is refused before anything is written", async () => {
  const cwd = await project();
  const host = new FakeHost({ cwd });
  expect(await run(["init", "-n", "api", ...loadBalanced, "-e", "test"], host)).toMatchInlineSnapshot(`
    "stderr:
    application shop: named after the folder
    error  there are no credentials for AWS  (aws/no-credentials)
           aws configure
    exit code 1"
  `);
  expect(await readdir(cwd)).toEqual(["Dockerfile"]);
});

test("another simulated environment is deployed to when it is named", async () => {
  const cwd = await demoWorkspace({ Dockerfile: "FROM scratch\n" });
  const environments = [{ app: "demo", name: "mine" }];
  const subject = new FakeProvider({
    environments,
    target: { provider: "local", label: "simulator on this machine", runtime: "simulated (a test)", speed: 10 },
    deploy: { steps: [], result: { outcome: "unchanged", status: service([completed(1)]), durationMs: 0 } },
  });
  const argv = ["init", "-n", "back", "-t", "Backend Service", "-d", "Dockerfile", "-e", "mine"];
  expect(await run(argv, new FakeHost({ cwd, provider: subject }))).toContain(
    "svc deploy -n back -e mine --local\nexit code 0",
  );
  expect(await run([...argv, "--deploy"], new FakeHost({ cwd, provider: subject }))).toMatch(/exit code 0$/);
  expect(subject.deployed.map(({ plan }) => `${plan.env}/${plan.name}`)).toEqual(["mine/back"]);
});

test("svc init adds a service to the application, with a path of its own", async () => {
  const cwd = await demoWorkspace({ "web/Dockerfile": "FROM scratch\nEXPOSE 3000\n" });
  const argv = ["svc", "init", "-n", "web", "-t", "Load Balanced Web Service", "-d", "Dockerfile"];
  expect(await run(argv, new FakeHost({ cwd: join(cwd, "web") }))).toMatchInlineSnapshot(`
    "stderr:
    port: 3000, which web/Dockerfile exposes
    stdout:
    wrote ../copilot/web/manifest.yml
    wrote ../copilot/.schema/load-balanced-web-service.json

    deploy it: pilotfish svc deploy -n web -e local
    exit code 0"
  `);
  expect(await readFile(join(cwd, "copilot/web/manifest.yml"), "utf8")).toMatch(
    /build: web\/Dockerfile\n[^]*path: \/web/,
  );
});

test("svc init leaves a manifest that says something else as it is", async () => {
  const cwd = await demoWorkspace();
  const argv = ["svc", "init", "-n", "api", "-t", "Backend Service", "-i", "redis:7"];
  expect(await run(argv, new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    copilot/api/manifest.yml  error  this manifest exists and says something else; it was left as it is  (workspace/workload-exists)
                                     change the file, or choose another name than api
    exit code 1"
  `);
  expect(await readFile(join(cwd, "copilot/api/manifest.yml"), "utf8")).toBe(apiManifest);
});

test("a name that cannot be one is refused with one that can", async () => {
  const argv = ["init", "-a", "my shop", "-n", "a;b", "-t", "Backend Service", "-i", "redis:7"];
  expect(await run(argv, new FakeHost({ cwd: await project() }))).toMatchInlineSnapshot(`
    "stderr:
    error  --name may only have lower-case letters, digits and dashes: "a;b"  (usage/invalid-flag)
           for instance --name api
    exit code 2"
  `);
});

test.each([
  ["a name", ["-n", "a;b", "-t", "Backend Service", "-i", "redis:7"]],
  ["a type", ["-n", "api", "-t", "Worker Service", "-i", "redis:7"]],
  ["a Dockerfile", ["-n", "api", "-t", "Backend Service", "-d", "nowhere/Dockerfile"]],
  ["a port", ["-n", "api", "-t", "Backend Service", "-i", "redis:7", "--port", "70000"]],
  ["an image beside a Dockerfile", ["-n", "api", "-t", "Backend Service", "-i", "redis:7", "-d", "Dockerfile"]],
])("%s that cannot be is refused before anything is written", async (_what, flags) => {
  const cwd = await project();
  expect(await run(["init", ...flags], new FakeHost({ cwd }))).toMatch(/usage\/invalid-flag[^]*exit code 2$/);
  expect(await readdir(cwd)).toEqual(["Dockerfile"]);
});
