import { describe, expect, test } from "vitest";
import { FakeHost, run } from "../support/fake-host.ts";
import { completed, FakeProvider, service, simulatorTarget } from "../support/fake-provider.ts";
import { folderWith } from "../support/files.ts";
import { apiManifest, demoWorkspace } from "./workspaces.ts";

const terminal = { columns: 100, rows: 24 };
const plain = { NO_COLOR: "1", CI: "" };
const forTest = { "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n" };
const overlaid = { "copilot/api/manifest.yml": `${apiManifest}environments:\n  prod:\n    count: 2\n` };
const mine = { app: "demo", name: "mine" };
const inTest = { app: "demo", name: "test" };

describe("env init", () => {
  test("makes a simulated environment and says how to deploy to it", async () => {
    const provider = new FakeProvider({});
    const host = new FakeHost({ cwd: await demoWorkspace(), provider });
    expect(await run(["env", "init", "-n", "mine", "--local"], host)).toMatchInlineSnapshot(`
      "stderr:
      application demo · environment mine · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
      stdout:
      created the environment mine; it takes its own overlay of the manifests

      deploy to it: pilotfish svc deploy -e mine
      exit code 0"
    `);
    expect(provider.environments).toEqual([{ ...mine, like: undefined }]);
  });

  test("says that a name which the workspace uses will need --local", async () => {
    const cwd = await demoWorkspace({ ...forTest, ...overlaid });
    for (const name of ["test", "prod"]) {
      const host = new FakeHost({ cwd, provider: new FakeProvider({}) });
      expect(await run(["env", "init", "--name", name, "--local"], host)).toContain(
        `the workspace uses the name ${name} too: --local says that this one is meant\n\n` +
          `deploy to it: pilotfish svc deploy -e ${name} --local\n`,
      );
    }
  });

  test("is done when the environment is there, with and without --json", async () => {
    const provider = new FakeProvider({ environments: [mine] });
    const say = async (...argv: string[]) => run(argv, new FakeHost({ cwd: await demoWorkspace(), provider }));
    expect(await say("env", "init", "-n", "mine", "--local")).toMatchInlineSnapshot(`
      "stderr:
      application demo · environment mine · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
      stdout:
      the environment mine was there and stays as it is
      exit code 0"
    `);
    expect(await say("env", "init", "-n", "local", "--json")).toMatchInlineSnapshot(`
      "stdout:
      {"type":"result","environment":{"app":"demo","name":"local","provider":"local"},"outcome":"unchanged"}
      exit code 0"
    `);
  });

  test("gives local the overlay of another environment, and its own back", async () => {
    const provider = new FakeProvider({});
    const say = async (...argv: string[]) => run(argv, new FakeHost({ cwd: await demoWorkspace(overlaid), provider }));
    expect(await say("env", "init", "-n", "local", "--like", "prod")).toMatchInlineSnapshot(`
      "stderr:
      application demo · environment local · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
      stdout:
      the environment local takes the overlay of prod from the next deploy on
      exit code 0"
    `);
    expect(await say("env", "init", "-n", "local", "--like", "local")).toMatchInlineSnapshot(`
      "stderr:
      application demo · environment local · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
      stdout:
      the environment local takes its own overlay from the next deploy on
      exit code 0"
    `);
    expect(await say("env", "init", "-n", "local", "--like", "prd")).toMatchInlineSnapshot(`
      "stderr:
      error  --like prd: nothing in the workspace is written for prd  (usage/invalid-flag)
             did you mean prod?
      exit code 2"
    `);
  });

  test("refuses one on AWS, a name that is none, and a missing one", async () => {
    const cwd = await demoWorkspace();
    const say = (...argv: string[]) => run(argv, new FakeHost({ cwd }));
    expect(await say("env", "init", "-n", "test")).toMatchInlineSnapshot(`
      "stderr:
      error  there are no credentials for AWS  (aws/no-credentials)
             aws configure
      exit code 1"
    `);
    expect(await say("env", "init", "-n", "Test_1", "--local")).toMatchInlineSnapshot(`
      "stderr:
      error  --name must begin with a lower-case letter: "Test_1"  (usage/invalid-flag)
             for instance --name test-1
      exit code 2"
    `);
    expect(await say("env", "init", "--local")).toMatchInlineSnapshot(`
      "stderr:
      error  --name is needed: the environment's name  (usage/missing-input)
             pilotfish env init --local --name test
      exit code 2"
    `);
    expect(await say("env", "init", "-n", "test", "--prod")).toMatchInlineSnapshot(`
      "stderr:
      error  there are no credentials for AWS  (aws/no-credentials)
             aws configure
      exit code 1"
    `);
  });

  test("asks for the name on a terminal", async () => {
    const provider = new FakeProvider({});
    const host = new FakeHost({ cwd: await demoWorkspace(), terminal, env: plain, provider, answers: ["stage"] });
    expect(await run(["env", "init", "--local"], host)).toMatch(/exit code 0$/);
    expect([host.asked, provider.environments.map(({ name }) => name)]).toEqual([
      ["What is the name of the environment? (test) stage"],
      ["stage"],
    ]);
  });
});

