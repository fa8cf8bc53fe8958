import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { CreateRepositoryCommand, DescribeImagesCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { build } from "esbuild";
import { execa } from "execa";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { buildImages } from "../../../src/actions/build-images.ts";
import { type PushEvent, pushImages, type PushResult } from "../../../src/actions/push-images.ts";
import { publishImages } from "../../../src/actions/publish-images.ts";
import { readScans } from "../../../src/actions/read-scans.ts";
import type { WorkloadPlan } from "../../../src/plan/workload-plan.ts";
import { createRepositories } from "../../../src/providers/aws/repositories.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { describeWithRegistry } from "../../support/aws/describe-with-registry.ts";
import { docker } from "../../support/docker.ts";
import { folderWith } from "../../support/files.ts";
import { refusal } from "../../support/refusal.ts";
import { findStaticBusybox } from "../../support/static-program.ts";
import { waitFor } from "../../support/wait-for.ts";

describeWithRegistry("Pushing images to ECR", (aws, registry) => {
  let session: AwsSession;
  beforeEach(async () => {
    await aws.reset();
    registry.forgetRequests();
    session = new AwsSession({ region: "us-west-2" });
  });
  afterEach(() => session.close());

  /** A workspace in which images of these containers of `api` are built. */
  async function project(containers: string[] = ["api"]) {
    const mark = `pilotfish.test=${randomUUID()}`;
    const root = await folderWith({});
    const app = `shop-${randomUUID().slice(0, 8)}`;
    for (const container of containers) {
      await mkdir(join(root, container));
      copyFileSync(findStaticBusybox() ?? "", join(root, container, "busybox"));
    }
    const write = async (container: string, text: string) => {
      // Builds that begin alike share what they find in the builder's cache, whichever is first.
      await writeFile(join(root, container, "text"), `${text} of ${container}`);
      const steps = ["FROM scratch", "COPY text /text", `LABEL ${mark}`, `LABEL container=${container}`];
      await writeFile(join(root, container, "Dockerfile"), `${[...steps, "COPY busybox /bin/busybox"].join("\n")}\n`);
    };
    for (const container of containers) await write(container, "one");
    const builds = containers.map((container) => {
      const dockerfile = `${container}/Dockerfile`;
      return { container, dockerfile, context: container, args: {}, cacheFrom: [], platform: "linux/amd64" };
    });
    const plan = { app, name: "api", builds } as unknown as WorkloadPlan;
    onTestFinished(async () => {
      const found = await docker("images", "--all", "--quiet", "--filter", `label=${mark}`);
      // Each takes its parents along, which are no more there then.
      for (const id of new Set(found.split("\n").filter(Boolean))) await docker("rmi", "--force", id).catch(() => {});
    });
    const abort = new AbortController();
    const tools = {
      root,
      cwd: root,
      env: process.env,
      version: "1.2.3",
      now: () => 0,
      signal: abort.signal,
      repositories: createRepositories(session),
      region: "us-west-2",
      accounts: [],
    };
    const buildAll = async (tag?: string) =>
      (await played(buildImages({ plan, ...(tag !== undefined && { tag }) }, tools))).result;
    const push = async (tag?: string, more: Partial<typeof tools> = {}) => {
      const built = await buildAll(tag);
      aws.calls.length = 0;
      registry.forgetRequests();
      return played<PushEvent, PushResult>(
        pushImages([{ plan, built, ...(tag !== undefined && { tag }) }], { ...tools, ...more }),
      );
    };
    const create = (more: object = {}) =>
      session.client(ECRClient).send(new CreateRepositoryCommand({ repositoryName: `${app}/api`, ...more }));
    const tagsByDigest = async () => {
      const { imageDetails = [] } = await aws
        .client(ECRClient)
        .send(new DescribeImagesCommand({ repositoryName: `${app}/api` }));
      return Object.fromEntries(
        imageDetails.map(({ imageDigest = "", imageTags = [] }) => [imageDigest, imageTags.toSorted()]),
      );
    };
    return { app, plan, tools, abort, write, push, create, tagsByDigest };
  }

  const calls = () => aws.calls.map(({ name }) => name);

  test("what the registry does not have is pushed; what it has is neither pushed nor logged in for", async () => {
    const { app, push, create, tagsByDigest } = await project(["api", "nginx"]);
    await create();
    const first = await push("v1");
    const names = (text: string) =>
      text
        .replaceAll(registry.host, "HOST")
        .replaceAll(app, "shop")
        .replaceAll(/sha256:[0-9a-f]{64}/g, "DIGEST");
    const told = first.events.filter(({ type }) => type !== "push-output").map((event) => names(JSON.stringify(event)));
    expect(told.toSorted()).toMatchInlineSnapshot(`
      [
        "{"type":"push-finished","container":"api","image":{"uri":"HOST/shop/api@DIGEST","tagged":"HOST/shop/api:v1","digest":"DIGEST"},"skipped":false,"durationMs":0}",
        "{"type":"push-finished","container":"nginx","image":{"uri":"HOST/shop/api@DIGEST","tagged":"HOST/shop/api:nginx-latest","digest":"DIGEST"},"skipped":false,"durationMs":0}",
        "{"type":"push-started","container":"api","uri":"HOST/shop/api:v1"}",
        "{"type":"push-started","container":"nginx","uri":"HOST/shop/api:nginx-latest"}",
      ]
    `);
    expect(calls().toSorted()).toMatchInlineSnapshot(`
      [
        "ecr:BatchGetImage",
        "ecr:DescribeRepositories",
        "ecr:GetAuthorizationToken",
        "ecr:GetLifecyclePolicy",
        "ecr:PutImageScanningConfiguration",
        "ecr:PutLifecyclePolicy",
      ]
    `);
    const { api, nginx } = first.result.images["api"] ?? {};
    expect(await tagsByDigest()).toEqual({
      [String(api?.digest)]: ["latest", "v1"],
      [String(nginx?.digest)]: ["nginx-latest"],
    });

    const again = await push("v1");
    expect(again.result).toEqual({ images: first.result.images, pushed: [] });
    expect(calls()).toEqual(["ecr:DescribeRepositories", "ecr:BatchGetImage"]);
    expect(registry.requests).toEqual([]);

    // Another tag for the same image: ECR gives it, and the Engine has nothing to do.
    const retagged = await push("v2");
    expect(retagged.result.images["api"]?.["api"]?.digest).toBe(api?.digest);
    expect(retagged.result.images["api"]?.["api"]?.tagged).toMatch(/:v2$/);
    expect(calls()).toEqual(["ecr:DescribeRepositories", "ecr:BatchGetImage", "ecr:PutImage"]);
    expect(registry.requests).toEqual([]);
    expect((await tagsByDigest())[String(api?.digest)]).toEqual(["latest", "v1", "v2"]);
  });

  test("an image that has changed is pushed, and can be pulled by the digest that is answered", async () => {
    const { push, write, create, tagsByDigest } = await project();
    await create();
    const first = (await push()).result.images["api"]?.["api"];
    await write("api", "two");
    const { events, result } = await push();
    const second = result.images["api"]?.["api"];
    expect(second?.digest).not.toBe(first?.digest);
    expect(await tagsByDigest()).toEqual({ [String(first?.digest)]: [], [String(second?.digest)]: ["latest"] });
    expect(events.map(({ type }) => type)).toContain("push-output");
    expect(result.pushed.map(({ digest }) => digest)).toEqual([second?.digest]);

    const [uri, id] = [
      String(second?.uri),
      await docker("image", "inspect", "--format", "{{.Id}}", String(second?.uri)),
    ];
    await docker("image", "rm", "--force", uri, String(second?.tagged));
    await expect(docker("pull", uri)).rejects.toThrow("no basic auth credentials");
    await loggedIn(() => docker("pull", uri));
    expect(await docker("image", "inspect", "--format", "{{.Id}}", uri)).toBe(id);
  });

  /** Logs the docker client of this process in, in a folder of its own. */
  async function loggedIn<T>(act: () => Promise<T>): Promise<T> {
    const former = process.env["DOCKER_CONFIG"];
    const auth = Buffer.from(`AWS:${registry.password}`).toString("base64");
    process.env["DOCKER_CONFIG"] = await folderWith({
      "config.json": JSON.stringify({ auths: { [registry.host]: { auth } } }),
    });
    try {
      return await act();
    } finally {
      process.env["DOCKER_CONFIG"] = former;
    }
  }

  test("a repository that is missing is made: scanned on push, with a lifecycle policy, open to the accounts", async () => {
    const { app, push, tools } = await project();
    const { result } = await push("v1", { ...tools, accounts: ["210987654321"] as never });
    expect(Object.keys(result.images)).toEqual(["api"]);
    const made = aws.calls.filter(({ name }) => /Create|Put(Life|ImageScan)|SetRepository/.test(name));
    const bodies = made.map(({ request }) => JSON.parse(request.body.toString("utf8").replaceAll(app, "shop")));
    expect(bodies).toMatchInlineSnapshot(`
      [
        {
          "imageScanningConfiguration": {
            "scanOnPush": true,
          },
          "repositoryName": "shop/api",
          "tags": [
            {
              "Key": "copilot-application",
              "Value": "shop",
            },
            {
              "Key": "copilot-service",
              "Value": "api",
            },
          ],
        },
        {
          "policyText": "{"Version":"2012-10-17","Statement":[{"Sid":"AllowPushPull","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::123456789012:root","arn:aws:iam::210987654321:root"]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability","ecr:PutImage","ecr:InitiateLayerUpload","ecr:UploadLayerPart","ecr:CompleteLayerUpload"]}]}",
          "repositoryName": "shop/api",
        },
        {
          "lifecyclePolicyText": "{"rules":[{"rulePriority":1,"description":"Keep the last 100 images without a tag","selection":{"tagStatus":"untagged","countType":"imageCountMoreThan","countNumber":100},"action":{"type":"expire"}}]}",
          "repositoryName": "shop/api",
        },
      ]
    `);

    const scans = await played(readScans(result.pushed, { ...tools, waitMs: 0 }));
    expect(scans.events.map(({ scan }) => scan.status)).toEqual(["complete"]);
  });

  test("where tags do not move, one that was asked for is refused before anything is pushed", async () => {
    const { app, push, write, create, tagsByDigest } = await project();
    await create({ imageTagMutability: "IMMUTABLE" });
    const { digest = "" } = (await push("v1")).result.images["api"]?.["api"] ?? {};
    expect((await push("v1")).events.map((event) => "skipped" in event && event.skipped)).toEqual([true]);
    await write("api", "two");
    const names = { [app]: "shop", [digest]: "DIGEST" };
    expect(await refusal(push("v1"), names)).toMatchInlineSnapshot(`
      "image/tag-immutable: the tag v1 of shop/api is another image's, and it cannot be moved
        | It is DIGEST, and the image of api has been built anew.
        deploy with another --tag"
    `);
    expect(registry.requests).toEqual([]);

    // `latest`, which nobody asked for, stays where it is.
    const { events, result } = await push("v2");
    const notices = events.flatMap((event) => (event.type === "notice" ? [event.message.replace(app, "shop")] : []));
    expect(notices).toMatchInlineSnapshot(`
      [
        "shop/api never moves a tag: latest stays with the image that has it",
      ]
    `);
    const second = result.images["api"]?.["api"];
    expect(await tagsByDigest()).toEqual({ [digest]: ["latest", "v1"], [String(second?.digest)]: ["v2"] });

    // Without any tag that could be given, the image has one that says which it is.
    await write("api", "three");
    const third = (await push()).result.images["api"]?.["api"];
    expect(third?.tagged?.split(":").at(-1)).toMatch(/^id-[0-9a-f]{12}$/);
    await push();
    expect(registry.requests).toEqual([]);
  });

  test("tags of a filter move although others do not", async () => {
    const { push, write, create, tagsByDigest } = await project();
    await create({
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "late*" }],
    });
    const first = (await push("v1")).result.images["api"]?.["api"];
    await write("api", "two");
    const second = (await push("v2")).result.images["api"]?.["api"];
    expect(await tagsByDigest()).toEqual({
      [String(first?.digest)]: ["v1"],
      [String(second?.digest)]: ["latest", "v2"],
    });
  });

  test("an image inside an index is known by its own digests", async () => {
    const { push, create, app } = await project();
    await create();
    const { digest = "" } = (await push("v1")).result.images["api"]?.["api"] ?? {};
    const index = {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [{ mediaType: "application/vnd.docker.distribution.manifest.v2+json", digest, size: 1 }],
    };
    for (const imageTag of ["v2", "latest"])
      await session.client(ECRClient).send(
        new PutImageCommand({
          repositoryName: `${app}/api`,
          imageTag,
          imageManifest: JSON.stringify(index),
          imageManifestMediaType: index.mediaType,
        }),
      );
    await docker("image", "rm", `${registry.host}/${app}/api:v1`, `${registry.host}/${app}/api:latest`);
    const again = await push("v2");
    expect(again.events.map((event) => "skipped" in event && event.skipped)).toEqual([true]);
    expect(registry.requests).toEqual([]);
  });

  test("the user's configuration is as before, and the password is in no file, argument, environment or output", async () => {
    const { push, create } = await project();
    await create();
    const config = JSON.stringify({ auths: { "other.example.com": { auth: "dXNlcjpzZWNyZXQ=" } }, experimental: "on" });
    const home = await folderWith({ "config.json": config, "contexts/meta/": "" });
    const before = statSync(join(home, "config.json"));
    const found = new Set<string>();
    let looked = 0;
    const look = setInterval(() => {
      looked++;
      for (const place of placesWith(registry.password)) found.add(place);
    }, 5);
    const { events } = await push("v1", { env: { ...process.env, DOCKER_CONFIG: home } }).finally(() =>
      clearInterval(look),
    );
    expect([...found]).toEqual([]);
    expect(looked).toBeGreaterThan(10);
    expect(JSON.stringify(events)).not.toContain(registry.password);
    expect(await readFile(join(home, "config.json"), "utf8")).toBe(config);
    expect(statSync(join(home, "config.json")).mtimeMs).toBe(before.mtimeMs);
    expect(readdirSync(home).toSorted()).toEqual(["config.json", "contexts"]);
    expect(temporaryFolders()).toEqual([]);
  });

  test.each([
    ["is killed", "SIGKILL"],
    ["leaves at once", "SIGTERM"],
  ] as const)("a process that %s while it is logged in leaves no password behind", async (_, signal) => {
    const folder = await folderWith({ "tmp/": "" });
    const auth = Buffer.from("ann:another secret").toString("base64");
    const home = await folderWith({ "config.json": JSON.stringify({ auths: { "other.example.com": { auth } } }) });
    await build({
      stdin: {
        resolveDir: join(import.meta.dirname, "../../.."),
        contents: `
          import { RegistryLogins } from "./src/images/registry-login.ts";
          (async () => {
            process.on("SIGTERM", () => process.exit(1));
            let password = "";
            for await (const chunk of process.stdin) password += chunk;
            const logins = await RegistryLogins.open({ env: process.env, signal: new AbortController().signal });
            await logins.login(${JSON.stringify(registry.host)}, async () => ({ username: "AWS", password }));
            console.log("logged in");
            setInterval(() => {}, 1000);
          })();`,
      },
      outfile: join(folder, "login.cjs"),
      bundle: true,
      platform: "node",
      format: "cjs",
    });
    const env = { ...process.env, DOCKER_CONFIG: home, TMPDIR: join(folder, "tmp") };
    const child = execa(process.execPath, [join(folder, "login.cjs")], {
      env,
      input: registry.password,
      reject: false,
    });
    for await (const line of child.iterable()) if (line === "logged in") child.kill(signal);
    await child;
    const left = readdirSync(join(folder, "tmp"), { recursive: true, withFileTypes: true });
    const files = left.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    expect(files.map((file) => basename(file)).toSorted()).toEqual(
      signal === "SIGKILL" ? ["config.json", "docker-credential-pilotfish"] : [],
    );
    const texts = files.map((file) => readFileSync(file, "utf8")).join("\n");
    for (const secret of [registry.password, Buffer.from(`AWS:${registry.password}`).toString("base64"), auth])
      expect(texts).not.toContain(secret);
  });

  test("images of several workloads are built and pushed side by side, and each is told with its workload", async () => {
    const { plan, tools, app } = await project(["api", "nginx"]);
    const { builds } = plan;
    const [own = [], sidecar = []] = [builds.slice(0, 1), builds.slice(1)];
    const front = { app, name: "front", builds: [...own.map((each) => ({ ...each, container: "front" })), ...sidecar] };
    const { events, result } = await played(
      publishImages([{ plan }, { plan: front }, { plan: { app, name: "none", builds: [] } }], tools),
    );
    const told = events.flatMap((event) =>
      "workload" in event ? [`${event.type} ${event.workload}/${event.container}`] : [],
    );
    expect([...new Set(told.filter((each) => !each.includes("output")))].toSorted()).toMatchInlineSnapshot(`
      [
        "build-finished api/api",
        "build-finished api/nginx",
        "build-finished front/front",
        "build-finished front/nginx",
        "build-started api/api",
        "build-started api/nginx",
        "build-started front/front",
        "build-started front/nginx",
        "push-finished api/api",
        "push-finished api/nginx",
        "push-finished front/front",
        "push-finished front/nginx",
        "push-started api/api",
        "push-started api/nginx",
        "push-started front/front",
        "push-started front/nginx",
      ]
    `);
    const lastBuild = events.findLastIndex(({ type }) => type === "build-finished");
    expect(events.findIndex(({ type }) => type.startsWith("push-"))).toBeGreaterThan(lastBuild);
    expect(Object.entries(result.images).map(([name, images]) => [name, Object.keys(images).toSorted()])).toEqual([
      ["api", ["api", "nginx"]],
      ["front", ["front", "nginx"]],
    ]);
    expect(aws.calls.filter(({ action }) => action === "GetAuthorizationToken")).toHaveLength(1);
  });

  test("an abort in the middle of a push ends it and leaves nothing", async () => {
    const { push, create, abort } = await project();
    await create();
    const slow = push("v1", {
      now: () => {
        // The push has begun.
        setImmediate(() => abort.abort());
        return 0;
      },
    });
    expect(await refusal(slow)).toBe("interrupted: interrupted");
    await waitFor("the folder to go", () => temporaryFolders().length === 0);
  });

  test("a token that the registry does not take is told, without it", async () => {
    const { push, create } = await project();
    await create();
    aws.use(async (call, pass) => {
      if (call.action !== "GetAuthorizationToken") return pass();
      const authorizationToken = Buffer.from("AWS:not-the-password").toString("base64");
      const body = Buffer.from(JSON.stringify({ authorizationData: [{ authorizationToken }] }));
      return { status: 200, headers: { "content-type": "application/x-amz-json-1.1" }, body };
    });
    const refused = await refusal(push("v1"), { [registry.host]: "HOST" });
    expect(refused.replace(/Error response.*/, "ERROR")).toMatchInlineSnapshot(`
      "image/login-failed: the docker client could not log in to HOST
        | ERROR
        curl -sS -o /dev/null -w '%{http_code}\\n' https://HOST/v2/ shows whether the registry answers (401 is right)"
    `);
  });

  test("the user's own helper for the registry is asked, and nobody logs in", async () => {
    const { push, create } = await project();
    await create();
    const answer = JSON.stringify({ ServerURL: registry.host, Username: "AWS", Secret: registry.password });
    const bin = await folderWith({ "docker-credential-mine": `#!/bin/sh\ncat >/dev/null\necho '${answer}'\n` });
    await new Promise((resolve) => execFile("chmod", ["755", join(bin, "docker-credential-mine")], resolve));
    const config = JSON.stringify({ credHelpers: { [registry.host]: "mine" } });
    const env = {
      ...process.env,
      DOCKER_CONFIG: await folderWith({ "config.json": config }),
      PATH: `${bin}:${process.env["PATH"]}`,
    };
    const { result } = await push("v1", { env });
    expect(Object.keys(result.images["api"] ?? {})).toEqual(["api"]);
    expect(calls()).not.toContain("ecr:GetAuthorizationToken");
  });
});

/** Plays a story to its end. */
async function played<Event, Result>(
  story: AsyncGenerator<Event, Result, void>,
): Promise<{ events: Event[]; result: Result }> {
  const events: Event[] = [];
  for (;;) {
    const step = await story.next();
    if (step.done) return { events, result: step.value };
    events.push(step.value);
  }
}

/** The temporary configurations of this process. */
function temporaryFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`pilotfish-docker-${process.pid}-`));
}

/** Where a word can be read by others than who has it in memory: command lines and environments of processes, and the files
 *  of the temporary configurations; also in the form in which docker's own file would hold it. */
function placesWith(word: string): string[] {
  const forms = [word, Buffer.from(`AWS:${word}`).toString("base64")];
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const files = [
    ...processes.flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]),
    ...temporaryFolders().flatMap((folder) =>
      readdirSync(join(tmpdir(), folder)).map((name) => join(tmpdir(), folder, name)),
    ),
  ];
  return files.filter((file) => {
    try {
      const text = readFileSync(file, "utf8");
      return forms.some((form) => text.includes(form));
    } catch {
      return false;
    }
  });
}
