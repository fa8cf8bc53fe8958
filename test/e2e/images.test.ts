import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { buildImages } from "../../src/actions/build-images.ts";
import { buildImage, type BuildContext, type ImageToBuild } from "../../src/images/build-image.ts";
import { imageLabels } from "../../src/images/image-labels.ts";
import { folderWith } from "../support/files.ts";
import { refusal } from "../support/refusal.ts";

const busybox = "/bin/busybox";
const engine = spawnSync("docker", ["version", "--format", "{{.Server.Version}}"]).status === 0;
const missing = !engine
  ? "no Docker Engine answers: install docker.io and start dockerd"
  : !existsSync(busybox)
    ? "there is no /bin/busybox: install busybox-static"
    : undefined;
const clients = [...new Set(["/usr/local/bin/docker", "/usr/bin/docker"])].filter((path) => existsSync(path));

const docker = (...args: string[]) => execFileSync("docker", args, { stdio: ["ignore", "pipe", "ignore"] }).toString();

/** A folder with busybox and a Dockerfile of these instructions, and what building it as `web` takes. The image and all that was built for
 *  it are removed afterwards; a label tells them from others. */
async function project(instructions: string[]) {
  const mark = `pilotfish.test=${randomUUID()}`;
  // The first step is like no other build's, so that the builder's cache knows only what this test has built.
  const steps = ["FROM scratch", "COPY mark /mark", "COPY busybox /bin/busybox", `LABEL ${mark}`];
  const dockerfile = [...steps, ...instructions, ""].join("\n");
  const root = await folderWith({ "web/Dockerfile": dockerfile, "web/mark": mark });
  await copyFile(busybox, join(root, "web/busybox"));
  await chmod(join(root, "web/busybox"), 0o755);
  const lines: string[] = [];
  const context: BuildContext = {
    root,
    cwd: root,
    env: process.env,
    signal: new AbortController().signal,
    onLine: (line) => lines.push(line),
  };
  const image: ImageToBuild = {
    build: {
      container: "web",
      dockerfile: "web/Dockerfile",
      context: "web",
      args: {},
      cacheFrom: [],
      platform: "linux/amd64",
    },
    repository: `pilotfish-test-${randomUUID()}/web`,
    tags: ["latest", "v1"],
    labels: imageLabels("web", "1.2.3", "shop/web"),
  };
  const containers = () => docker("ps", "--all", "--quiet", "--filter", `label=${mark}`).trim();
  onTestFinished(() => {
    const images = docker("images", "--all", "--quiet", "--filter", `label=${mark}`).split("\n").filter(Boolean);
    if (images.length > 0) spawnSync("docker", ["rmi", "--force", ...new Set(images)]);
  });
  return { root, lines, context, image, containers };
}

