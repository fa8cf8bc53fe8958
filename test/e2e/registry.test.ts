import { randomUUID } from "node:crypto";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { knownDigests, pushImage } from "../../src/images/push-image.ts";
import { RegistryLogins } from "../../src/images/registry-login.ts";
import { buildBusyboxImage, removeImage } from "../support/busybox-image.ts";
import { docker } from "../support/docker.ts";
import { type DockerRegistry, missingForRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { folderWith } from "../support/files.ts";
import { missingForContainers } from "../support/missing-for-containers.ts";
import { refusal } from "../support/refusal.ts";

const missing = missingForContainers ?? missingForRegistry;
let registry: DockerRegistry;

describe("with a real registry", () => {
  beforeAll(async () => {
    if (missing === undefined) registry = await startDockerRegistry();
  });
  afterAll(async () => registry?.stop());
  beforeEach((context) => {
    if (missing) context.skip(missing);
  });

  test("an image is pushed under its tags, and what is pulled back is the same", async () => {
    const { id, repository } = await image();
    const { logins, lines, context } = await opened();
    await logins.login(registry.host, async () => registry);
    const digest = await pushImage({ id, repository, tags: ["v1", "latest"] }, context);
    expect(await knownDigests(id, repository, context)).toEqual([digest]);
    const manifests = await Promise.all(["v1", "latest", digest].map((reference) => manifest(repository, reference)));
    expect(manifests.map(({ config }) => config.digest)).toEqual([id, id, id]);
    expect(lines.join("\n")).toContain(`v1: digest: ${digest}`);

    await docker("image", "rm", `${repository}:v1`, `${repository}:latest`);
    const pulled = await execa("docker", ["pull", `${repository}@${digest}`], { env: env(logins), reject: false });
    expect(pulled.exitCode).toBe(0);
    expect(await docker("image", "inspect", "--format", "{{.Id}}", `${repository}@${digest}`)).toBe(id);
  });

  test("a wrong password is refused, and nothing is pushed", async () => {
    const { logins } = await opened();
    const wrong = { username: "AWS", password: "not-the-password" };
    const refused = await refusal(
      logins.login(registry.host, async () => wrong),
      { [registry.host]: "HOST" },
    );
    expect(refused.replace(/Error response.*/, "ERROR")).toMatchInlineSnapshot(`
      "image/login-failed: the docker client could not log in to HOST
        | ERROR
        curl -sS -o /dev/null -w '%{http_code}\\n' https://HOST/v2/ shows whether the registry answers (401 is right)"
    `);
    expect(refused).not.toContain(wrong.password);
  });

  test("without a login the registry denies the push", async () => {
    const { id, repository } = await image();
    const { context } = await opened();
    const refused = await refusal(pushImage({ id, repository, tags: ["v1"] }, context), { [repository]: "REPOSITORY" });
    expect(refused).toMatchInlineSnapshot(`
      "image/push-denied: REPOSITORY:v1 could not be pushed: the docker client has no password for the registry
        | The push refers to repository [REPOSITORY]
        | 0ab4861bb52c: Preparing
        | a9da5786f2e5: Preparing
        | no basic auth credentials
        see to the credential helper that ~/.docker/config.json names for this registry, or take it out"
    `);
  });
});

/** An image of its own on the Engine, and the repository that it is for. */
async function image(): Promise<{ id: string; repository: string }> {
  const name = `shop/${randomUUID()}`;
  const repository = `${registry.host}/${name}`;
  const id = await buildBusyboxImage(`${name}:built`, { command: ["/bin/true"], files: { "/mark": name } });
  onTestFinished(async () => {
    const names = await docker(
      "image",
      "ls",
      "--format",
      "{{.Repository}}:{{.Tag}}",
      "--filter",
      `reference=${repository}`,
    );
    for (const each of [...names.split("\n").filter(Boolean), `${name}:built`]) await removeImage(each).catch(() => {});
    await removeImage(id).catch(() => {});
  });
  return { id, repository };
}

async function opened(home?: string) {
  const folder = home ?? (await folderWith({}));
  const lines: string[] = [];
  const { signal } = new AbortController();
  const logins = await RegistryLogins.open({ env: { ...process.env, DOCKER_CONFIG: folder }, signal });
  onTestFinished(() => logins.close());
  return { logins, lines, context: { ...logins.context, onLine: (line: string) => lines.push(line), pauses: [10] } };
}

function env(logins: RegistryLogins): NodeJS.ProcessEnv {
  return logins.context.env as NodeJS.ProcessEnv;
}

async function manifest(repository: string, reference: string): Promise<{ config: { digest: string } }> {
  const name = repository.slice(registry.host.length + 1);
  const accept = "application/vnd.docker.distribution.manifest.v2+json";
  const response = await registry.fetch(`/v2/${name}/manifests/${reference}`, { headers: { accept } });
  return (await response.json()) as { config: { digest: string } };
}
