import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FakeHost, run } from "../support/fake-host.ts";
import { demoWorkspace } from "./workspaces.ts";

const facts = { "facts.json": JSON.stringify({ account: "123456789012" }) };

test("app package writes both templates with what belongs to them", async () => {
  const cwd = await demoWorkspace(facts);
  const args = ["app", "package", "--facts", "facts.json", "--output-dir", "infrastructure"];
  expect(await run(args, new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    wrote infrastructure/demo-infrastructure-roles.stack.yml
    wrote infrastructure/demo-infrastructure-roles.params.json
    wrote infrastructure/demo-infrastructure.stackset.yml
    wrote infrastructure/demo-infrastructure.params.json
    exit code 0"
  `);
  const written = async (name: string) => readFile(join(cwd, "infrastructure", name), "utf8");
  expect(JSON.parse(await written("demo-infrastructure.params.json"))).toEqual({
    Parameters: {},
    Tags: { "copilot-application": "demo" },
  });
  expect((await written("demo-infrastructure.stackset.yml")).split("\n").slice(0, 14).join("\n"))
    .toMatchInlineSnapshot(`
    "AWSTemplateFormatVersion: "2010-09-09"
    Description: Cross-regional resources to support the CodePipeline for a workspace
    Metadata:
      TemplateVersion: v1.34.1
      Version: 1
      Workloads:
        - Name: api
          WithECR: true
      Accounts: []
      Services: "See #5140"
    Resources:
      KMSKey:
        Metadata:
          aws:copilot:description: The key that encrypts artifacts"
  `);
});

test("without a folder both go to stdout, one after the other", async () => {
  const cwd = await demoWorkspace(facts);
  const said = await run(["app", "package", "--facts", "facts.json", "--app", "demo"], new FakeHost({ cwd }));
  expect(said.split("\n").filter((line) => /^(---|AWSTemplateFormatVersion|exit)/.test(line))).toMatchInlineSnapshot(`
    [
      "AWSTemplateFormatVersion: "2010-09-09"",
      "---",
      "AWSTemplateFormatVersion: "2010-09-09"",
      "exit code 0",
    ]
  `);
});

test.for<[what: string, args: string[]]>([
  ["no facts", []],
  ["no account", ["--facts", "empty.json"]],
  ["another application", ["--facts", "facts.json", "--app", "shop"]],
])("%s: app package says what is missing", async ([, args]) => {
  const cwd = await demoWorkspace({ ...facts, "empty.json": "{}" });
  expect(await run(["app", "package", ...args], new FakeHost({ cwd }))).toMatchSnapshot();
});