describe("building with a real Engine", () => {
  beforeEach((context) => {
    if (missing) context.skip(missing);
  });

  test.each(clients)("%s builds and names an image, and shows what the builder prints", async (client) => {
    const { context, image, lines } = await project([
      "ARG GREETING",
      'RUN ["/bin/busybox", "sh", "-c", "echo says $GREETING; echo and errs >&2"]',
      'CMD ["/bin/busybox", "true"]',
    ]);
    const path = await folderWith({});
    await symlink(client, join(path, "docker"));
    const built = await buildImage(
      { ...image, build: { ...image.build, args: { GREETING: "hello; 'there' $HOME" } } },
      { ...context, env: { ...process.env, PATH: path } },
    );
    expect(built.name).toBe(`${image.repository}:v1`);
    const [inspected] = JSON.parse(docker("image", "inspect", built.id));
    expect(inspected.RepoTags.toSorted()).toEqual([`${image.repository}:latest`, `${image.repository}:v1`]);
    expect(inspected.Config.Labels).toMatchObject(image.labels);
    expect(lines).toContain("says hello; 'there' $HOME");
    expect(lines).toContain("and errs");
    expect(lines.join("\n")).not.toMatch(/DEPRECATED|buildx/);
  });

  test("an image that the builder's cache has for another platform is refused before it gets its name", async () => {
    const { context, image, root } = await project([]);
    const asked = (platform: string) => ({ ...image, build: { ...image.build, platform } });
    await buildImage(asked("linux/arm64"), context);
    const arm = docker("image", "inspect", "--format", "{{.Id}} {{.Architecture}}", `${image.repository}:v1`);
    expect(arm).toMatch(/ arm64$/m);

    const refused = await refusal(buildImage(asked("linux/amd64"), context));
    expect(refused).toMatchInlineSnapshot(`
      "image/wrong-architecture: web/Dockerfile  the image is for linux/arm64, but linux/amd64 was asked for
        | Either its base image is for another platform, or the builder took layers of another platform from its cache.
        docker build --no-cache --platform=linux/amd64 --file=web/Dockerfile web"
    `);
    expect(docker("image", "inspect", "--format", "{{.Id}} {{.Architecture}}", `${image.repository}:v1`)).toBe(arm);

    const hint = refused.split("\n").at(-1) ?? "";
    expect(spawnSync("sh", ["-c", hint], { cwd: root }).status).toBe(0);
    const { id } = await buildImage(asked("linux/amd64"), context);
    expect(docker("image", "inspect", "--format", "{{.Architecture}}", id).trim()).toBe("amd64");
  });

  const lost = "0123456789abcdef".repeat(4);
  test.each([
    `unable to find image "sha256:${lost}"`,
    `failed to get digest sha256:${lost}: open /var/lib/docker/image/overlay2/imagedb/content/sha256/${lost}: no such file or directory`,
    `failed to get destination image "sha256:${lost}": No such image: sha256:${lost}`,
  ])("a build whose cache loses an image meanwhile is done again, and only then: %s", async (message) => {
    const { context, image, root, lines } = await project([]);
    const standIn = async (failures: number) => {
      const script = [
        "#!/bin/sh",
        `[ "$1" = build ] || exec ${clients[0]} "$@"`,
        `echo build >>${root}/builds`,
        `[ $(grep -c build ${root}/builds) -gt ${failures} ] && exec ${clients[0]} "$@"`,
        `echo '${message}' >&2; exit 1`,
      ].join("\n");
      const path = await folderWith({ docker: script });
      await chmod(join(path, "docker"), 0o755);
      await rm(join(root, "builds"), { force: true });
      return { ...context, env: { ...process.env, DOCKER_BUILDKIT: "0", PATH: `${path}:${process.env["PATH"]}` } };
    };
    const builds = async () => (await readFile(join(root, "builds"), "utf8")).split("\n").length - 1;

    const { name } = await buildImage(image, await standIn(2));
    expect([name, await builds()]).toEqual([`${image.repository}:v1`, 3]);
    expect(lines.filter((line) => line.endsWith("building again"))).toHaveLength(2);

    expect(await refusal(buildImage(image, await standIn(99)))).toContain("image/build-failed");
    expect(await builds()).toBe(5);
  });

  test("workloads that share a Dockerfile and are built at once keep their images as long as nothing changes", async () => {
    const { root, context, image } = await project(["ENV A=1", "ENV B=2", 'CMD ["/bin/busybox", "true"]']);
    const app = `pilotfish-test-${randomUUID()}`;
    const build = async (name: string): Promise<string | undefined> => {
      const plan = { app, name, builds: [{ ...image.build, container: name }] };
      const story = buildImages({ plan, tag: "same" }, { ...context, root, version: "1.2.3", now: Date.now });
      for (;;) {
        const step = await story.next();
        if (step.done) return step.value[name]?.id;
      }
    };
    const all = () => Promise.all(["api", "report", "work"].map(build));
    const first = await all();
    expect(new Set(first).size).toBe(3);
    expect([await all(), await all()]).toEqual([first, first]);
  });

  test("a build that fails shows its last lines and the Dockerfile", async () => {
    const { context, image, root, containers } = await project([
      'RUN ["/bin/busybox", "sh", "-c", "for i in $(/bin/busybox seq 30); do echo line $i; done; exit 3"]',
    ]);
    const failed = await refusal(buildImage(image, { ...context, cwd: join(root, "web") }));
    expect(containers()).toBe("");
    expect(failed.replace(/[0-9a-f]{12}/g, "ID")).toMatchInlineSnapshot(`
      "image/build-failed: Dockerfile  the image of web could not be built
        | line 13
        | line 14
        | line 15
        | line 16
        | line 17
        | line 18
        | line 19
        | line 20
        | line 21
        | line 22
        | line 23
        | line 24
        | line 25
        | line 26
        | line 27
        | line 28
        | line 29
        | line 30
        | Removing intermediate container ID
        | The command '/bin/busybox sh -c for i in $(/bin/busybox seq 30); do echo line $i; done; exit 3' returned a non-zero code: 3
        the last lines of the build say what is wrong"
    `);
  });

  test("an aborted build ends with its container, and leaves no client behind", async () => {
    const { context, image, containers } = await project([
      'RUN ["/bin/busybox", "sh", "-c", "echo started; exec /bin/busybox sleep 300"]',
    ]);
    const abort = new AbortController();
    const building = buildImage(image, {
      ...context,
      signal: abort.signal,
      onLine: (line) => line === "started" && abort.abort(),
    });
    expect(await refusal(building)).toMatchInlineSnapshot(`"interrupted: interrupted"`);
    await expect.poll(containers, { timeout: 20_000 }).toBe("");
    expect(spawnSync("pgrep", ["-f", dirname(image.repository)]).stdout.toString()).toBe("");
  }, 40_000);

  test("an Engine that does not answer is told from a build that fails", async () => {
    const { context, image, root } = await project([]);
    const dockerHost = `unix://${root}/none.sock`;
    expect(await refusal(buildImage(image, { ...context, dockerHost }), { [root]: "ROOT" })).toMatchInlineSnapshot(`
      "engine/unreachable: no Docker Engine answers
        | Cannot connect to the Docker daemon at unix://ROOT/none.sock. Is the docker daemon running?
        start Docker; \`docker version\` shows whether it answers"
    `);
  });
});

