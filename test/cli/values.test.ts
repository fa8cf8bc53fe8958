import { describe, expect, test } from "vitest";
import { FakeHost, type FakeHostOptions, run } from "../support/fake-host.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { folderWith } from "../support/files.ts";
import { demoWorkspace } from "./workspaces.ts";

const terminal = { columns: 120, rows: 30 };

async function say(argv: string[], options: Partial<FakeHostOptions> = {}, provider = new FakeProvider({})) {
  return run(argv, new FakeHost({ cwd: await demoWorkspace(), provider, ...options }));
}

describe("local put", () => {
  test("takes the value from stdin, without the line end that ends it", async () => {
    const provider = new FakeProvider({});
    expect(await say(["local", "put", "secret", "prod/db"], { input: ["hun", "ter2\n"] }, provider))
      .toMatchInlineSnapshot(`
      "stdout:
      secret prod/db is created; a manifest names it \`secretsmanager: prod/db\`
      exit code 0"
    `);
    expect(await say(["local", "put", "parameter", "/key", "--json"], { input: ["a\r\n\r\n"] }, provider))
      .toMatchInlineSnapshot(`
      "stdout:
      {
        "kind": "parameter",
        "name": "/key",
        "result": "created"
      }
      exit code 0"
    `);
    await say(["local", "put", "export", "Table"], { input: ["orders"] }, provider);
    expect(Object.fromEntries(provider.values)).toEqual({
      "secret prod/db": "hunter2",
      "parameter /key": "a\r\n",
      "export Table": "orders",
    });
  });

  test("asks on a terminal for what was not given, and shows no value", async () => {
    const provider = new FakeProvider({});
    const host = new FakeHost({ cwd: "/", provider, terminal, answers: ["sec", "prod/db", "hunter2"] });
    expect(await run(["local", "put"], host)).toMatchInlineSnapshot(`
      "asked:
      Of which kind? [secret | parameter | export] sec
      What is its name? prod/db
      What is the value of the secret prod/db? (hidden)
      stdout:
      secret prod/db is created; a manifest names it \`secretsmanager: prod/db\`
      exit code 0"
    `);
    expect(provider.values.get("secret prod/db")).toBe("hunter2");
  });

  test("leaves a value that is there alone, and says how to replace it", async () => {
    const provider = new FakeProvider({});
    provider.values.set("secret db", "old");
    expect(await say(["local", "put", "secret", "db"], { input: ["new"] }, provider)).toMatchInlineSnapshot(`
      "stderr:
      error  there is a secret db already; it was left as it is  (value/exists)
             pilotfish local put secret db --overwrite
      exit code 1"
    `);
    expect(await say(["local", "put", "secret", "db"], { terminal, answers: ["new", false] }, provider))
      .toMatchInlineSnapshot(`
      "asked:
      What is the value of the secret db? (hidden)
      secret db has a value: replace it? false
      stdout:
      nothing was changed
      exit code 0"
    `);
    expect(provider.values.get("secret db")).toBe("old");
    expect(await say(["local", "put", "secret", "db", "--overwrite"], { input: ["new"] }, provider))
      .toMatchInlineSnapshot(`
      "stdout:
      secret db is updated; tasks that start from now on get it
      exit code 0"
    `);
    expect(await say(["local", "put", "secret", "db"], { terminal, answers: ["newer", true] }, provider)).toContain(
      "exit code 0",
    );
    expect(provider.values.get("secret db")).toBe("newer");
  });

  test("without a terminal names what is missing, and never takes the value as a word", async () => {
    expect(await say(["local", "put"], { input: [] })).toMatchInlineSnapshot(`
      "stderr:
      error  [kind] is needed: secret, parameter, export  (usage/missing-input)
             pilotfish local put secret NAME
      exit code 2"
    `);
    expect(await say(["local", "put", "parameter"], { input: [] })).toMatchInlineSnapshot(`
      "stderr:
      error  [name] is needed  (usage/missing-input)
             pilotfish local put parameter NAME
      exit code 2"
    `);
    expect(await say(["local", "put", "password", "x"], { input: [] })).toMatchInlineSnapshot(`
      "stderr:
      error  kind must be one of secret, parameter, export  (usage/invalid-flag)
             pilotfish local put --help
      exit code 2"
    `);
    expect(await say(["local", "put", "secret", "db", "hunter2"], { input: [] })).toMatchInlineSnapshot(`
      "stderr:
      error  local put takes [kind] [name] and flags, and got 3 words  (usage/invalid-flag)
             pilotfish local put --help
      exit code 2"
    `);
    const ci = { terminal, env: { CI: "1", NO_COLOR: "1" } };
    expect(await say(["local", "put", "secret", "db"], ci)).toMatchInlineSnapshot(`
      "stderr:
      error  the value is read from stdin, which is a terminal with nobody to ask  (usage/missing-input)
             pilotfish local put secret db < FILE
      exit code 2"
    `);
  });
});

