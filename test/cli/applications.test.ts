import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FakeHost, run } from "../support/fake-host.ts";
import { completed, FakeProvider, service } from "../support/fake-provider.ts";
import { folderWith } from "../support/files.ts";
import { apiManifest, demoWorkspace } from "./workspaces.ts";

const terminal = { columns: 100, rows: 24 };
const plain = { NO_COLOR: "1", CI: "" };
const deployed = () =>
  new FakeProvider({
    environments: [{ app: "demo", name: "test" }],
    status: service([completed(1)], { env: "local" }),
  });

describe("app init", () => {
  test("makes a folder the application's workspace, and is done when it is", async () => {
    const cwd = await folderWith({});
    expect(await run(["app", "init", "shop"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
      "stderr:
      AWS is not asked: there are no credentials for AWS
      stdout:
      wrote copilot/.workspace

      go on with: pilotfish svc init
      exit code 0"
    `);
    expect(await run(["app", "init", "shop"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
      "stderr:
      application shop: this folder belongs to it
      AWS is not asked: there are no credentials for AWS
      stdout:
      copilot/.workspace was there and stays as it is

      go on with: pilotfish svc init
      exit code 0"
    `);
    expect(await run(["app", "init", "other"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
      "stderr:
      error  other: this folder belongs to the application shop  (usage/invalid-flag)
             leave the name out, or make another folder its workspace (cd, then pilotfish app init other)
      exit code 2"
    `);
    expect(await run(["app", "init", "shop", "--domain", "example.com"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
      "stderr:
      application shop: this folder belongs to it
      error  there are no credentials for AWS  (aws/no-credentials)
             aws configure
      exit code 1"
    `);
  });

  test("finds a name where there is nobody to ask, and asks otherwise", async () => {
    const cwd = await folderWith({ "My Shop/": "", "b/": "" });
    expect(await run(["app", "init"], new FakeHost({ cwd: join(cwd, "My Shop") }))).toMatchInlineSnapshot(`
      "stderr:
      application my-shop: named after the folder
      AWS is not asked: there are no credentials for AWS
      stdout:
      wrote copilot/.workspace

      go on with: pilotfish svc init
      exit code 0"
    `);
    const host = new FakeHost({ cwd: join(cwd, "b"), terminal, env: plain, answers: ["stall"] });
    expect(await run(["app", "init"], host)).toMatchInlineSnapshot(`
      "asked:
      What is the name of the application? (app) stall
      stderr:
      AWS is not asked: there are no credentials for AWS
      stdout:
      wrote copilot/.workspace

      go on with: pilotfish svc init
      exit code 0"
    `);
  });

  test("gives manifests that have lost their workspace file an application again", async () => {
    const cwd = await folderWith({ "copilot/api/manifest.yml": apiManifest });
    expect(await run(["validate"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
      "stderr:
      copilot/.workspace  error  this file is missing, so the folder is no application's workspace  (workspace/not-found)
                                 pilotfish app init
      exit code 1"
    `);
    expect(await run(["app", "init", "demo"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
      "stderr:
      AWS is not asked: there are no credentials for AWS
      stdout:
      wrote copilot/.workspace

      go on with: pilotfish svc deploy -e local
      exit code 0"
    `);
  });
});

test("app ls names the applications of this machine and of this folder", async () => {
  const environments = [
    { app: "shop", name: "local" },
    { app: "shop", name: "test" },
    { app: "atelier", name: "test" },
  ];
  const provider = new FakeProvider({ environments });
  expect(await run(["app", "ls"], new FakeHost({ cwd: await demoWorkspace(), provider }))).toMatchInlineSnapshot(`
    "stderr:
    AWS was not asked: there are no credentials for AWS
    stdout:
    atelier
    demo
    shop
    exit code 0"
  `);
  expect(await run(["app", "ls", "--json"], new FakeHost({ cwd: await folderWith({}), provider })))
    .toMatchInlineSnapshot(`
    "stdout:
    {
      "applications": [
        "atelier",
        "shop"
      ]
    }
    exit code 0"
  `);
});

test("app show prints environments and services, and where each is deployed", async () => {
  const files = {
    "copilot/worker/manifest.yml": "name: worker\ntype: Worker Service\n",
    "copilot/environments/prod/manifest.yml": "name: prod\ntype: Environment\n",
  };
  const say = async (...argv: string[]) =>
    run(argv, new FakeHost({ cwd: await demoWorkspace(files), provider: deployed() }));
  expect(await say("app", "show")).toMatchInlineSnapshot(`
    "stderr:
    AWS was not asked: there are no credentials for AWS
    stdout:
    About
      Name  demo

    Environments
      NAME   PROVIDER
      local  simulator on this machine
      test   simulator on this machine
      prod   AWS

    Services
      NAME    TYPE                       DEPLOYED TO
      api     Load Balanced Web Service  local
      worker  Worker Service             -
    exit code 0"
  `);
  expect(await say("app", "show", "--json")).toMatchInlineSnapshot(`
    "stdout:
    {
      "name": "demo",
      "environments": [
        {
          "app": "demo",
          "name": "local",
          "provider": "local"
        },
        {
          "app": "demo",
          "name": "test",
          "provider": "local"
        },
        {
          "app": "demo",
          "name": "prod",
          "provider": "aws"
        }
      ],
      "services": [
        {
          "name": "api",
          "type": "Load Balanced Web Service",
          "environments": [
            "local"
          ]
        },
        {
          "name": "worker",
          "type": "Worker Service",
          "environments": []
        }
      ]
    }
    exit code 0"
  `);
});

test("outside of a workspace the application is asked for, or must be named", async () => {
  const cwd = await folderWith({});
  const provider = new FakeProvider({ environments: [{ app: "shop", name: "local" }] });
  expect(await run(["app", "show"], new FakeHost({ cwd, provider }))).toMatchInlineSnapshot(`
    "stderr:
    AWS was not asked: there are no credentials for AWS
    error  --name is needed: shop  (usage/missing-input)
           pilotfish app show --name shop
    exit code 2"
  `);
  const host = new FakeHost({ cwd, provider, terminal, env: plain, answers: ["shop"] });
  expect(await run(["app", "show"], host)).toMatchInlineSnapshot(`
    "asked:
    Which application? [shop] shop
    stderr:
    AWS was not asked: there are no credentials for AWS
    AWS was not asked: there are no credentials for AWS
    stdout:
    About
      Name  shop

    Environments
      NAME   PROVIDER
      local  simulator on this machine
    exit code 0"
  `);
  const nothing = await run(["app", "show"], new FakeHost({ cwd }));
  expect(nothing.replaceAll(cwd, "<folder>")).toMatchInlineSnapshot(`
    "stderr:
    AWS was not asked: there are no credentials for AWS
    error  there is no copilot folder in <folder> or in the four folders above it  (workspace/not-found)
           pilotfish init
    exit code 1"
  `);
});

describe("app delete", () => {
  test("removes services, environments and the workspace file, and leaves manifests", async () => {
    const [cwd, provider] = [await demoWorkspace(), deployed()];
    expect(await run(["app", "delete", "--yes"], new FakeHost({ cwd, provider }))).toMatchInlineSnapshot(`
      "stderr:
      application demo · environment local, test · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
      this removes, with logs and file systems
        environment  local  with api
        environment  test   no services
        file copilot/.workspace; manifests stay
      deleted the service api from local
      deleted the environment local
      deleted the environment test
      deleted the file copilot/.workspace
      stdout:
      the application demo is deleted; its manifests are still there
      exit code 0"
    `);
    expect(provider.deleted).toEqual([{ app: "demo", env: "local", name: "api" }]);
    expect(provider.environments).toEqual([]);
    expect([".workspace", "api/manifest.yml"].map((file) => existsSync(join(cwd, "copilot", file)))).toEqual([
      false,
      true,
    ]);
  });

  test("shows what goes before it asks, and takes a no", async () => {
    const [cwd, provider] = [await demoWorkspace(), deployed()];
    const host = new FakeHost({ cwd, provider, terminal, env: plain, answers: [false] });
    expect(await run(["app", "delete"], host)).toMatchInlineSnapshot(`
      "asked:
      Delete the application demo? false
      stderr:
      application demo · environment local, test · simulator on this machine · runtime docker (Engine 20.1
      0.24) · speed 10
      this removes, with logs and file systems
        environment  local  with api
        environment  test   no services
        file copilot/.workspace; manifests stay
      stdout:
      nothing was deleted
      exit code 0"
    `);
    expect([provider.deleted, existsSync(join(cwd, "copilot/.workspace"))]).toEqual([[], true]);
    expect(await run(["app", "delete"], new FakeHost({ cwd, provider }))).toMatch(/--yes is needed[^]*exit code 2$/);
  });

  test("of another application leaves this folder alone, and is told line by line with --json", async () => {
    const cwd = await demoWorkspace();
    const provider = new FakeProvider({ environments: [{ app: "shop", name: "local" }] });
    const host = new FakeHost({ cwd, provider });
    expect(await run(["app", "delete", "--name", "shop", "--yes", "--json"], host)).toMatchInlineSnapshot(`
      "stdout:
      {"type":"target","app":"shop","target":{"provider":"local","label":"simulator on this machine","runtime":"docker (Engine 20.10.24)","speed":10}}
      {"type":"deleted","what":"environment","name":"local"}
      {"type":"result"}
      exit code 0"
    `);
    expect(existsSync(join(cwd, "copilot/.workspace"))).toBe(true);
  });
});

test("an application that is nowhere is neither shown nor deleted", async () => {
  const cwd = await demoWorkspace();
  const shown = [];
  for (const argv of [
    ["app", "show", "-n", "dmeo"],
    ["app", "delete", "-n", "dmeo", "--yes"],
  ]) {
    const provider = new FakeProvider({ environments: [{ app: "shop", name: "test" }] });
    shown.push(await run(argv, new FakeHost({ cwd, provider })));
    expect(provider.deleted).toEqual([]);
  }
  expect(shown.join("\n\n")).toMatchInlineSnapshot(`
    "stderr:
    AWS was not asked: there are no credentials for AWS
    error  there is no application dmeo in this folder or on this machine  (application/not-found)
           pilotfish app ls
    exit code 1

    stderr:
    AWS was not asked: there are no credentials for AWS
    error  there is no application dmeo in this folder or on this machine  (application/not-found)
           pilotfish app ls
    exit code 1"
  `);
});
