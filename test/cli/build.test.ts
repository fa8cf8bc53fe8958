import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { FakeHost, run } from "../support/fake-host.ts";
import { completed, FakeProvider, service } from "../support/fake-provider.ts";
import { screenOf } from "../support/screen.ts";
import { waitFor } from "../support/wait-for.ts";
import { apiManifest, demoWorkspace } from "./workspaces.ts";

const image = `sha256:${"ab".repeat(32)}`;

/** A client that has no buildx and builds as the script says; it notes how it was called. */
const docker = (build: string): string => `#!/bin/sh
echo "$DOCKER_HOST $*" >> "$DOCKER_LOG"
case "$1" in
  buildx) exit 1 ;;
  build) for word in "$@"; do case "$word" in --iidfile=*) ids="\${word#--iidfile=}" ;; esac; done
${build}
;;
  image) echo '{"Os":"linux","Architecture":"amd64"}' ;;
  version) echo 20.10.24 ;;
esac
`;

const good = `printf 'Step 1/1 : FROM scratch\\n\\033[91mwarning: old\\033[0m\\n'; printf ${image} > "$ids"`;

interface BuilderOptions {
  terminal?: { columns: number; rows: number };
  manifest?: string;
  files?: Record<string, string>;
}

async function builder(script: string, { manifest, files, ...options }: BuilderOptions = {}) {
  const cwd = await demoWorkspace({
    "copilot/api/manifest.yml": manifest ?? apiManifest.replace("location: demo/api:1", "build: Dockerfile"),
    ...files,
    Dockerfile: "FROM scratch\n",
    "bin/docker": docker(script),
  });
  await chmod(join(cwd, "bin/docker"), 0o755);
  const provider = new FakeProvider({
    deploy: { steps: [], result: { outcome: "completed", status: service([completed(1)]), durationMs: 1000 } },
  });
  const env = { PATH: `${join(cwd, "bin")}:/usr/bin:/bin`, DOCKER_LOG: join(cwd, "calls"), NO_COLOR: "1" };
  const host = new FakeHost({ cwd, provider, env, dockerHost: "unix:///engine.sock", ...options });
  return { host, provider, calls: () => readFile(join(cwd, "calls"), "utf8") };
}

const argv = ["svc", "deploy", "-n", "api", "-e", "local", "--tag", "v1"];

