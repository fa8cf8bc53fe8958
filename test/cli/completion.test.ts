import { describe, expect, test } from "vitest";
import { completionScripts } from "../../src/cli/completion/scripts.ts";
import { FakeHost, run } from "../support/fake-host.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { folderWith } from "../support/files.ts";
import { apiManifest, demoWorkspace } from "./workspaces.ts";

const files = {
  "copilot/web/manifest.yml": apiManifest.replace("name: api", "name: web"),
  "copilot/environments/prod/manifest.yml": "name: prod\ntype: Environment\n",
  "copilot/pipelines/in-a-folder/manifest.yml": "name: release\nversion: 1\n",
};
const environments = [
  { app: "demo", name: "test" },
  { app: "shop", name: "stage" },
];

/** The candidates for a command line whose last word is being typed; `…\t` is a description. */
async function tab(...words: string[]): Promise<string> {
  const host = new FakeHost({ cwd: await demoWorkspace(files), provider: new FakeProvider({ environments }) });
  const said = await run(["__complete", ...words], host);
  expect(said).toMatch(/exit code 0$/);
  expect(host.stderr.text).toBe("");
  return host.stdout.text
    .split("\n")
    .map((line) => line.split("\t")[0])
    .join(" ")
    .trim();
}

describe("Tab", () => {
  test("offers commands, groups and what is in them", async () => {
    expect(await tab("")).toMatchInlineSnapshot(
      `"init app env deploy svc job pipeline task secret validate verify continue-rollback unlock local completion docs version"`,
    );
    expect(await tab("ap")).toBe("app");
    expect(await tab("env", "")).toBe("init deploy ls show package delete");
    expect(await tab("svc", "de")).toBe("deploy delete");
    expect(await tab("help", "local", "st")).toBe("start status stop");
  });

  test("offers the flags of a command that were not given yet", async () => {
    expect(await tab("env", "show", "-")).toMatchInlineSnapshot(
      `"--app --name --local --aws --resources --manifest --json"`,
    );
    expect(await tab("env", "show", "--json", "-n", "test", "--")).toMatchInlineSnapshot(
      `"--app --local --aws --resources --manifest"`,
    );
    expect(await tab("svc", "logs", "--tasks", "a", "--ta")).toBe("--tasks");
    expect(await tab("svc", "status", "")).toContain("--name");
  });

  test("says what commands and flags are for", async () => {
    const host = new FakeHost({ cwd: await demoWorkspace() });
    expect(await run(["__complete", "env", "del"], host)).toMatchInlineSnapshot(`
      "stdout:
      delete	Removes an environment in which nothing is deployed.
      exit code 0"
    `);
  });

  test("offers the names of services, environments and applications", async () => {
    expect(await tab("svc", "deploy", "-n", "")).toBe("api web");
    expect(await tab("svc", "deploy", "--name", "w")).toBe("web");
    expect(await tab("svc", "deploy", "-e", "")).toBe("local test prod");
    expect(await tab("env", "delete", "--name", "t")).toBe("test");
    expect(await tab("env", "show", "--app", "shop", "-n", "")).toBe("local stage");
    expect(await tab("svc", "status", "-a", "")).toBe("demo shop");
    expect(await tab("svc", "status", "-a", "shop", "-n", "")).toBe("");
    expect(await tab("deploy", "-n", "api,")).toBe("api,web");
    expect(await tab("deploy", "-n", "a")).toBe("api");
    expect(await tab("pipeline", "package", "-n", "")).toBe("release");
    expect(await tab("pipeline", "package", "-a", "shop", "-n", "")).toBe("");
  });

  test("understands a value behind = in one word, and in the three that bash makes of it", async () => {
    expect(await tab("svc", "deploy", "--env=")).toBe("--env=local --env=test --env=prod");
    expect(await tab("svc", "deploy", "--env=te")).toBe("--env=test");
    expect(await tab("svc", "deploy", "--env", "=")).toBe("local test prod");
    expect(await tab("svc", "deploy", "--env", "=", "te")).toBe("test");
    expect(await tab("svc", "deploy", "--env", "=", "test", "-n", "a")).toBe("api");
  });

  test("offers words, files, and nothing where anything may stand", async () => {
    expect(await tab("completion", "")).toBe("bash zsh fish");
    expect(await tab("svc", "init", "-t", "Load\\ B")).toBe("Load Balanced Web Service");
    expect(await tab("svc", "init", "--dockerfile", "D")).toBe(":files");
    expect(await tab("svc", "init", "--port", "")).toBe("");
    expect(await tab("completion", "bash", "")).toBe("");
    expect(await tab("svc", "deploy", "word", "wo")).toBe("");
  });

  test("offers nothing for what this version does not have, or nobody knows", async () => {
    expect(await tab("storage", "")).toBe("");
    expect(await tab("job", "override", "--")).toBe("");
    expect(await tab("frobnicate", "--")).toBe("");
    expect(await tab("svc", "deploy", "--frobnicate", "--zz")).toBe("");
  });

  test("never fails: outside of a workspace, in a broken one, with a state that cannot be read", async () => {
    const ask = async (cwd: string, provider?: FakeProvider) =>
      run(["__complete", "svc", "deploy", "-e", ""], new FakeHost({ cwd, provider }));
    expect(await ask(await folderWith({}))).toBe("stdout:\nlocal\nexit code 0");
    expect(await ask(await folderWith({ "copilot/.workspace": "[" }))).toBe("stdout:\nlocal\nexit code 0");
    const provider = new FakeProvider({});
    provider.listEnvironments = async () => {
      throw new Error("the disk is on fire");
    };
    expect(await ask(await demoWorkspace(), provider)).toBe("exit code 0");
  });
});

describe("completion", () => {
  const say = (env: Record<string, string>, ...argv: string[]): Promise<string> =>
    run(["completion", ...argv], new FakeHost({ cwd: "/", env }));

  test.each(["bash", "zsh", "fish"] as const)("prints the script for %s", async (shell) => {
    expect(await say({}, shell)).toBe(`stdout:\n${completionScripts[shell]}exit code 0`);
    expect(await say({ SHELL: `/usr/bin/${shell}` })).toBe(await say({}, shell));
  });

  test("wants to know the shell where it cannot tell", async () => {
    expect(await say({ SHELL: "/bin/tcsh" })).toMatchInlineSnapshot(`
      "stderr:
      error  which shell? One of bash, zsh, fish  (usage/missing-input)
             pilotfish completion bash
      exit code 2"
    `);
    expect(await say({}, "tcsh")).toMatchInlineSnapshot(`
      "stderr:
      error  shell must be one of bash, zsh, fish  (usage/invalid-flag)
             pilotfish completion --help
      exit code 2"
    `);
  });
});