describe("env ls", () => {
  test("prints names, one a line, and where they are with --json", async () => {
    const provider = new FakeProvider({ environments: [{ ...mine, like: "test" }, inTest] });
    const say = async (...argv: string[]) => run(argv, new FakeHost({ cwd: await demoWorkspace(forTest), provider }));
    expect(await say("env", "ls")).toMatchInlineSnapshot(`
      "stderr:
      AWS was not asked: there are no credentials for AWS
      stdout:
      local
      mine
      test
      exit code 0"
    `);
    expect(await say("env", "ls", "--json")).toMatchInlineSnapshot(`
      "stdout:
      {
        "environments": [
          {
            "app": "demo",
            "name": "local",
            "provider": "local"
          },
          {
            "app": "demo",
            "name": "mine",
            "like": "test",
            "provider": "local"
          },
          {
            "app": "demo",
            "name": "test",
            "provider": "local"
          },
          {
            "app": "demo",
            "name": "test",
            "provider": "aws"
          }
        ]
      }
      exit code 0"
    `);
  });

  test("answers for another application from anywhere", async () => {
    const provider = new FakeProvider({ environments: [{ app: "shop", name: "stage" }, mine] });
    const host = new FakeHost({ cwd: await folderWith({}), provider });
    expect(await run(["env", "ls", "--app", "shop"], host)).toMatchInlineSnapshot(`
      "stderr:
      AWS was not asked: there are no credentials for AWS
      stdout:
      local
      stage
      exit code 0"
    `);
  });
});

describe("env show", () => {
  const provider = new FakeProvider({
    environments: [{ ...inTest, like: "prod" }],
    status: service([completed(1)], { env: "test" }),
  });
  const say = async (...argv: string[]) =>
    run(
      ["env", "show", "-n", "test", "--local", ...argv],
      new FakeHost({ cwd: await demoWorkspace(forTest), provider }),
    );

  test("prints what is deployed, and what stands for resources when asked", async () => {
    expect(await say()).toMatchInlineSnapshot(`
      "stdout:
      About
        Name         test
        Application  demo
        Provider     simulator on this machine
        Overlay      prod

      Services
        NAME  TYPE                       STATUS  RUNNING  URL
        api   Load Balanced Web Service  ACTIVE  1 of 1   http://127.0.0.1:8080/
      exit code 0"
    `);
    expect(await say("--resources")).toMatchInlineSnapshot(`
      "stdout:
      About
        Name         test
        Application  demo
        Provider     simulator on this machine
        Overlay      prod

      Services
        NAME  TYPE                       STATUS  RUNNING  URL
        api   Load Balanced Web Service  ACTIVE  1 of 1   http://127.0.0.1:8080/

      Resources
        AWS::ECS::Service                          demo/test/api
        AWS::ECS::TaskDefinition                   demo-test-api:1
        AWS::ElasticLoadBalancingV2::ListenerRule  http://127.0.0.1:8080/
      exit code 0"
    `);
    expect(await say("--resources", "--json")).toMatchInlineSnapshot(`
      "stdout:
      {
        "environment": {
          "app": "demo",
          "name": "test",
          "like": "prod",
          "provider": "local"
        },
        "services": [
          {
            "name": "api",
            "type": "Load Balanced Web Service",
            "status": "ACTIVE",
            "desiredCount": 1,
            "runningCount": 1,
            "urls": [
              "http://127.0.0.1:8080/"
            ]
          }
        ],
        "resources": [
          {
            "type": "AWS::ECS::Service",
            "physicalId": "demo/test/api"
          },
          {
            "type": "AWS::ECS::TaskDefinition",
            "physicalId": "demo-test-api:1"
          },
          {
            "type": "AWS::ElasticLoadBalancingV2::ListenerRule",
            "physicalId": "http://127.0.0.1:8080/"
          }
        ]
      }
      exit code 0"
    `);
  });

  test("prints the environment's manifest, alone", async () => {
    expect(await say("--manifest")).toMatchInlineSnapshot(`
      "stdout:
      name: test
      type: Environment
      exit code 0"
    `);
    expect(await say("--manifest", "--json")).toMatchInlineSnapshot(`
      "stdout:
      {"type":"error","code":"usage/invalid-flag","message":"--manifest and --json exclude each other","hint":"leave one of them out: pilotfish env show --help","details":[],"diagnostics":[]}
      exit code 2"
    `);
  });
});