test("an image is built on the simulator's Engine, its output shown line by line, and deployed by its id", async () => {
  const { host, provider, calls } = await builder(good);
  expect(await run(argv, host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    image of api: building Dockerfile for linux/amd64
      | Step 1/1 : FROM scratch
      | warning: old
    image of api: built demo/api:v1 (abababababab) in 0 ms
    stdout:
    api is deployed in 1.0 s: revision 1 serves, 1 of 1 task running
      http://127.0.0.1:8080/
      logs: pilotfish svc logs -n api -e local --follow
    exit code 0"
  `);
  expect(provider.deployed[0]?.images).toEqual({ api: { name: "demo/api:v1", id: image } });
  expect((await calls()).split("\n").every((line) => line === "" || line.startsWith("unix:///engine.sock "))).toBe(
    true,
  );
});

describe("with a sidecar that is built too", () => {
  const manifest = `${apiManifest.replace("location: demo/api:1", "build: Dockerfile")}
sidecars:
  nginx:
    image: { build: nginx/Dockerfile }
  redis:
    image: redis:7
`;

  async function both(script: string) {
    const { host, provider, calls } = await builder(script, {
      manifest,
      files: { "nginx/Dockerfile": "FROM scratch\n" },
    });
    return { provider, calls, output: await run(argv, host) };
  }

  test("both are built at the same time, each line says whose it is, and each container gets its image", async () => {
    // Each waits for the other to have begun.
    const wait = 'cd "${DOCKER_LOG%/*}"; touch $$.begun; until [ $(ls *.begun | wc -l) -gt 1 ]; do sleep 0.01; done';
    const { provider, calls, output } = await both(`${wait}; ${good}`);
    const lines = output.split("\n").filter((line) => /image of|\|/.test(line));
    expect(lines.toSorted()).toMatchInlineSnapshot(`
      [
        "  api | Step 1/1 : FROM scratch",
        "  api | warning: old",
        "  nginx | Step 1/1 : FROM scratch",
        "  nginx | warning: old",
        "image of api: building Dockerfile for linux/amd64",
        "image of api: built demo/api:v1 (abababababab) in 0 ms",
        "image of nginx: building nginx/Dockerfile for linux/amd64",
        "image of nginx: built demo/api:nginx-latest (abababababab) in 0 ms",
      ]
    `);
    expect(provider.deployed[0]?.images).toMatchInlineSnapshot(`
      {
        "api": {
          "id": "sha256:abababababababababababababababababababababababababababababababab",
          "name": "demo/api:v1",
        },
        "nginx": {
          "id": "sha256:abababababababababababababababababababababababababababababababab",
          "name": "demo/api:nginx-latest",
        },
        "redis": {
          "name": "redis:7",
        },
      }
    `);
    const tags = (await calls()).split("\n").filter((line) => line.includes(" tag "));
    expect(tags.map((line) => line.split(" ").at(-1)).toSorted()).toMatchInlineSnapshot(`
      [
        "demo/api:latest",
        "demo/api:nginx-latest",
        "demo/api:v1",
      ]
    `);
  });

  test("when one fails the other is given up, and nothing is deployed", async () => {
    const script = `case "$*" in *nginx*) echo no such thing; exit 1 ;; *) exec sleep 60 ;; esac`;
    const { provider, output } = await both(script);
    expect(output).toMatchInlineSnapshot(`
      "stderr:
      application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
      image of api: building Dockerfile for linux/amd64
      image of nginx: building nginx/Dockerfile for linux/amd64
        nginx | no such thing
      nginx/Dockerfile  error  the image of nginx could not be built  (image/build-failed)
                               the last lines of the build say what is wrong
      exit code 1"
    `);
    expect(provider.deployed).toEqual([]);
  });
});

test("on a terminal only the last line of a build is shown, in the tree", async () => {
  const terminal = { columns: 100, rows: 24 };
  const { host } = await builder(good, { terminal });
  expect(await main(argv, host)).toBe(0);
  expect(await screenOf(host.stderr.text, terminal)).toMatchInlineSnapshot(`
    "application demo · environment local · service api · simulator on this machine · runtime docker (Eng
    ine 20.10.24) · speed 10
    ✓ image of api  demo/api:v1  abababababab  0 ms"
  `);
});

test("a build that fails shows its last lines and deploys nothing", async () => {
  const { host, provider } = await builder("echo one; echo 'cannot find it' >&2; exit 1");
  expect(await run(argv, host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    image of api: building Dockerfile for linux/amd64
      | one
      | cannot find it
    Dockerfile  error  the image of api could not be built  (image/build-failed)
                       the last lines of the build say what is wrong
    exit code 1"
  `);
  expect(provider.deployed).toEqual([]);
});

test("a build's lines are events of their own with --json", async () => {
  const { host } = await builder(good);
  await main([...argv, "--json"], host);
  const events = host.stdout.text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string });
  expect(events.map(({ type }) => type)).toMatchInlineSnapshot(`
    [
      "target",
      "build-started",
      "build-output",
      "build-output",
      "build-finished",
      "result",
    ]
  `);
});

test("Ctrl-C during a build ends it and deploys nothing", async () => {
  const { host, provider, calls } = await builder("echo started; exec sleep 600");
  const ended = run(argv, host);
  await waitFor("the build's first line", () => host.stderr.text.includes("| started"));
  host.interrupt();
  expect(await ended).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    image of api: building Dockerfile for linux/amd64
      | started
    interrupted
    exit code 130"
  `);
  expect(provider.deployed).toEqual([]);
  expect(await calls()).not.toContain("tag");
});

test("a Dockerfile that is missing is an error at the manifest's line", async () => {
  const cwd = await demoWorkspace({
    "copilot/api/manifest.yml": apiManifest.replace("location: demo/api:1", "build: Dockerfile"),
  });
  const host = new FakeHost({ cwd, provider: new FakeProvider({}) });
  expect(await run(argv, host)).toMatchInlineSnapshot(`
    "stderr:
    copilot/api/manifest.yml:4:10  error  there is no Dockerfile \`Dockerfile\`  (files/missing)
                                          paths in a manifest start at the folder that holds \`copilot\`
    error  copilot/api/manifest.yml has an error  (manifest/invalid)
    exit code 1"
  `);
});
