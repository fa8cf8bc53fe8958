import { UserError } from "../errors.ts";
import { lookAtRemoteImage } from "../images/remote-image.ts";
import type { Needs } from "../plan/needs.ts";
import { needsOfRequestDriven, needsOfStaticSite, needsOfTasks } from "../plan/needs.ts";
import { planRequestDriven } from "../plan/plan-request-driven.ts";
import { planStaticSite } from "../plan/plan-static-site.ts";
import type { Account } from "../providers/account.ts";
import type { Check, CheckGroup, ImageAnswer, WorkloadToVerify } from "../providers/account/verify.ts";
import type { LocalProvider, WorkloadRef } from "../providers/provider.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { FileChecks } from "./check-files.ts";
import { openWorkload } from "./check-workloads.ts";
import { type CheckedManifest, loadManifest } from "./load-manifest.ts";
import { overlayOf } from "./overlay-of.ts";
import { readEnvFiles } from "./read-env-files.ts";
import { verifyLocally } from "./verify-locally.ts";

/** What a deploy of a workload leans on, looked at before it. */
export interface Verification extends WorkloadRef {
  provider: "local" | "aws";
  /** In the order in which a deploy needs what is in them. */
  groups: CheckGroup[];
  /** Whether nothing failed. */
  passed: boolean;
}

/** Where a workload is to be deployed. */
export type Backing = { on: "local"; provider: LocalProvider } | { on: "aws"; account: () => Promise<Account> };

interface Tools {
  workspace: Workspace;
  backing: Backing;
  /** For `${VAR}`: the environment of the process. */
  variables: Readonly<Record<string, string | undefined>>;
  /** Asks a registry without logging in. */
  platformsOf?: (image: string) => Promise<ImageAnswer>;
}

/** Looks for what a deploy would fail for, and changes nothing. @throws UserError workspace/workload-not-found,
 *  manifest/invalid */
export async function verifyWorkload(
  { name, env }: { name: string; env: string },
  { workspace, backing, variables, platformsOf = lookAtRemoteImage }: Tools,
): Promise<Verification> {
  const app = workspace.application;
  const overlay = backing.on === "local" ? await overlayOf({ app, env }, backing.provider) : env;
  const checked = await loadManifest({ workspace, name, env, overlay, variables });
  const files = checkFiles(checked, { workspace, name, env, overlay, variables });
  const request = { app, env, name, needs: needsOf(checked, { app, env }), platformsOf };
  const groups: CheckGroup[] = [];
  const story =
    backing.on === "local"
      ? verifyLocally({ ...request, plan: checked.plan }, backing.provider)
      : verifyOnAws(request, backing.account);
  for await (const group of story) groups.push(group);
  // Where AWS cannot be asked at all, the workspace still can.
  const before = groups.findIndex((group) => group.name === "images");
  const ofFiles = await files;
  if (ofFiles.length > 0) groups.splice(before < 0 ? groups.length : before, 0, { name: "files", checks: ofFiles });
  const passed = groups.every(({ checks }) => checks.every(({ status }) => status !== "fail"));
  return { app, env, name, provider: backing.on, groups, passed };
}

/** Where the account cannot be opened, that is what is told. */
async function* verifyOnAws(
  request: WorkloadToVerify,
  account: () => Promise<Account>,
): AsyncGenerator<CheckGroup, void, void> {
  let opened: Account;
  try {
    opened = await account();
  } catch (error) {
    if (!(error instanceof UserError) || error.code === "interrupted") throw error;
    const { message, hint } = error;
    const check = { status: "fail", subject: "credentials", message, ...(hint !== undefined && { hint }) } as const;
    yield { name: "credentials", checks: [check] };
    return;
  }
  yield* opened.verify.workload(request);
}

function needsOf({ manifest, plan }: CheckedManifest, { app, env }: { app: string; env: string }): Needs {
  if (plan !== undefined) return needsOfTasks(plan);
  return manifest.type === "Static Site"
    ? needsOfStaticSite(planStaticSite({ manifest, app, env, domain: undefined }))
    : needsOfRequestDriven(
        planRequestDriven({ manifest: manifest as Parameters<typeof planRequestDriven>[0]["manifest"], app, env }),
      );
}

/** The files that the manifest names: Dockerfiles, folders, environment files. What stands in them is not told. */
async function checkFiles(
  { plan, place }: CheckedManifest,
  {
    name,
    env,
    ...request
  }: { workspace: Workspace; name: string; env: string; overlay: string; variables: Tools["variables"] },
): Promise<Check[]> {
  const { workspace } = request;
  const loaded = (await openWorkload(request, name)).in(env);
  const problems = await new FileChecks(workspace, { strict: false }).problemsOf(loaded);
  const failed = problems.map(({ severity, message, hint, file, line, column }): Check => ({
    status: severity === "error" ? "fail" : "skip",
    subject: `${file}:${line}:${column}`,
    message,
    ...(hint !== undefined && { hint }),
  }));
  const { envFiles = [], builds = [] } = plan ?? {};
  const read = await Promise.all(
    envFiles.map(async (file): Promise<Check> => {
      const subject = file.path;
      try {
        await readEnvFiles({ name, envFiles: [file] }, workspace, place);
        return { status: "ok", subject };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return { status: "fail", subject, message: error.message };
      }
    }),
  );
  const built = builds.map(({ dockerfile }): Check => ({ status: "ok", subject: dockerfile }));
  const told = (check: Check) => failed.some(({ message = "" }) => message.includes(check.subject));
  return [...failed, ...[...read, ...built].filter((check) => !told(check))];
}