describe("env delete", () => {
  const say = async (provider: FakeProvider, ...argv: string[]) =>
    run(["env", "delete", ...argv], new FakeHost({ cwd: await demoWorkspace(), provider }));

  test("removes an empty environment", async () => {
    const provider = new FakeProvider({ environments: [mine] });
    expect(await say(provider, "-n", "mine", "--yes")).toMatchInlineSnapshot(`
      "stderr:
      application demo · environment mine · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
      stdout:
      the environment mine is deleted
      exit code 0"
    `);
    expect(provider.environments).toEqual([]);
  });

  test("is refused while services are deployed to it, before anything is asked", async () => {
    const provider = new FakeProvider({ environments: [mine], status: service([completed(1)], { env: "mine" }) });
    expect(await say(provider, "-n", "mine")).toMatchInlineSnapshot(`
      "stderr:
      error  services of demo are deployed to mine: api  (environment/in-use)
             pilotfish svc delete --app demo --name api --env mine --local
      exit code 1"
    `);
  });

  test("needs --yes where there is nobody to ask, and takes a no", async () => {
    const provider = new FakeProvider({ environments: [mine] });
    expect(await say(provider, "-n", "mine")).toMatchInlineSnapshot(`
      "stderr:
      application demo · environment mine · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
      error  this cannot be undone, and there is nobody to ask: --yes is needed  (usage/missing-input)
             pilotfish env delete -n mine --yes
      exit code 2"
    `);
    const host = new FakeHost({ cwd: await demoWorkspace(), terminal, env: plain, provider, answers: [false] });
    expect(await run(["env", "delete", "-n", "mine"], host)).toMatchInlineSnapshot(`
      "asked:
      Delete the environment mine of demo, with its file system? false
      stderr:
      application demo · environment mine · simulator on this machine · runtime docker (Engine 20.10.24) ·
       speed 10
      stdout:
      nothing was deleted
      exit code 0"
    `);
    expect(provider.environments).toEqual([mine]);
  });

  test("knows that local is always there", async () => {
    expect(await say(new FakeProvider({}), "-n", "local", "--yes")).toMatchInlineSnapshot(`
      "stderr:
      error  the environment local is always there  (usage/invalid-flag)
             pilotfish app delete --name demo    (removes everything that the application has on this machine)
      exit code 2"
    `);
  });
});