describe("local values", () => {
  test("lists names and versions, never values", async () => {
    const provider = new FakeProvider({});
    expect(await say(["local", "values"], {}, provider)).toMatchInlineSnapshot(`
      "stdout:
      there are none; pilotfish local put adds one
      exit code 0"
    `);
    provider.values.set("secret prod/db", "hunter2").set("parameter /key", "hunter2").set("export Table", "orders");
    expect(await say(["local", "values"], {}, provider)).toMatchInlineSnapshot(`
      "stdout:
      KIND       NAME     VERSION  STAGE       SINCE
      secret     prod/db  1        AWSCURRENT  2026-01-02T03:04:00.000Z
      parameter  /key     1                    2026-01-02T03:04:00.000Z
      export     Table                         2026-01-02T03:04:00.000Z
      exit code 0"
    `);
    expect(JSON.parse((await say(["local", "values", "--json"], {}, provider)).split("\n").slice(1, -1).join("")))
      .toMatchInlineSnapshot(`
      {
        "values": [
          {
            "kind": "secret",
            "name": "prod/db",
            "versions": [
              {
                "createdAt": "2026-01-02T03:04:00.000Z",
                "id": "1",
                "stages": [
                  "AWSCURRENT",
                ],
              },
            ],
          },
          {
            "kind": "parameter",
            "name": "/key",
            "versions": [
              {
                "createdAt": "2026-01-02T03:04:00.000Z",
                "id": "1",
                "stages": [],
              },
            ],
          },
          {
            "kind": "export",
            "name": "Table",
            "versions": [
              {
                "createdAt": "2026-01-02T03:04:00.000Z",
                "id": "1",
                "stages": [],
              },
            ],
          },
        ],
      }
    `);
  });
});

describe("local delete", () => {
  test("removes one after a question, or without it; what is not there is told", async () => {
    const provider = new FakeProvider({});
    provider.values.set("secret a", "x").set("secret b", "x").set("export c", "x");
    expect(await say(["local", "delete", "secret", "a"], {}, provider)).toMatchInlineSnapshot(`
      "stderr:
      error  this cannot be undone, and there is nobody to ask: --yes is needed  (usage/missing-input)
             pilotfish local delete secret a --yes
      exit code 2"
    `);
    expect(await say(["local", "delete", "secret", "a"], { terminal, answers: [true] }, provider))
      .toMatchInlineSnapshot(`
      "asked:
      Delete secret a of the simulator? true
      stdout:
      secret a is deleted; tasks that run keep their values
      exit code 0"
    `);
    expect(await say(["local", "delete", "secret", "a", "--yes"], {}, provider)).toMatchInlineSnapshot(`
      "stderr:
      error  there is no secret a  (value/not-found)
             pilotfish local values
      exit code 1"
    `);
    expect(await say(["local", "delete", "--all", "--yes", "--json"], {}, provider)).toMatchInlineSnapshot(`
      "stdout:
      {
        "all": true
      }
      exit code 0"
    `);
    expect(provider.values.size).toBe(0);
    expect(await say(["local", "delete", "secret", "--all", "--yes"], {}, provider)).toMatchInlineSnapshot(`
      "stderr:
      error  --all takes no kind and no name  (usage/invalid-flag)
             pilotfish local delete --help
      exit code 2"
    `);
  });
});

