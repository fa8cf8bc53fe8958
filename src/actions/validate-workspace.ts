import { type Diagnostic, UserError } from "../errors.ts";
import { environmentManifestProblems } from "../manifest/environment-manifest.ts";
import type { LoadedManifest, OpenedManifest } from "../manifest/load.ts";
import type { Provider } from "../providers/provider.ts";
import type { SourceFile, Workspace } from "../workspace/workspace.ts";
import { FileChecks } from "./check-files.ts";
import { checkPlan } from "./check-plan.ts";
import { RouteChecks } from "./check-routes.ts";
import { openWorkload } from "./check-workloads.ts";
import { leftOutOf, type LeftOutNotice } from "./left-out.ts";
import { anywhere, ProblemsByEnvironment } from "./problems-by-environment.ts";

export interface ValidationRequest {
  workspace: Workspace;
  /** One workload; absent: all of them. */
  name?: string;
  /** One environment; absent: the manifests alone, and as they count in every environment that is named anywhere. */
  env?: string;
  /** Whose overlay counts in that environment; absent: its own. */
  overlay?: string;
  /** For `${VAR}`: the environment of the process. */
  variables: Readonly<Record<string, string | undefined>>;
  /** Warnings fail too. */
  strict: boolean;
  /** The back end of the one environment, asked what it does not do. */
  provider?: Pick<Provider, "leavesOut">;
}

export interface Validation {
  /** Each problem once, file by file, in the order of the lines. */
  diagnostics: Diagnostic[];
  /** In the order of the files. */
  leftOut: LeftOutNotice[];
  /** How many manifests were read. */
  files: number;
  failed: boolean;
}

interface OpenedWorkload {
  name: string;
  manifest: OpenedManifest;
}

/** Checks the manifests of the workspace, the files that they name, and that services do not get in each other's way. A
 *  shell variable that is not set is a warning here: where the manifest is deployed from, it may be.
 *  @throws UserError workspace/workload-not-found, workspace/environment-not-found */
export async function validateWorkspace(request: ValidationRequest): Promise<Validation> {
  const { workspace, name, strict } = request;
  const problems = new ProblemsByEnvironment();
  const folders = await workspace.listEnvironments();
  const environmentFiles = name === undefined ? await readEnvironments(folders, request, problems) : [];
  const workloads = await openWorkloads(request, problems);
  const concerned = name === undefined ? workloads : workloads.filter((each) => each.name === name);
  const environments = environmentsOf(workloads, folders, request);
  const leftOut = await checkEach(concerned, environments, request, problems);
  checkRoutes(workloads, environments, concerned, problems);
  const diagnostics = problems.inOrder().map((each) => (strict ? each : forgiving(each)));
  const failed = diagnostics.some(({ severity }) => strict || severity === "error");
  return { diagnostics, leftOut, files: concerned.length + environmentFiles.length + problems.unreadable, failed };
}

/** All workloads, also when one is asked about: others may be in its way. */
async function openWorkloads(request: ValidationRequest, problems: ProblemsByEnvironment): Promise<OpenedWorkload[]> {
  const { workspace, name } = request;
  if (name !== undefined) await workspace.readWorkload(name);
  const opened = await Promise.all(
    (await workspace.listWorkloads()).map(async (each) => {
      const manifest = await openWorkload(request, each).catch(
        unreadable(problems, name === undefined || name === each),
      );
      return manifest ? [{ name: each, manifest }] : [];
    }),
  );
  return opened.flat();
}

/** @throws UserError workspace/environment-not-found when there are others, and none has this name */
async function readEnvironments(
  folders: string[],
  { workspace, env, variables }: ValidationRequest,
  problems: ProblemsByEnvironment,
): Promise<SourceFile[]> {
  const wanted = env === undefined ? folders : folders.filter((each) => each === env);
  const sources = await Promise.all(
    wanted.map((each) => workspace.readEnvironment(each).catch(unreadable(problems, true))),
  );
  const found = sources.filter((source) => source !== undefined);
  for (const source of found) {
    const context = { app: workspace.application, env: source.folder, variables };
    for (const problem of environmentManifestProblems(source, context)) problems.add(problem);
  }
  return found;
}

