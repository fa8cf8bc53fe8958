import { chmod, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FakeHost, run } from "../support/fake-host.ts";
import { demoWorkspace } from "./workspaces.ts";

const facts = JSON.stringify({
  account: "123456789012",
  region: "eu-west-1",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
});
const job = "name: report\ntype: Scheduled Job\nimage: { location: demo/report:1 }\non: { schedule: '@daily' }\n";
const files = {
  "facts.json": facts,
  "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
  "copilot/report/manifest.yml": job,
};
const commands = {
  svc: { folder: "copilot/api/overrides", args: ["svc", "package", "-n", "api", "-e", "test"] },
  job: { folder: "copilot/report/overrides", args: ["job", "package", "-n", "report", "-e", "test"] },
  env: { folder: "copilot/environments/overrides", args: ["env", "package", "-n", "test"] },
};
type Group = keyof typeof commands;

/** Packages beside these files of the folder `overrides`. */
async function packaged(group: Group, overrides: Record<string, string>, more: string[] = []): Promise<string> {
  const { folder, args } = commands[group];
  const within = Object.entries(overrides).map(([name, text]) => [`${folder}/${name}`, text] as const);
  const cwd = await demoWorkspace({ ...files, ...Object.fromEntries(within) });
  const said = await run([...args, "--facts", "facts.json", "--output-dir", "out", ...more], new FakeHost({ cwd }));
  const template = await readFile(
    join(cwd, "out", group === "env" ? "test.env.yml" : `${args[3]}-test.stack.yml`),
    "utf8",
  ).catch(() => "");
  return `${said}\n${template
    .split("\n")
    .filter((line) => line.startsWith("Description"))
    .join("\n")}`;
}

const patch = "- op: replace\n  path: /Description\n  value: Patched\n";

test.for(["svc", "job", "env"] as const)("%s package applies the patches of its folder", async (group) => {
  const said = await packaged(group, { "cfn.patches.yml": patch });
  expect(said).toMatch(/exit code 0\nDescription: Patched$/);
});

test.for(["svc", "job", "env"] as const)("%s package does not run a CDK app, and says so", async (group) => {
  expect(await packaged(group, { "cdk.json": "{}", "stack.ts": "" })).toMatchSnapshot();
});

test.for<[what: string, overrides: Record<string, string>, more?: string[]]>([
  ["a CDK app that is to be left out", { "cdk.json": "{}" }, ["--ignore-overrides"]],
  ["patches that are to be left out", { "cfn.patches.yml": patch }, ["--ignore-overrides"]],
  ["patches beside a CDK app", { "cfn.patches.yml": patch, "cdk.json": "{}" }],
  ["a folder with nothing in it", { "": "" }],
  ["hidden files alone", { ".gitkeep": "", ".DS_Store": "" }],
  ["what is left of a CDK app", { "stack.ts": "", "README.md": "" }],
  ["a file of another name", { "cfn.patches.yaml": patch }],
  ["other files", { "README.md": "" }],
  [
    "patches that do not fit",
    { "cfn.patches.yml": "- op: remove\n  path: /Resources/Serice\n- op: remove\n  path: /Outputz\n" },
  ],
  [
    "patches for Copilot's own functions",
    { "cfn.patches.yml": "- op: remove\n  path: /Resources/EnvControllerFunction\n" },
  ],
])("%s", async ([, overrides, more]) => {
  expect(await packaged("svc", overrides, more)).toMatchSnapshot();
});

test.skipIf(process.getuid?.() === 0)("a file that may not be read is told", async () => {
  const cwd = await demoWorkspace({ ...files, "copilot/api/overrides/cfn.patches.yml": patch });
  await chmod(join(cwd, "copilot/api/overrides/cfn.patches.yml"), 0);
  expect(await run([...commands.svc.args, "--facts", "facts.json"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    copilot/api/overrides/cfn.patches.yml  error  you may not read this file  (overrides/invalid)
                                                  chmod u+r copilot/api/overrides/cfn.patches.yml
    exit code 1"
  `);
});

test("a link that leads nowhere is told", async () => {
  const cwd = await demoWorkspace({ ...files, "copilot/api/overrides/README.md": "" });
  await symlink("nowhere.yml", join(cwd, "copilot/api/overrides/cfn.patches.yml"));
  expect(await run([...commands.svc.args, "--facts", "facts.json"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    copilot/api/overrides/cfn.patches.yml  error  this link leads nowhere  (overrides/invalid)
    exit code 1"
  `);
});

test("what is no folder is told", async () => {
  const cwd = await demoWorkspace({ ...files, "copilot/api/overrides": "- op: remove\n" });
  expect(await run([...commands.svc.args, "--facts", "facts.json"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    copilot/api/overrides  error  this is not a folder  (overrides/invalid)
                                  it should be one that holds cfn.patches.yml
    exit code 1"
  `);
});

test("uploading needs AWS, whatever a file of facts says", async () => {
  const cwd = await demoWorkspace(files);
  const args = [...commands.svc.args, "--facts", "facts.json", "--upload-assets"];
  expect(await run(args, new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    error  --upload-assets and --facts exclude each other  (usage/invalid-flag)
           leave one of them out: pilotfish svc package --help
    exit code 2"
  `);
});
