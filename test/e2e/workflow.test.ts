import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { pilotfish, runCli } from "../support/run-cli.ts";
import { serviceFolder } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

interface Job {
  needs?: string;
  environment?: string;
  concurrency?: { group: string; "cancel-in-progress": boolean };
  steps: { uses?: string; run?: string; with?: Record<string, unknown> }[];
}

/** A folder for the PATH. Nothing is installed from a registry here: `npm` writes down what it is asked for, and
 *  `pilotfish` is the one that was built. */
async function programs(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  };
  await write("npm", `echo "npm $*" >> "${join(folder, "asked.txt")}"`);
  await write("pilotfish", `exec "${process.execPath}" "${pilotfish}" "$@"`);
  return folder;
}

describeWithEngine("the workflow that pipeline init writes", () => {
  test("its steps, one by one as GitHub's runner starts them, check and deploy the application", async () => {
    const { folder, repository } = await serviceFolder(
      "api",
      {
        command: ["/bin/sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1; done"],
      },
      "image: { build: Dockerfile }\n",
      "Backend Service",
    );
    const home = await simulatorHome();
    await execa("git", ["init", "-q", "-b", "main"], { cwd: folder });
    const written = await runCli(["pipeline", "init", "--provider", "GitHubActions", "-e", "local"], {
      cwd: folder,
      home,
    });
    expect(written.code, written.stderr).toBe(0);
    const { permissions, jobs } = parse(
      await readFile(join(folder, ".github/workflows/deploy.yml"), "utf8"),
    ) as Workflow;
    expect(permissions).toEqual({ contents: "read", "id-token": "write" });
    expect(Object.keys(jobs)).toEqual(["validate", "deploy-local"]);
    expect(jobs["deploy-local"]).toMatchObject({
      needs: "validate",
      environment: "local",
      concurrency: { "cancel-in-progress": false },
    });
    const bin = await programs(join(folder, ".bin"));
    const summary = join(folder, ".summary.md");
    const env = {
      PATH: `${bin}${delimiter}${process.env["PATH"]}`,
      PILOTFISH_HOME: home,
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: folder,
      GITHUB_STEP_SUMMARY: summary,
    };
    const ran: string[] = [];
    for (const { steps } of Object.values(jobs))
      for (const { uses, run } of steps) {
        if (run === undefined) {
          ran.push(`(${uses})`);
          continue;
        }
        // As the runner does where no shell is named.
        const step = await execa("bash", ["-e", "-c", run], {
          cwd: folder,
          env,
          reject: false,
          stdin: "ignore",
          all: true,
        });
        ran.push(`${run}: ${step.exitCode}`);
        expect(step.exitCode, step.all).toBe(0);
        // oxlint-disable-next-line no-control-regex -- nothing moves a cursor
        expect(step.all).not.toMatch(/[\u001b\r]/);
      }
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, "../../package.json"), "utf8")) as {
      version: string;
    };
    const named = (text: string) => text.replaceAll(version, "VERSION").replaceAll(repository, "REPOSITORY");
    expect(named(ran.join("\n"))).toMatchInlineSnapshot(`
      "(actions/checkout@v5)
      (actions/setup-node@v5)
      npm install --global pilotfish@VERSION: 0
      pilotfish validate: 0
      (actions/checkout@v5)
      (actions/setup-node@v5)
      npm install --global pilotfish@VERSION: 0
      (aws-actions/configure-aws-credentials@v5)
      pilotfish deploy --all --env local --init-wkld: 0"
    `);
    expect(named(await readFile(join(bin, "asked.txt"), "utf8"))).toMatchInlineSnapshot(`
      "npm install --global pilotfish@VERSION
      npm install --global pilotfish@VERSION
      "
    `);
    const page = (await readFile(summary, "utf8"))
      .replace(/sha256:\w+/g, "sha256:…")
      .replace(/[\d.]+ (ms|s) \|/g, "TIME |");
    expect(page.replace(/### \S+ in/, "### APP in")).toMatchInlineSnapshot(`
      "### ✅ 1 manifest: no problems

      ### APP in local

      | workload | outcome | revision | image | address | time |
      | --- | --- | --- | --- | --- | --- |
      | api | ✅ completed | 1 | \`sha256:…\` |  | TIME |

      "
    `);
    const { stdout } = await runCli(["svc", "status", "-n", "api", "-e", "local"], { cwd: folder, home });
    expect(stdout).toMatch(/ 1 running, 0 pending$/m);
  });
});
