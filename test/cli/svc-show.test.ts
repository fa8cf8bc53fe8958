import { expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import type { DeployedWorkload } from "../../src/providers/provider.ts";
import { FakeHost, run } from "../support/fake-host.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { demoWorkspace } from "./workspaces.ts";

function deployed(env: string, given: Partial<DeployedWorkload> = {}): DeployedWorkload {
  return {
    app: "demo",
    env,
    name: "api",
    type: "Load Balanced Web Service",
    taskDefinition: {
      family: `demo-${env}-api`,
      cpu: "256",
      memory: "512",
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "ARM64" },
      containerDefinitions: [
        {
          name: "api",
          environment: [
            { name: "LOG_LEVEL", value: env === "local" ? "debug" : "info" },
            { name: "COPILOT_ENVIRONMENT_NAME", value: env },
          ],
          secrets: [
            { name: "DB_PASSWORD", valueFrom: "/copilot/demo/secrets/db" },
            { name: "TOKEN", valueFrom: "arn:aws:secretsmanager:us-east-1:000000000000:secret:token-abcdef" },
          ],
        },
        { name: "proxy", environment: [{ name: "LOG_LEVEL", value: "warn" }] },
      ],
    },
    desiredCount: 2,
    discovery: { host: `api.${env}.demo.local`, port: 8080 },
    serviceConnect: [{ host: "api", port: 8080 }],
    urls: ["http://127.0.0.1:8080/"],
    manifest: "name: api # as it was\n",
    resources: [{ type: "AWS::ECS::Service", physicalId: `demo/${env}/api` }],
    ...given,
  };
}

const everywhere = () => new FakeProvider({ deployed: [deployed("test"), deployed("local", { desiredCount: 1 })] });

test("svc show: a service over its environments, secrets by their names alone", async () => {
  const host = new FakeHost({ cwd: await demoWorkspace(), provider: everywhere() });
  expect(await run(["svc", "show", "-n", "api", "--resources"], host)).toMatchInlineSnapshot(`
    "stdout:
    api of demo: Load Balanced Web Service

    Configurations
      ENVIRONMENT  TASKS  CPU (vCPU)  MEMORY (MiB)  PLATFORM     PORT
      local        1      0.25        512           LINUX/ARM64  8080
      test         2      0.25        512           LINUX/ARM64  8080

    Routes
      ENVIRONMENT  URL
      local        http://127.0.0.1:8080/
      test         http://127.0.0.1:8080/

    Internal endpoints
      ENDPOINT                   ENVIRONMENT  TYPE
      api:8080                   local, test  Service Connect
      api.local.demo.local:8080  local        Service Discovery
      api.test.demo.local:8080   test         Service Discovery

    Variables
      NAME                      CONTAINER  ENVIRONMENT  VALUE
      COPILOT_ENVIRONMENT_NAME  api        local        local
      COPILOT_ENVIRONMENT_NAME  api        test         test
      LOG_LEVEL                 api        local        debug
      LOG_LEVEL                 api        test         info
      LOG_LEVEL                 proxy      local        warn
      LOG_LEVEL                 proxy      test         warn

    Secrets
      NAME         CONTAINER  ENVIRONMENT  VALUE FROM
      DB_PASSWORD  api        local        parameter/copilot/demo/secrets/db
      DB_PASSWORD  api        test         parameter/copilot/demo/secrets/db
      TOKEN        api        local        arn:aws:secretsmanager:us-east-1:000000000000:secret:token-abcdef
      TOKEN        api        test         arn:aws:secretsmanager:us-east-1:000000000000:secret:token-abcdef

    Resources
      ENVIRONMENT  TYPE               ID
      local        AWS::ECS::Service  demo/local/api
      test         AWS::ECS::Service  demo/test/api
    exit code 0"
  `);
});