const contextIn = (root: string, env = {}): BuildContext => ({
  root,
  cwd: root,
  env,
  signal: new AbortController().signal,
  onLine: () => {},
});

describe("before docker is called", () => {
  const place = { file: "copilot/web/manifest.yml", line: 4, column: 10 };
  const build = { container: "web", dockerfile: "web/Dockerfile", context: "web", args: {}, cacheFrom: [] };
  const image: ImageToBuild = {
    build: { ...build, platform: "linux/amd64" },
    repository: "shop/web",
    tags: ["latest"],
    labels: {},
    place,
  };
  test("a context or Dockerfile that is not there is named at its place in the manifest", async () => {
    const root = await folderWith({ "web/": "" });
    const without = { ...image, build: { ...image.build, context: "wbe" } };
    expect(await refusal(buildImage(without, contextIn(root)))).toMatchInlineSnapshot(`
      "image/build-failed: copilot/web/manifest.yml:4:10  the build context wbe is not a folder
        paths in a manifest start at the workspace's root"
    `);
    expect(await refusal(buildImage(image, contextIn(root)))).toMatchInlineSnapshot(`
      "image/build-failed: copilot/web/manifest.yml:4:10  there is no Dockerfile web/Dockerfile
        paths in a manifest start at the workspace's root"
    `);
  });

  test("where there is no docker, the error says so", async () => {
    const root = await folderWith({ "web/Dockerfile": "FROM scratch\n" });
    expect(await refusal(buildImage(image, contextIn(root, { PATH: root })))).toMatchInlineSnapshot(`
      "image/docker-missing: the docker client is not on the PATH
        | spawn docker ENOENT
        install Docker, or name a finished image in the manifest: \`image: {location: NAME}\`"
    `);
  });
});

describe("with a client that has buildx", () => {
  test("BuildKit builds, and the image is loaded", async () => {
    const root = await folderWith({ "web/Dockerfile": "FROM scratch\n" });
    await rm(join(root, "log"), { force: true });
    await writeFile(
      join(root, "docker"),
      `#!/bin/sh
echo "$*" >> ${root}/log
case "$*" in
  "buildx version") echo github.com/docker/buildx v0.20.0 ;;
  "buildx build "*) echo "#1 building" >&2; for a; do case $a in --iidfile=*) echo sha256:1 > "\${a#*=}" ;; esac; done ;;
  "image inspect "*) echo '{"Os":"linux","Architecture":"amd64"}' ;;
esac
`,
    );
    await chmod(join(root, "docker"), 0o755);
    const lines: string[] = [];
    const image = {
      build: {
        container: "web",
        dockerfile: "web/Dockerfile",
        context: "web",
        args: {},
        cacheFrom: [],
        platform: "linux/amd64",
      },
      repository: "shop/web",
      tags: ["latest"],
      labels: {},
    };
    const built = await buildImage(image, {
      root,
      cwd: root,
      env: { PATH: `${root}:/bin:/usr/bin` },
      signal: new AbortController().signal,
      onLine: (line) => lines.push(line),
    });
    expect(built).toEqual({ name: "shop/web:latest", id: "sha256:1" });
    expect(lines).toEqual(["#1 building"]);
    const log = execFileSync("cat", [join(root, "log")]).toString();
    expect(log.replaceAll(root, "ROOT").replaceAll(/\S+pilotfish-build-\w+/g, "TMP")).toMatchInlineSnapshot(`
      "buildx version
      buildx build --load --progress=plain --platform=linux/amd64 --file=ROOT/web/Dockerfile TMP/id ROOT/web
      image inspect --format {{json .}} sha256:1
      tag sha256:1 shop/web:latest
      "
    `);
  });
});
