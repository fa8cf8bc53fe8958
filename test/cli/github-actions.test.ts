import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FakeHost, run } from "../support/fake-host.ts";
import {
  accepted,
  completed,
  deployment,
  FakeProvider,
  type Played,
  progress,
  service,
} from "../support/fake-provider.ts";
import { apiManifest } from "./workspaces.ts";
import { folderWith } from "../support/files.ts";

/** A repository whose application lies in a folder `shop`, checked out by a runner of GitHub Actions: its folder, what the
 *  runner sets, and what the step leaves behind. */
async function checkedOut(manifest = apiManifest) {
  const root = await folderWith({
    "repository/shop/copilot/.workspace": "application: demo\n",
    "repository/shop/copilot/api/manifest.yml": manifest,
  });
  const repository = join(root, "repository");
  const summary = join(root, "summary.md");
  return {
    root,
    repository,
    cwd: join(repository, "shop"),
    env: { CI: "true", GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: repository, GITHUB_STEP_SUMMARY: summary },
    page: () => readFile(summary, "utf8"),
  };
}

const broken = `${apiManifest}  pth: "50%"\ncpu: 255\n`;

test("problems stand beside their lines in the repository, also with --json", async () => {
  const { cwd, env, page } = await checkedOut(broken);
  expect(await run(["validate"], new FakeHost({ cwd, env }))).toMatchInlineSnapshot(`
    "stderr:
    ::warning file=shop/copilot/api/manifest.yml,line=8,col=3,title=schema/unknown-key::unknown key \`pth\` in \`http\`; it has no effect
    ::error file=shop/copilot/api/manifest.yml,line=9,col=6,title=task/size::Fargate has no size with 255 CPU units%0Ause one of 256, 512, 1024, 2048, 4096, 8192, 16384
    stdout:
    copilot/api/manifest.yml:8:3  warning  unknown key \`pth\` in \`http\`; it has no effect  (schema/unknown-key)
    copilot/api/manifest.yml:9:6  error  Fargate has no size with 255 CPU units  (task/size)
                                         use one of 256, 512, 1024, 2048, 4096, 8192, 16384
    1 manifest: 1 error, 1 warning
    exit code 1"
  `);
  expect(await page()).toMatchInlineSnapshot(`
    "### ❌ 1 manifest: 1 error, 1 warning

    | place |  | problem | code |
    | --- | --- | --- | --- |
    | \`copilot/api/manifest.yml:8:3\` | warning | unknown key \\\`pth\\\` in \\\`http\\\`; it has no effect | \`schema/unknown-key\` |
    | \`copilot/api/manifest.yml:9:6\` | error | Fargate has no size with 255 CPU units<br>use one of 256, 512, 1024, 2048, 4096, 8192, 16384 | \`task/size\` |

    "
  `);
  const json = new FakeHost({ cwd, env });
  await run(["validate", "--json"], json);
  expect(JSON.parse(json.stdout.text)).toMatchObject({ failed: true });
  expect(json.stderr.text.split("\n").map((line) => line.split(" ")[0])).toMatchInlineSnapshot(`
    [
      "::warning",
      "::error",
      "",
    ]
  `);
});

test("a repository that is reached by a link, and a file outside of it", async () => {
  const { root, repository, cwd } = await checkedOut(broken);
  const firstLine = async (workspace: string) => {
    const host = new FakeHost({ cwd, env: { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: workspace } });
    await run(["validate"], host);
    return host.stderr.text.split("\n")[0];
  };
  await symlink(repository, join(root, "link"));
  expect(await firstLine(join(root, "link"))).toMatchInlineSnapshot(
    `"::warning file=shop/copilot/api/manifest.yml,line=8,col=3,title=schema/unknown-key::unknown key \`pth\` in \`http\`; it has no effect"`,
  );
  await mkdir(join(root, "elsewhere"));
  expect(await firstLine(join(root, "elsewhere"))).toMatchInlineSnapshot(
    `"::warning title=schema/unknown-key::copilot/api/manifest.yml:8:3%0Aunknown key \`pth\` in \`http\`; it has no effect"`,
  );
});

const failure: Played = {
  steps: [accepted(2), progress(service([deployment(2)]), "1 task to start")],
  result: {
    outcome: "failed",
    deploymentId: deployment(2).id,
    reason: "tasks failed to start | `twice`.",
    firstFailure: {
      id: "1".repeat(32),
      deploymentId: deployment(2).id,
      stopCode: "EssentialContainerExited",
      reason: "Essential container in task exited",
      containers: [{ name: "api", exitCode: 1 }],
      failedContainer: "api",
      lastLogs: ["```", "<script>alert(1)</script>", "::error::not ours", "at \u001b[31mmain\u001b[0m"],
    },
    status: service([deployment(2, { rolloutState: "FAILED" }), completed(1)]),
    durationMs: 61_000,
  },
};

