import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "../errors.ts";
import { baseImages } from "../images/dockerfile/base-images.ts";
import { ecrRegistry, registryOf } from "../images/ecr-host.ts";
import type { RegistryLogins } from "../images/registry-login.ts";
import type { ImageBuild } from "../plan/workload-plan.ts";
import type { Repositories } from "../providers/account/repositories.ts";

export interface BaseTools {
  root: string;
  repositories: Pick<Repositories, "login">;
  /** Opened when there is a registry to log in to. */
  logins: () => Promise<RegistryLogins>;
}

/** Logs in to the registries of ECR that builds take images from, public and private, also of other accounts; not where the
 *  user has done so, or has a helper that does. A registry that gives no password is left to the build: the public one
 *  needs none, and of another one the builder says what it was not allowed.
 *  @throws UserError image/docker-config, image/docker-missing, engine/unreachable, interrupted */
export async function logInForBases(builds: readonly ImageBuild[], tools: BaseTools): Promise<void> {
  const references = await Promise.all(builds.map((build) => referencesOf(build, tools.root)));
  const hosts = new Set(references.flat().map((reference) => registryOf(reference)));
  for (const host of hosts) {
    const registry = host === undefined ? undefined : ecrRegistry(host);
    if (host === undefined || registry === undefined) continue;
    const logins = await tools.logins();
    if (await logins.hasLogin(host)) continue;
    await logins
      .login(host, () => tools.repositories.login(registry))
      .catch((error: unknown) => {
        const goesOn = error instanceof UserError && /^(aws\/|image\/login-failed$)/.test(error.code);
        if (!goesOn) throw error;
      });
  }
}

/** A Dockerfile that cannot be read is the build's to tell. */
async function referencesOf({ dockerfile, args, cacheFrom }: ImageBuild, root: string): Promise<string[]> {
  const text = await readFile(resolve(root, dockerfile), "utf8").catch(() => "");
  return [...baseImages(text, args), ...cacheFrom];
}
