import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FakeHost, type FakeHostOptions, run } from "../support/fake-host.ts";
import { folderWith } from "../support/files.ts";

const shop = { "copilot/.workspace": "application: shop\n", "report/Dockerfile": "FROM scratch\n" };

async function say(argv: string[], files: Record<string, string>, options: Partial<FakeHostOptions> = {}) {
  const cwd = await folderWith(files);
  const shown = await run(argv, new FakeHost({ cwd, ...options }));
  const manifest = await readFile(join(cwd, "copilot/report/manifest.yml"), "utf8").catch(() => "");
  return { shown, manifest, cwd };
}

describe("job init", () => {
  test("writes a manifest that validate takes as it is", async () => {
    const argv = ["job", "init", "-n", "report", "-s", "0 3 * * 1-5", "--timeout", "90s", "--retries", "2"];
    const { shown, manifest, cwd } = await say(argv, shop);
    expect(shown).toMatchInlineSnapshot(`
      "stderr:
      image: built from report/Dockerfile, the only Dockerfile
      stdout:
      wrote copilot/report/manifest.yml
      wrote copilot/.schema/scheduled-job.json

      deploy it: pilotfish job deploy -n report -e test
      exit code 0"
    `);
    expect(manifest.replace(/^\s*#.*\n/gm, "").replace(/\n{2,}/g, "\n")).toMatchInlineSnapshot(`
      "name: report
      type: Scheduled Job
      on:
        schedule: 0 3 * * 1-5
      retries: 2
      timeout: 90s
      image:
        build: report/Dockerfile
      cpu: 256
      memory: 512
      "
    `);
    expect(await run(["validate"], new FakeHost({ cwd }))).toContain("exit code 0");
    expect(await run(argv, new FakeHost({ cwd }))).toContain(
      "copilot/report/manifest.yml was there and stays as it is",
    );
  });

  test("on a terminal asks for what was not given", async () => {
    const options = { terminal: { columns: 120, rows: 30 }, answers: ["report", "report/Dockerfile", "@daily"] };
    expect((await say(["job", "init"], shop, options)).shown).toMatchInlineSnapshot(`
      "asked:
      What is the name of the job? report
      Which Dockerfile builds the image of report? [report/Dockerfile | none: run an existing image] report/Dockerfile
      When does it run? (cron in UTC, @daily, @every 90m) (@daily) @daily
      stdout:
      wrote copilot/report/manifest.yml
      wrote copilot/.schema/scheduled-job.json

      deploy it: pilotfish job deploy -n report -e test
      exit code 0"
    `);
  });

  test("names all that is missing where there is nobody to ask", async () => {
    expect((await say(["job", "init"], { "copilot/.workspace": "application: shop\n" })).shown).toMatchInlineSnapshot(`
      "stderr:
      error  needed, because there is nobody to ask: --name, --schedule, --dockerfile or --image  (usage/missing-input)
             pilotfish job init --name report --schedule @daily --dockerfile Dockerfile
      exit code 2"
    `);
  });

  test("refuses what a deploy would refuse later", async () => {
    const init = (...more: string[]) => say(["job", "init", "-n", "report", "-i", "busybox", ...more], shop);
    expect((await init("-s", "none")).shown).toMatchInlineSnapshot(`
      "stderr:
      error  --schedule none: none is for an environment's overlay: a job begins with a schedule  (usage/invalid-flag)
             for instance --schedule @daily
      exit code 2"
    `);
    expect((await init("-s", "61 * * * *")).shown).toMatchInlineSnapshot(`
      "stderr:
      error  --schedule 61 * * * *: is no schedule: \`61\` is no minute: it takes 0-59  (usage/invalid-flag)
             for instance --schedule @daily
      exit code 2"
    `);
    expect((await init("-s", "@daily", "--timeout", "1.5s")).shown).toMatchInlineSnapshot(`
      "stderr:
      error  --timeout must be whole seconds, such as 90s or 1h30m, not 1.5s  (usage/invalid-flag)
      exit code 2"
    `);
    expect((await init("-s", "@daily", "-t", "Cron")).shown).toMatchInlineSnapshot(`
      "stderr:
      error  --job-type: there is no type "Cron" of jobs  (usage/invalid-flag)
             use "Scheduled Job", or leave it out
      exit code 2"
    `);
    expect((await init("-s", "@daily", "-d", "Dockerfile")).shown).toMatchInlineSnapshot(`
      "stderr:
      error  --dockerfile and --image exclude each other  (usage/invalid-flag)
             leave one of them out: pilotfish job init --help
      exit code 2"
    `);
  });
});

test("a job is not deployed to the simulator, and a service is no job", async () => {
  const files = {
    ...shop,
    "copilot/report/manifest.yml": "name: report\ntype: Scheduled Job\non: {schedule: none}\nimage: {location: x}\n",
    "copilot/api/manifest.yml": "name: api\ntype: Backend Service\nimage: {location: x}\n",
  };
  expect((await say(["job", "deploy", "-e", "local"], files)).shown).toMatchInlineSnapshot(`
    "stderr:
    copilot/report/manifest.yml  error  report is a Scheduled Job, and deploying one to this machine is not in this version of pilotfish  (workload/not-deployed-here)
                                        pilotfish job package -n report -e test --facts facts.json
    exit code 1"
  `);
  expect((await say(["job", "deploy", "-n", "api", "-e", "local"], files)).shown).toMatchInlineSnapshot(`
    "stderr:
    error  --name api: this is a service, not a job  (usage/invalid-flag)
           pilotfish svc deploy -n api -e local
    exit code 2"
  `);
});