test("a deployment that fails is an annotation, and the step's page says why", async () => {
  const { cwd, env, page } = await checkedOut();
  const host = new FakeHost({ cwd, env, provider: new FakeProvider({ deploy: failure }) });
  expect(await run(["svc", "deploy", "-n", "api", "-e", "local"], host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    deployment ecs-svc/0000000000000000002 of demo-local-api:2: accepted
    revision 2: 1 desired · 0 running · 0 pending · 0 healthy · 0 failed; waiting for 1 task to start
    error  the deployment of api failed: tasks failed to start | \`twice\`.  (deploy/failed)
           | revision 1 serves, 1 of 1 task running
           |   http://127.0.0.1:8080/
           pilotfish svc logs -n api -e local --previous
    ::error title=deploy/failed::the deployment of api in local failed: tasks failed to start | \`twice\`.%0Atask stopped: Essential container in task exited
    exit code 1"
  `);
  expect(await page()).toMatchInlineSnapshot(`
    "### demo in local

    | workload | outcome | revision | image | address | time |
    | --- | --- | --- | --- | --- | --- |
    | api | ❌ failed | 2 | \`sha256:abababababab\` | <http://127.0.0.1:8080/> | 1 min 1 s |

    **api** failed: tasks failed to start \\| \\\`twice\\\`.

    \`\`\`\`
    task 11111111 stopped: EssentialContainerExited: Essential container in task exited
      container api: exit code 1
      last log lines of api:
      | \`\`\`
      | <script>alert(1)</script>
      | ::error::not ours
      | at main
    \`\`\`\`

    "
  `);
});

test("what was deployed is on the step's page; a page that cannot be written is a warning", async () => {
  const { cwd, env, page } = await checkedOut();
  const provider = () =>
    new FakeProvider({
      deploy: {
        steps: [accepted(1)],
        result: {
          outcome: "completed",
          deploymentId: deployment(1).id,
          status: service([completed(1)]),
          durationMs: 12_300,
        },
      },
    });
  await run(["deploy", "-e", "local"], new FakeHost({ cwd, env, provider: provider() }));
  expect(await page()).toMatchInlineSnapshot(`
    "### demo in local

    | workload | outcome | revision | image | address | time |
    | --- | --- | --- | --- | --- | --- |
    | api | ✅ completed | 1 | \`sha256:abababababab\` | <http://127.0.0.1:8080/> | 12.3 s |

    "
  `);
  const lost = { ...env, GITHUB_STEP_SUMMARY: join(cwd, "no", "such", "folder.md") };
  const host = new FakeHost({ cwd, env: lost, provider: provider() });
  const shown = await run(["deploy", "-e", "local"], host);
  expect(shown.replaceAll(cwd, "FOLDER")).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    deployment ecs-svc/0000000000000000001 of demo-local-api:1: accepted
    warning  the step's summary was not written: ENOENT: no such file or directory, open 'FOLDER/no/such/folder.md'
    ::warning::the step's summary was not written: ENOENT: no such file or directory, open 'FOLDER/no/such/folder.md'
    stdout:
    api is deployed in 12.3 s: revision 1 serves, 1 of 1 task running
      http://127.0.0.1:8080/
      logs: pilotfish svc logs -n api -e local --follow
    exit code 0"
  `);
});

test("what keeps a command from its work is an annotation and on the page; what was typed is not", async () => {
  const { cwd, env, page } = await checkedOut();
  const host = new FakeHost({ cwd, env });
  const shown = await run(["svc", "deploy", "-n", "nothere", "-e", "local", "--tag", "typed"], host);
  expect(shown).toMatchInlineSnapshot(`
    "stderr:
    error  there is no copilot/nothere/manifest.yml  (workspace/workload-not-found)
           there are: api
    ::error title=workspace/workload-not-found::there is no copilot/nothere/manifest.yml%0Athere are: api
    exit code 1"
  `);
  expect(await page()).toMatchInlineSnapshot(`
    "### ❌ pilotfish svc deploy

    \`\`\`
    error  there is no copilot/nothere/manifest.yml  (workspace/workload-not-found)
           there are: api
    \`\`\`

    "
  `);
});

test("elsewhere nothing of it is printed", async () => {
  const { cwd } = await checkedOut(broken);
  const host = new FakeHost({ cwd, env: { CI: "true" } });
  expect((await run(["validate"], host)).includes("::")).toBe(false);
});

test("while nothing happens in CI, a line every half minute tells what is waited for", async () => {
  const { cwd } = await checkedOut();
  const host: FakeHost = new FakeHost({
    cwd,
    env: { CI: "true" },
    terminal: { columns: 80, rows: 24 },
    provider: new FakeProvider({
      deploy: {
        steps: [accepted(1), progress(service([deployment(1)]), "1 task to start"), () => host.pass(65_000)],
        result: { outcome: "completed", status: service([completed(1)]), durationMs: 65_000 },
      },
    }),
  });
  await run(["svc", "deploy", "-n", "api", "-e", "local"], host);
  expect(host.stderr.text).toMatchInlineSnapshot(`
    "[1mapplication demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10[22m
    deployment ecs-svc/0000000000000000001 of demo-local-api:1: accepted
    revision 1: 1 desired · 0 running · 0 pending · 0 healthy · 0 failed; waiting for 1 task to start
    still waiting for 1 task to start, 30.0 s so far
    still waiting for 1 task to start, 1 min 0 s so far
    "
  `);
  // Colours are wanted on a terminal; what moves a cursor is not.
  // oxlint-disable-next-line no-control-regex -- a cursor moves by them
  expect(/\u001b\[[\d;?]*[^m\d;?]|\r/.test(host.stderr.text + host.stdout.text)).toBe(false);
});