describe("secret init", () => {
  test("keeps a value for each environment where Copilot keeps it, and says what to write", async () => {
    const provider = new FakeProvider({});
    provider.environments = [
      { app: "demo", name: "local" },
      { app: "demo", name: "test" },
    ];
    const argv = ["secret", "init", "-n", "db_password", "--values", "local=hunter2,test=hunter3"];
    expect(await say(argv, {}, provider)).toMatchInlineSnapshot(`
      "stderr:
      db_password is created in local, as /copilot/demo/local/secrets/db_password
      db_password is created in test, as /copilot/demo/test/secrets/db_password
      stdout:
      a manifest names them so:

      secrets:
        db_password: /copilot/\${COPILOT_APPLICATION_NAME}/\${COPILOT_ENVIRONMENT_NAME}/secrets/db_password
      exit code 0"
    `);
    expect(Object.fromEntries(provider.values)).toEqual({
      "parameter /copilot/demo/local/secrets/db_password": "hunter2",
      "parameter /copilot/demo/test/secrets/db_password": "hunter3",
    });
    expect(await say(argv, {}, provider)).toMatchInlineSnapshot(`
      "stderr:
      db_password is there already in local, as /copilot/demo/local/secrets/db_password, and was left as it is; --overwrite replaces it
      db_password is there already in test, as /copilot/demo/test/secrets/db_password, and was left as it is; --overwrite replaces it
      stdout:
      a manifest names them so:

      secrets:
        db_password: /copilot/\${COPILOT_APPLICATION_NAME}/\${COPILOT_ENVIRONMENT_NAME}/secrets/db_password
      exit code 0"
    `);
    expect(await say([...argv, "--overwrite"], {}, provider)).toContain("db_password is updated in test");
  });

  test("--json lists what was kept, and no value", async () => {
    const argv = ["secret", "init", "-n", "db_password", "--values", "local=hunter2", "--json"];
    expect(await say(argv, {}, new FakeProvider({}))).toMatchInlineSnapshot(`
      "stdout:
      {
        "app": "demo",
        "secrets": [
          {
            "name": "db_password",
            "env": "local",
            "parameter": "/copilot/demo/local/secrets/db_password",
            "result": "created"
          }
        ]
      }
      exit code 0"
    `);
  });

  test("tries every environment and tells what failed", async () => {
    const provider = new FakeProvider({ putFails: (name) => name.includes("/local/") });
    provider.environments = [
      { app: "demo", name: "local" },
      { app: "demo", name: "test" },
    ];
    const argv = ["secret", "init", "-n", "key", "--values", "local=hunter2,prod=hunter2,test=hunter2"];
    expect(await say(argv, {}, provider)).toMatchInlineSnapshot(`
      "stderr:
      key is created in test, as /copilot/demo/test/secrets/key
      error  key in local: the disk is full  (simulator/disk-full)
             | key in prod: there are no credentials for AWS
      exit code 1"
    `);
    expect([...provider.values.keys()]).toEqual(["parameter /copilot/demo/test/secrets/key"]);
  });

  test("asks for the name and, without showing them, for the values", async () => {
    const provider = new FakeProvider({});
    expect(await say(["secret", "init"], { terminal, answers: ["key", "hunter2"] }, provider)).toMatchInlineSnapshot(`
      "asked:
      What is the secret's name? key
      What is the value of key in local? (hidden)
      stderr:
      key is created in local, as /copilot/demo/local/secrets/key
      stdout:
      a manifest names them so:

      secrets:
        key: /copilot/\${COPILOT_APPLICATION_NAME}/\${COPILOT_ENVIRONMENT_NAME}/secrets/key
      exit code 0"
    `);
  });

  test("reads several from a file, whose values appear nowhere", async () => {
    const provider = new FakeProvider({});
    const folder = await folderWith({
      "copilot/.workspace": "application: demo\n",
      "secrets.yml": "one:\n  local: 0123\ntwo:\n  local: yes\n",
      "wrong.yml": "one:\n  local: [hunter2]\n",
      "broken.yml": "one: {local: hunter2\n",
    });
    const read = (file: string) => say(["secret", "init", "--cli-input-yaml", file], { cwd: folder }, provider);
    expect(await read("secrets.yml")).toMatchInlineSnapshot(`
      "stderr:
      one is created in local, as /copilot/demo/local/secrets/one
      two is created in local, as /copilot/demo/local/secrets/two
      stdout:
      a manifest names them so:

      secrets:
        one: /copilot/\${COPILOT_APPLICATION_NAME}/\${COPILOT_ENVIRONMENT_NAME}/secrets/one
        two: /copilot/\${COPILOT_APPLICATION_NAME}/\${COPILOT_ENVIRONMENT_NAME}/secrets/two
      exit code 0"
    `);
    expect([...provider.values.values()]).toEqual(["0123", "yes"]);
    expect(await read("wrong.yml")).toMatchInlineSnapshot(`
      "stderr:
      wrong.yml:2:10  error  this must be a value  (usage/invalid-flag)
                             write \`NAME: {environment: value}\` for each secret
      exit code 2"
    `);
    expect(await read("broken.yml")).toMatchInlineSnapshot(`
      "stderr:
      broken.yml:2:1  error  this is not YAML  (usage/invalid-flag)
                             write \`NAME: {environment: value}\` for each secret
      exit code 2"
    `);
    expect(await read("none.yml")).toMatchInlineSnapshot(`
      "stderr:
      none.yml  error  this file is missing or cannot be read  (usage/invalid-flag)
      exit code 2"
    `);
  });

  test("needs a name and values where nobody can be asked, and repeats no value", async () => {
    expect(await say(["secret", "init"])).toMatchInlineSnapshot(`
      "stderr:
      error  --name is needed  (usage/missing-input)
             pilotfish secret init --name NAME --values local=VALUE
      exit code 2"
    `);
    expect(await say(["secret", "init", "-n", "key"])).toMatchInlineSnapshot(`
      "stderr:
      error  --values is needed  (usage/missing-input)
             pilotfish secret init --name key --values local=VALUE
      exit code 2"
    `);
    expect(await say(["secret", "init", "-n", "key", "--values", "hunter2"])).toMatchInlineSnapshot(`
      "stderr:
      error  --values must be pairs such as test=VALUE  (usage/invalid-flag)
             pilotfish secret init --help
      exit code 2"
    `);
    expect(await say(["secret", "init", "-n", "a/b", "--values", "local=hunter2"])).toMatchInlineSnapshot(`
      "stderr:
      error  the name of the secret may only have letters, digits and . - _: a/b  (usage/invalid-flag)
      exit code 2"
    `);
    expect(await say(["secret", "init", "--values", "local=hunter2"])).not.toContain("hunter2");
    expect(await say(["secret", "init", "--cli-input-yaml", "x", "--values", "local=hunter2"])).not.toContain(
      "hunter2",
    );
  });
});
