import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import type { Account } from "../../src/providers/account.ts";
import type { CheckGroup } from "../../src/providers/account/verify.ts";
import { FakeHost, run } from "../support/fake-host.ts";
import { FakeProvider, type Script } from "../support/fake-provider.ts";
import { folderWith } from "../support/files.ts";

const manifest = `name: api
type: Backend Service
image: { build: Dockerfile, port: 8080 }
env_file: api.env
secrets:
  TOKEN: /demo/token
  DB: { secretsmanager: "prod/db:password::" }
`;

const files = { "copilot/api/manifest.yml": manifest, Dockerfile: "FROM scratch\n", "api.env": "A=1\n" };

async function workspace(more: Record<string, string> = {}): Promise<string> {
  return folderWith({ "copilot/.workspace": "application: demo\n", ...files, ...more });
}

async function local(script: Script, values: Record<string, string>, more: Record<string, string> = {}) {
  const provider = new FakeProvider(script);
  for (const [name, value] of Object.entries(values)) provider.values.set(name, value);
  return run(["verify", "-n", "api", "-e", "local"], new FakeHost({ cwd: await workspace(more), provider }));
}

test("for a simulated environment what makes sense there is looked at", async () => {
  const values = { "parameter /demo/token": "hunter2", "secret prod/db": "{}" };
  expect(await local({}, values)).toMatchInlineSnapshot(`
    "stdout:
    api of demo in local
    ├─ simulator
    │  └─ OK    simulator on this machine: docker (Engine 20.10.24)
    ├─ files
    │  ├─ OK    api.env
    │  └─ OK    Dockerfile
    ├─ images
    │  └─ SKIP  api: its image is built with the deploy
    └─ secrets
       ├─ OK    api DB from prod/db
       └─ OK    api TOKEN from /demo/token
    5 OK, 1 skipped, 0 failed
    exit code 0"
  `);
});

test("what is missing on this machine fails, with what to type", async () => {
  const refusal = new UserError("deploy/refused", "No export named shop-table found", {
    details: ["No export named shop-queue found"],
    hint: "pilotfish local put export shop-table && pilotfish local put export shop-queue",
  });
  const withoutEnvFile = manifest.replace("api.env", "none.env");
  expect(await local({ refusal }, {}, { "copilot/api/manifest.yml": withoutEnvFile })).toMatchInlineSnapshot(`
    "stdout:
    api of demo in local
    ├─ simulator
    │  └─ OK    simulator on this machine: docker (Engine 20.10.24)
    ├─ files
    │  ├─ FAIL  copilot/api/manifest.yml:4:11: there is no environment file \`none.env\`
    │  │        paths in a manifest start at the folder that holds \`copilot\`
    │  └─ OK    Dockerfile
    ├─ images
    │  └─ SKIP  api: its image is built with the deploy
    └─ secrets
       ├─ FAIL  api DB from prod/db: there is no secret prod/db
       │        pilotfish local put secret prod/db
       ├─ FAIL  api TOKEN from /demo/token: there is no parameter /demo/token
       │        pilotfish local put parameter /demo/token
       ├─ FAIL  exports: No export named shop-table found
       │        pilotfish local put export shop-table && pilotfish local put export shop-queue
       └─ FAIL  exports: No export named shop-queue found
    2 OK, 1 skipped, 5 failed
    exit code 1"
  `);
});

test("for an environment on AWS its account is asked, and the exit code says whether something fails", async () => {
  const groups: CheckGroup[] = [
    { name: "credentials", checks: [{ status: "ok", subject: "arn:aws:iam::123456789012:user/ann" }] },
    {
      name: "images",
      checks: [
        { status: "skip", subject: "api nginx:1", message: "docker.io asks for a log-in" },
        { status: "fail", subject: "demo/api", message: "two\nlines", hint: "docker login" },
      ],
    },
  ];
  const verify = {
    async *workload() {
      yield* groups;
    },
  };
  const aws = { account: { verify } as unknown as Account };
  const host = async () => new FakeHost({ cwd: await workspace(), aws });
  expect(await run(["verify", "-n", "api", "-e", "test"], await host())).toMatchInlineSnapshot(`
    "stdout:
    api of demo in test
    ├─ credentials
    │  └─ OK    arn:aws:iam::123456789012:user/ann
    ├─ files
    │  ├─ OK    api.env
    │  └─ OK    Dockerfile
    └─ images
       ├─ SKIP  api nginx:1: docker.io asks for a log-in
       └─ FAIL  demo/api: two
                lines
                docker login
    3 OK, 1 skipped, 1 failed
    exit code 1"
  `);
  expect(await run(["verify", "-n", "api", "-e", "test", "--json"], await host())).toMatchInlineSnapshot(`
    "stdout:
    {
      "app": "demo",
      "env": "test",
      "name": "api",
      "provider": "aws",
      "groups": [
        {
          "name": "credentials",
          "checks": [
            {
              "status": "ok",
              "subject": "arn:aws:iam::123456789012:user/ann"
            }
          ]
        },
        {
          "name": "files",
          "checks": [
            {
              "status": "ok",
              "subject": "api.env"
            },
            {
              "status": "ok",
              "subject": "Dockerfile"
            }
          ]
        },
        {
          "name": "images",
          "checks": [
            {
              "status": "skip",
              "subject": "api nginx:1",
              "message": "docker.io asks for a log-in"
            },
            {
              "status": "fail",
              "subject": "demo/api",
              "message": "two\\nlines",
              "hint": "docker login"
            }
          ]
        }
      ],
      "passed": false
    }
    exit code 1"
  `);
});

test("a step of GitHub Actions leaves a page with what failed and what was left out", async () => {
  const cwd = await workspace();
  const summary = join(cwd, "summary.md");
  const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary };
  const provider = new FakeProvider({});
  await run(["verify", "-n", "api", "-e", "local"], new FakeHost({ cwd, env, provider }));
  expect(await readFile(summary, "utf8")).toMatchInlineSnapshot(`
    "### ❌ api of demo in local: 3 OK, 1 skipped, 2 failed

    | of |  | what | why |
    | --- | --- | --- | --- |
    | images | skipped | \`api\` | its image is built with the deploy |
    | secrets | ❌ | \`api DB from prod/db\` | there is no secret prod/db<br>\`pilotfish local put secret prod/db\` |
    | secrets | ❌ | \`api TOKEN from /demo/token\` | there is no parameter /demo/token<br>\`pilotfish local put parameter /demo/token\` |

    "
  `);
});

test("without credentials or a region that is the one thing that is told, beside the files", async () => {
  const host = new FakeHost({ cwd: await workspace() });
  expect(await run(["verify", "-n", "api", "-e", "test"], host)).toMatchInlineSnapshot(`
    "stdout:
    api of demo in test
    ├─ credentials
    │  └─ FAIL  credentials: there are no credentials for AWS
    │           aws configure
    └─ files
       ├─ OK    api.env
       └─ OK    Dockerfile
    2 OK, 0 skipped, 1 failed
    exit code 1"
  `);
});

test("a manifest with an error is told before anything is asked", async () => {
  const wrong = { "copilot/api/manifest.yml": manifest.replace("8080", "no") };
  expect(await local({}, {}, wrong)).toMatchInlineSnapshot(`
    "stderr:
    copilot/api/manifest.yml:3:35  error  \`image.port\` must be a whole number, not \`no\`  (schema/type)
    error  copilot/api/manifest.yml has an error  (manifest/invalid)
    exit code 1"
  `);
});
