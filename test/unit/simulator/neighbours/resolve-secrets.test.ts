import { describe, expect, test } from "vitest";
import { jsonMember } from "../../../../src/simulator/neighbours/json-member.ts";
import { putHint } from "../../../../src/simulator/neighbours/put-hint.ts";
import { resolveSecrets, UnresolvedValue } from "../../../../src/simulator/neighbours/resolve-secrets.ts";
import { resolveTaskValues } from "../../../../src/simulator/neighbours/resolve-task-values.ts";
import type { ValueStore } from "../../../../src/simulator/neighbours/value-store.ts";
import { valuesOnDisk } from "./fixture.ts";

const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:";
const parameter = "arn:aws:ssm:eu-west-1:123456789012:parameter";

function filled(): ValueStore {
  const { store } = valuesOnDisk();
  store.put("parameter", "/shop/key", "first key", false);
  store.put("parameter", "/shop/key", "key", true);
  store.put("parameter", "plain", "plain", false);
  store.put("parameter", "/one", "one", false);
  store.put("secret", "prod/db", `{"user":"admin","port":5432}`, false);
  store.put("secret", "prod/db", `{"user":"root","port":5433,"host:name":"h"}`, true);
  store.put("secret", "ends-abcdef", "whole name", false);
  return store;
}

describe("a value is found by", () => {
  test.each([
    ["the name of a parameter", "/shop/key", "key"],
    ["a name without a slash", "plain", "plain"],
    ["a version of a parameter", "/shop/key:1", "first key"],
    ["the ARN of a parameter", `${parameter}/shop/key`, "key"],
    ["the ARN of a parameter without levels", `${parameter}/plain`, "plain"],
    ["the ARN of one that begins with a slash", `${parameter}/one`, "one"],
    ["a version in the ARN", `${parameter}/shop/key:1`, "first key"],
    ["the ARN of a secret", `${secret}prod/db-a1B2c3`, `{"user":"root","port":5433,"host:name":"h"}`],
    ["the same without the random end", `${secret}prod/db`, `{"user":"root","port":5433,"host:name":"h"}`],
    ["a name that looks as if it had a random end", `${secret}ends-abcdef`, "whole name"],
    ["a JSON key", `${secret}prod/db:user::`, "root"],
    ["a JSON key that is a number", `${secret}prod/db:port::`, "5433"],
    ["a stage", `${secret}prod/db-a1B2c3::AWSPREVIOUS:`, `{"user":"admin","port":5432}`],
    ["a JSON key of a stage", `${secret}prod/db-a1B2c3:port:AWSPREVIOUS:`, "5432"],
    ["empty places for key, stage and version", `${secret}ends-abcdef:::`, "whole name"],
    ["another partition", `${secret.replace("aws", "aws-cn")}ends-abcdef`, "whole name"],
  ])("%s", (_form, valueFrom, expected) => {
    expect(resolveSecrets([valueFrom], filled()).get(valueFrom)).toBe(expected);
  });

  test("a version's id", () => {
    const store = filled();
    const versions = store.list().find(({ name }) => name === "prod/db")?.versions ?? [];
    const sources = versions.map(({ id }) => `${secret}prod/db:user::${id}`);
    expect(sources.map((source) => resolveSecrets(sources, store).get(source))).toEqual(["root", "admin"]);
  });
});

describe("what is missing stops the task in ECS's words, and the hint is what to type:", () => {
  test.each([
    ["parameters, all at once", ["/none", "/shop/key", "plainer", `${parameter}/absent/arn`]],
    ["a parameter whose name cannot be", ["/none", "a/b"]],
    ["a version of a parameter", ["/shop/key:7"]],
    ["a secret", [`${secret}none-a1B2c3`]],
    ["a name that a shell would take apart", [`${secret}o'neill`]],
    ["a JSON key", [`${secret}prod/db:password::`]],
    ["a JSON key of what is no JSON", [`${secret}ends-abcdef:password::`]],
    ["a stage", [`${secret}prod/db::AWSPENDING:`]],
    ["a version id", [`${secret}prod/db:::0000`]],
    ["a stage and a version id", [`${secret}prod/db::AWSCURRENT:0000`]],
    ["colons", [`${secret}prod/db:password`]],
    ["another service", ["arn:aws:s3:::bucket/key"]],
  ])("%s", (_what, sources) => {
    const said = failureOf(() => resolveSecrets(sources, filled()));
    const [, end = ""] = said.split("execution resource retrieval failed: ");
    expect(`${end}\n→ ${putHint(`ResourceInitializationError: ${said}`, sources)}`).toMatchSnapshot();
    expect(said).toMatch(/^unable to pull secrets or registry auth: execution resource retrieval failed: /);
  });

  test("an environment file", () => {
    const containers = [{ name: "api", environmentFiles: [{ value: "arn:aws:s3:::shop/none.env" }] }];
    const said = failureOf(() => resolveTaskValues(containers, filled()));
    expect(`${said}\n→ ${putHint(said, [])}`).toMatchInlineSnapshot(`
      "failed to download env files: file download command: non empty error stream: service call has been retried 1 time(s): NoSuchKey: The specified key does not exist: arn:aws:s3:::shop/none.env
      → name the file in the manifest, with env_file"
    `);
  });
});

test("each container gets its own variables and files", () => {
  const store = filled();
  store.putObject("arn:aws:s3:::shop/a.env", "A=1");
  store.putObject("arn:aws:s3:::shop/b.env", "A=2");
  const containers = [
    {
      name: "api",
      secrets: [{ name: "KEY", valueFrom: "/shop/key" }],
      environmentFiles: [{ value: "arn:aws:s3:::shop/b.env" }, { value: "arn:aws:s3:::shop/a.env" }],
    },
    { name: "nginx", secrets: [{ name: "KEY", valueFrom: "plain" }] },
  ];
  expect(resolveTaskValues(containers, store)).toEqual({
    secrets: { api: { KEY: "key" }, nginx: { KEY: "plain" } },
    environmentFiles: { api: ["A=2", "A=1"], nginx: [] },
  });
});

test.each([
  [`{"k":"text \\n"}`, "text \n"],
  [`{"k":true}`, "true"],
  [`{"k":null}`, "<nil>"],
  [`{"k":0}`, "0"],
  [`{"k":-0}`, "-0"],
  [`{"k":123456}`, "123456"],
  [`{"k":1234567}`, "1.234567e+06"],
  [`{"k":12345678901234567890}`, "1.2345678901234567e+19"],
  [`{"k":0.0001}`, "0.0001"],
  [`{"k":0.00001}`, "1e-05"],
  [`{"k":[1,"a",[]]}`, "[1 a []]"],
  [`{"k":{"b":1,"a":{"c":false}}}`, "map[a:map[c:false] b:1]"],
])("a member of a JSON object is what the ECS agent makes of it: %s", (document, expected) => {
  expect(jsonMember(document, "k")).toEqual({ text: expected });
});

test.each(["", "text", "[1]", `"k"`, "null", "{"])("%j is no JSON object", (document) => {
  expect(jsonMember(document, "k")).toBe("no-object");
  expect(jsonMember("{}", "toString")).toBeUndefined();
});

function failureOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof UnresolvedValue) return error.message;
    throw error;
  }
  throw new Error("nothing was missing");
}
