import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { logInForBases } from "../../../src/actions/log-in-for-bases.ts";
import { UserError } from "../../../src/errors.ts";
import { RegistryLogins } from "../../../src/images/registry-login.ts";
import { folderWith } from "../../support/files.ts";

const [own, other, shared] = ["111111111111", "222222222222", "333333333333"].map(
  (account) => `${account}.dkr.ecr.eu-west-1.amazonaws.com`,
);

/** Logs in for a Dockerfile with these bases, with a docker client that writes down how it is called, and answers that. */
async function logins(bases: string[], { config = {}, denied = false } = {}): Promise<string[]> {
  const root = await folderWith({
    Dockerfile: bases.map((base) => `FROM ${base}\n`).join(""),
    "home/config.json": JSON.stringify(config),
    docker: '#!/bin/sh\necho "$* <$(cat)" >>"$LOG"\n',
    log: "",
  });
  await chmod(join(root, "docker"), 0o755);
  const env = { DOCKER_CONFIG: join(root, "home"), PATH: `${root}:/bin:/usr/bin`, LOG: join(root, "log") };
  let opened: RegistryLogins | undefined;
  onTestFinished(() => opened?.close());
  const build = { container: "api", dockerfile: "Dockerfile", context: ".", args: {}, platform: "linux/amd64" };
  await logInForBases([{ ...build, cacheFrom: [] }], {
    root,
    logins: async () => (opened ??= await RegistryLogins.open({ env, signal: new AbortController().signal })),
    repositories: {
      login: async (registry) => {
        if (denied) throw new UserError("aws/denied", "not allowed");
        return { username: "AWS", password: registry === "public" ? "public" : registry.region };
      },
    },
  });
  const log = await readFile(join(root, "log"), "utf8");
  return [...(opened ? ["opened"] : []), ...log.split("\n").filter(Boolean)];
}

test("a build that takes nothing from ECR opens no configuration", async () => {
  expect(await logins(["scratch", "nginx", "ghcr.io/x/y"])).toEqual([]);
});

test("each registry of ECR is logged in to once, with the password of its region", async () => {
  expect(await logins([`${own}/a:1`, `${own}/b:1`, `${other}/c:1`, "public.ecr.aws/nginx/nginx:1"])).toEqual([
    "opened",
    `login --username=AWS --password-stdin ${own} <eu-west-1`,
    `login --username=AWS --password-stdin ${other} <eu-west-1`,
    "login --username=AWS --password-stdin public.ecr.aws <public",
  ]);
});

test("the user's own helper and a login that is still good are left; one that has expired is not", async () => {
  const token = (seconds: number) => {
    const text = JSON.stringify({ expiration: Date.now() / 1000 + seconds });
    return { auth: Buffer.from(`AWS:${Buffer.from(text).toString("base64")}`).toString("base64") };
  };
  const config = {
    auths: { [String(own)]: token(3600), [String(other)]: token(-3600) },
    credHelpers: { [String(shared)]: "ecr-login" },
  };
  expect(await logins([`${own}/a`, `${other}/b`, `${shared}/c`], { config })).toEqual([
    "opened",
    `login --username=AWS --password-stdin ${other} <eu-west-1`,
  ]);
});

test("a registry that gives no password is left to the build", async () => {
  expect(await logins(["public.ecr.aws/nginx/nginx:1"], { denied: true })).toEqual(["opened"]);
});