test("svc show --json has Copilot's shape", async () => {
  const host = new FakeHost({ cwd: await demoWorkspace(), provider: everywhere() });
  expect(await main(["svc", "show", "-n", "api", "--json", "--resources"], host)).toBe(0);
  const shown = JSON.parse(host.stdout.text) as object;
  expect({ ...shown, variables: "…" }).toMatchInlineSnapshot(`
    {
      "application": "demo",
      "configurations": [
        {
          "cpu": "256",
          "environment": "local",
          "memory": "512",
          "platform": "LINUX/ARM64",
          "port": "8080",
          "tasks": "1",
        },
        {
          "cpu": "256",
          "environment": "test",
          "memory": "512",
          "platform": "LINUX/ARM64",
          "port": "8080",
          "tasks": "2",
        },
      ],
      "resources": {
        "local": [
          {
            "physicalID": "demo/local/api",
            "type": "AWS::ECS::Service",
          },
        ],
        "test": [
          {
            "physicalID": "demo/test/api",
            "type": "AWS::ECS::Service",
          },
        ],
      },
      "routes": [
        {
          "environment": "local",
          "url": "http://127.0.0.1:8080/",
        },
        {
          "environment": "test",
          "url": "http://127.0.0.1:8080/",
        },
      ],
      "secrets": [
        {
          "container": "api",
          "environment": "local",
          "name": "DB_PASSWORD",
          "valueFrom": "/copilot/demo/secrets/db",
        },
        {
          "container": "api",
          "environment": "test",
          "name": "DB_PASSWORD",
          "valueFrom": "/copilot/demo/secrets/db",
        },
        {
          "container": "api",
          "environment": "local",
          "name": "TOKEN",
          "valueFrom": "arn:aws:secretsmanager:us-east-1:000000000000:secret:token-abcdef",
        },
        {
          "container": "api",
          "environment": "test",
          "name": "TOKEN",
          "valueFrom": "arn:aws:secretsmanager:us-east-1:000000000000:secret:token-abcdef",
        },
      ],
      "service": "api",
      "serviceConnect": [
        {
          "endpoint": "api:8080",
          "environment": [
            "local",
            "test",
          ],
        },
      ],
      "serviceDiscovery": [
        {
          "endpoint": "api.local.demo.local:8080",
          "environment": [
            "local",
          ],
        },
        {
          "endpoint": "api.test.demo.local:8080",
          "environment": [
            "test",
          ],
        },
      ],
      "type": "Load Balanced Web Service",
      "variables": "…",
    }
  `);
});

test("svc show --manifest prints what was deployed, and nothing else", async () => {
  const cwd = await demoWorkspace();
  const show = (...flags: string[]) =>
    run(["svc", "show", "-n", "api", ...flags], new FakeHost({ cwd, provider: everywhere() }));
  expect(await show("--manifest", "local")).toMatchInlineSnapshot(`
    "stdout:
    name: api # as it was
    exit code 0"
  `);
  expect(await show("--manifest", "local", "--json")).toMatch(/exit code 2$/);
  expect(await show("--manifest", "local", "--resources")).toMatch(/exit code 2$/);
});

test("svc show of what is not deployed says so; of what is not there either, it is refused", async () => {
  const cwd = await demoWorkspace();
  const show = (...flags: string[]) =>
    run(["svc", "show", ...flags], new FakeHost({ cwd, provider: new FakeProvider({}) }));
  expect(await show()).toMatchInlineSnapshot(`
    "stdout:
    api of demo: Load Balanced Web Service

    not deployed; deploy it: pilotfish svc deploy -n api -e local
    exit code 0"
  `);
  const jobs = await demoWorkspace({ "copilot/report/manifest.yml": "name: report\ntype: Scheduled Job\n" });
  const report = new FakeHost({ cwd: jobs, provider: new FakeProvider({}) });
  expect(await run(["svc", "show", "-n", "report"], report)).toMatchInlineSnapshot(`
    "stdout:
    report of demo: Scheduled Job

    not deployed: deploying a Scheduled Job to this machine is not in this version
    exit code 0"
  `);
  expect(await show("-n", "nope")).toMatchInlineSnapshot(`
    "stderr:
    error  there is no copilot/nope/manifest.yml  (workspace/workload-not-found)
           there are: api
    exit code 1"
  `);
  expect(await show("-n", "api", "-a", "other")).toMatchInlineSnapshot(`
    "stderr:
    AWS was not asked: there are no credentials for AWS
    error  the application other has no service api here  (service/not-found)
           pilotfish svc ls -a other
    exit code 1"
  `);
});

test("svc ls: the services of the workspace and those that are deployed, with where", async () => {
  const cwd = await demoWorkspace({ "copilot/web/manifest.yml": "name: web\ntype: Backend Service\nexek: 1\n" });
  const ghost = deployed("local", { name: "ghost", type: "Backend Service" });
  const provider = () => new FakeProvider({ deployed: [deployed("test"), deployed("local"), ghost] });
  const list = (...flags: string[]) => run(["svc", "ls", ...flags], new FakeHost({ cwd, provider: provider() }));
  expect(await list()).toMatchInlineSnapshot(`
    "stdout:
    NAME   TYPE                       DEPLOYED
    api    Load Balanced Web Service  local, test
    ghost  Backend Service            local
    web    Backend Service            -
    exit code 0"
  `);
  expect(await list("--local")).toMatchInlineSnapshot(`
    "stdout:
    NAME  TYPE                       DEPLOYED
    api   Load Balanced Web Service  local, test
    web   Backend Service            -
    exit code 0"
  `);
  expect(await list("-a", "other")).toMatchInlineSnapshot(`
    "stderr:
    AWS was not asked: there are no credentials for AWS
    stdout:
    the application other has no service here; add one: pilotfish svc init
    exit code 0"
  `);
  expect(await list("--local", "--json")).toMatchInlineSnapshot(`
    "stdout:
    {
      "services": [
        {
          "app": "demo",
          "name": "api",
          "type": "Load Balanced Web Service",
          "environments": [
            "local",
            "test"
          ]
        },
        {
          "app": "demo",
          "name": "web",
          "type": "Backend Service",
          "environments": []
        }
      ]
    }
    exit code 0"
  `);
});