describe("a simulated environment whose name the workspace uses", () => {
  const deploy = (...argv: string[]) => ["svc", "deploy", "-n", "api", "-e", "test", ...argv];
  const provider = () =>
    new FakeProvider({
      environments: [inTest],
      deploy: { steps: [], result: { outcome: "unchanged", status: service([completed(1)]), durationMs: 0 } },
    });

  test("is meant with --local; without, a folder or an overlay of that name is AWS's for all we know", async () => {
    const overlay = { "copilot/api/manifest.yml": `${apiManifest}environments:\n  test:\n    count: 2\n` };
    for (const files of [forTest, overlay]) {
      const cwd = await demoWorkspace(files);
      expect(await run(deploy(), new FakeHost({ cwd, provider: provider() }))).toMatchInlineSnapshot(`
        "stderr:
        error  test is a simulated environment, and the workspace uses the name too: it may be meant for AWS  (environment/ambiguous)
               pilotfish svc deploy -n api -e test --local    (or with --aws)
        exit code 1"
      `);
      expect(await run(deploy("--local"), new FakeHost({ cwd, provider: provider() }))).toMatch(/exit code 0$/);
      expect(await run(deploy("--aws"), new FakeHost({ cwd, provider: provider() }))).toMatchInlineSnapshot(`
        "stderr:
        error  there are no credentials for AWS  (aws/no-credentials)
               aws configure
        exit code 1"
      `);
    }
  });

  test("needs no flag where the name is its own", async () => {
    const host = new FakeHost({ cwd: await demoWorkspace(), provider: provider() });
    expect(await run(deploy(), host)).toMatch(/exit code 0$/);
  });

  test("is no AWS environment when it is local, and cannot be both", async () => {
    const say = async (...argv: string[]) => run(argv, new FakeHost({ cwd: await demoWorkspace() }));
    expect(await say("svc", "status", "-n", "api", "-e", "local", "--aws")).toMatchInlineSnapshot(`
      "stderr:
      error  the environment local is always simulated on this machine  (usage/invalid-flag)
             pilotfish svc status -n api -e local
      exit code 2"
    `);
    expect(await say("svc", "status", "-n", "api", "--local", "--aws")).toMatchInlineSnapshot(`
      "stderr:
      error  --local and --aws exclude each other  (usage/invalid-flag)
             leave one of them out
      exit code 2"
    `);
  });

  test("stands in the question beside AWS's, and is asked for without a terminal", async () => {
    const cwd = await demoWorkspace(forTest);
    const answers = ["test (simulator"];
    const host = new FakeHost({ cwd, terminal, env: plain, provider: provider(), answers });
    await run(["svc", "deploy", "-n", "api"], host);
    expect(host.asked).toMatchInlineSnapshot(`
      [
        "Which environment? [local (simulator on this machine) | test (simulator on this machine) | test] test (simulator",
      ]
    `);
    expect(await run(["svc", "deploy", "-n", "api"], new FakeHost({ cwd, provider: provider() })))
      .toMatchInlineSnapshot(`
        "stderr:
        error  --env is needed: local, test  (usage/missing-input)
               pilotfish svc deploy -n api -e local
        exit code 2"
      `);
  });
});

test("an environment that is like another deploys, prints and checks that one's overlay under its own name", async () => {
  const manifest = `${apiManifest}variables: { PLACE: "\${COPILOT_ENVIRONMENT_NAME}" }\nenvironments:\n  prod:\n    cpu: 1024\n    memory: 2048\n    count: 3\n`;
  const cwd = await demoWorkspace({ "copilot/api/manifest.yml": manifest });
  const provider = new FakeProvider({
    environments: [{ app: "demo", name: "local", like: "prod" }],
    target: simulatorTarget,
    deploy: { steps: [], result: { outcome: "unchanged", status: service([completed(1)]), durationMs: 0 } },
  });
  expect(await run(["svc", "deploy", "-e", "local"], new FakeHost({ cwd, provider }))).toMatch(/exit code 0$/);
  const [{ plan }] = provider.deployed as [(typeof provider.deployed)[number]];
  expect([plan.env, plan.taskDefinition.cpu, plan.service.desiredCount]).toEqual(["local", "1024", 3]);
  const printed = await run(["svc", "taskdef", "-n", "api", "-e", "local"], new FakeHost({ cwd, provider }));
  expect(printed).toContain('"cpu": "1024"');
  expect(printed).toContain('"name": "PLACE",\n          "value": "local"');
  const broken = await demoWorkspace({ "copilot/api/manifest.yml": manifest.replace("memory: 2048", "memory: 512") });
  expect(await run(["validate", "-e", "local"], new FakeHost({ cwd: broken, provider }))).toMatch(/exit code 1$/);
  expect(await run(["validate", "-e", "local"], new FakeHost({ cwd: broken, provider: new FakeProvider({}) }))).toMatch(
    /exit code 0$/,
  );
});