/** A file that cannot be read is no obstacle for the others. */
function unreadable(problems: ProblemsByEnvironment, counts: boolean): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof UserError) || error.place === undefined) throw error;
    const { code, message, hint, place } = error;
    if (!counts) return;
    problems.unreadable += 1;
    problems.add({
      severity: "error",
      code,
      message,
      ...(hint && { hint }),
      file: place.file,
      line: 1,
      column: 1,
      path: "",
    });
  };
}

/** The base, and every environment that an overlay or a folder names. */
function environmentsOf(
  workloads: readonly OpenedWorkload[],
  folders: string[],
  { env }: ValidationRequest,
): (string | undefined)[] {
  if (env !== undefined) return [env];
  return [undefined, ...new Set([...folders, ...workloads.flatMap(({ manifest }) => manifest.overlays)])];
}

/** Answers what the back end leaves out; nothing is said about a manifest with an error. */
async function checkEach(
  workloads: readonly OpenedWorkload[],
  environments: readonly (string | undefined)[],
  { workspace, strict, provider, env: only }: ValidationRequest,
  problems: ProblemsByEnvironment,
): Promise<LeftOutNotice[]> {
  const files = new FileChecks(workspace, { strict });
  const checks = workloads.map(async ({ manifest }): Promise<LeftOutNotice[]> => {
    const views = viewsOf(manifest, environments);
    const everywhere = [...views.values()].map(anywhereOr);
    const leftOut: LeftOutNotice[] = [];
    for (const [loaded, env] of views) {
      const { plan, problem } = checkPlan(loaded, { app: workspace.application, env: env ?? anyEnvironment });
      const found = [...loaded.diagnostics, ...(problem ? [problem] : []), ...(await files.problemsOf(loaded))];
      for (const each of found) problems.add(each, anywhereOr(env), everywhere);
      if (plan && provider && only !== undefined) leftOut.push(...leftOutOf(plan, provider, loaded.place));
    }
    return leftOut;
  });
  return (await Promise.all(checks)).flat();
}

/** A stand-in with the length that names have. */
const anyEnvironment = "test";

function anywhereOr(env: string | undefined): string {
  return env ?? anywhere;
}

/** The different manifests that the environments see, each with the first that sees it. */
function viewsOf(
  manifest: OpenedManifest,
  environments: readonly (string | undefined)[],
): Map<LoadedManifest, string | undefined> {
  const views = new Map<LoadedManifest, string | undefined>();
  for (const env of environments) {
    const loaded = manifest.in(env);
    if (!views.has(loaded)) views.set(loaded, env);
  }
  return views;
}

function checkRoutes(
  workloads: readonly OpenedWorkload[],
  environments: readonly (string | undefined)[],
  concerned: readonly OpenedWorkload[],
  problems: ProblemsByEnvironment,
): void {
  const routes = new RouteChecks();
  const names = concerned.length === workloads.length ? undefined : new Set(concerned.map(({ name }) => name));
  const byName = new Map(workloads.map(({ name, manifest }) => [name, viewsOf(manifest, environments)]));
  for (const env of environments) {
    const here = workloads.map(({ name, manifest }) => ({ name, loaded: manifest.in(env) }));
    for (const { between, problem } of routes.conflicts(here, names)) {
      const views = between.map(({ name, loaded }) => ({
        first: byName.get(name)?.get(loaded),
        all: byName.get(name),
      }));
      // An environment in which neither has an overlay is like the base, where it has been told.
      if (!views.some(({ first }) => first === env)) continue;
      const everywhere = views.flatMap(({ all }) => [...(all?.values() ?? [])].map(anywhereOr));
      problems.add(problem, anywhereOr(env), everywhere);
    }
  }
}

function forgiving(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.code === "interpolation/undefined" ? { ...diagnostic, severity: "warning" } : diagnostic;
}
