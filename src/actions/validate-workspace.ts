import { type Diagnostic, UserError } from "../errors.ts";
import { environmentMisfits } from "../manifest/environment-fit.ts";
import { type EnvironmentManifest, loadEnvironmentManifest } from "../manifest/load-environment.ts";
import type { LoadedPipelineManifest } from "../manifest/load-pipeline.ts";
import type { LoadedManifest, OpenedManifest } from "../manifest/load.ts";
import type { LocalProvider } from "../providers/provider.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { diagnosticAt } from "./diagnostic-at.ts";
import { FileChecks } from "./check-files.ts";
import { checkPipeline } from "./check-pipeline.ts";
import { checkPlan } from "./check-plan.ts";
import { placedRoutes, type PlacedRoute, routeConflicts } from "./check-routes.ts";
import { openWorkload } from "./check-workloads.ts";
import { inBatches } from "./in-batches.ts";
import { isDeployed, undeployedOf } from "./undeployable.ts";
import type { AddonsOwner } from "../manifest/addons/addons.ts";
import { leftOutOf, type LeftOutNotice } from "./left-out.ts";
import { leftOutBeside } from "./left-out-beside.ts";
import { lookAtOverrides } from "./override-template.ts";
import { lookAtAddons } from "./read-addons.ts";
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
  provider?: Pick<LocalProvider, "leavesOut">;
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

/** Checks the manifests of the workspace, the files that they name, and that services do not get in each other's way. A
 *  shell variable that is not set is a warning here: where the manifest is deployed from, it may be.
 *  @throws UserError workspace/workload-not-found */
export async function validateWorkspace(request: ValidationRequest): Promise<Validation> {
  return new WorkspaceValidation(request).run();
}

/** What is kept of a workload once it has been checked: manifests themselves are large, and may be many. */
interface CheckedWorkload {
  name: string;
  overlays: readonly string[];
  namesEnvironment: boolean;
  /** By environment; an environment that is not there is like `*`. */
  routes: Map<string, readonly PlacedRoute[]>;
  leftOut: LeftOutNotice[];
}

class WorkspaceValidation {
  readonly #request: ValidationRequest;
  readonly #problems = new ProblemsByEnvironment();
  readonly #files: FileChecks;
  readonly #environments = new Map<string, EnvironmentManifest>();
  #read = 0;

  constructor(request: ValidationRequest) {
    this.#request = request;
    this.#files = new FileChecks(request.workspace, { strict: request.strict });
  }

  async run(): Promise<Validation> {
    const { workspace, name, env, strict } = this.#request;
    if (name !== undefined) await workspace.readWorkload(name);
    const folders = await workspace.listEnvironments();
    await inBatches(folders, (folder) => this.#checkEnvironment(folder));
    const known = env === undefined ? [undefined, ...folders] : [env];
    const read = await inBatches(await workspace.listWorkloads(), (each) => this.#readWorkload(each, known));
    const workloads = read.filter((each) => each !== undefined);
    const all =
      env === undefined ? [...new Set([...folders, ...workloads.flatMap(({ overlays }) => overlays)])] : [env];
    await inBatches(workloads, (workload) => this.#checkFurther(workload, all));
    this.#checkRoutes(workloads, env === undefined ? [anywhere, ...all] : all);
    if (name === undefined && this.#request.provider === undefined)
      await this.#checkFolder("environments", "environment");
    if (name === undefined && env === undefined) {
      await this.#checkPipelines();
      for (const { file, instead } of await workspace.listUnread()) this.#problems.add(unread(file, instead));
    }
    const diagnostics = this.#problems.inOrder().map((each) => (strict ? each : forgiving(each)));
    const failed = diagnostics.some(({ severity }) => strict || severity === "error");
    return { diagnostics, leftOut: workloads.flatMap(({ leftOut }) => leftOut), files: this.#read, failed };
  }

  #isConcerned(name: string): boolean {
    return this.#request.name === undefined || this.#request.name === name;
  }

  async #checkEnvironment(folder: string): Promise<void> {
    const { workspace, name, env, variables } = this.#request;
    if (env !== undefined && env !== folder) return;
    const isConcerned = name === undefined;
    const source = await this.#reading(isConcerned, () => workspace.readEnvironment(folder));
    if (!source) return;
    const { manifest, diagnostics } = loadEnvironmentManifest(source, { app: workspace.application, variables });
    if (manifest) this.#environments.set(folder, manifest);
    for (const problem of isConcerned ? diagnostics : []) this.#problems.add(problem);
  }

  /** Each pipeline, and that each is another one's stack. */
  async #checkPipelines(): Promise<void> {
    const { workspace } = this.#request;
    const names = new Map<string, string>();
    for (const folder of await workspace.listPipelines()) {
      const loaded = await this.#reading(true, () => checkPipeline(workspace, folder));
      for (const problem of loaded?.diagnostics ?? []) this.#problems.add(problem);
      const { name } = loaded?.readable ?? {};
      if (!loaded || name === undefined) continue;
      const before = names.get(name);
      if (before === undefined) names.set(name, loaded.place([]).file);
      else this.#problems.add(sameName(loaded, name, before));
    }
  }

  /** A workload that is not asked about is read too: it may be in the way. */
  async #readWorkload(
    name: string,
    environments: readonly (string | undefined)[],
  ): Promise<CheckedWorkload | undefined> {
    const manifest = await this.#reading(this.#isConcerned(name), () => openWorkload(this.#request, name));
    if (!manifest) return undefined;
    const { overlays, namesEnvironment } = manifest;
    const workload: CheckedWorkload = { name, overlays, namesEnvironment, routes: new Map(), leftOut: [] };
    const own = this.#request.env === undefined ? overlays : [];
    await this.#check(workload, viewsOf(manifest, [...environments, ...own]));
    const named = environments.filter((each) => each !== undefined);
    if (named.length > 0 && named.every((each) => overlays.includes(each))) this.#problems.isUnusedAlone(name);
    if (this.#isConcerned(name)) {
      this.#checkFit(name, manifest);
      await this.#checkBeside(workload);
    }
    return workload;
  }

  /** Addons and overrides, or what a simulator makes of them: nothing. */
  async #checkBeside({ name, leftOut }: CheckedWorkload): Promise<void> {
    const { workspace, provider } = this.#request;
    if (provider !== undefined) leftOut.push(...(await leftOutBeside(workspace, name)));
    else await this.#checkFolder(name, "workload");
  }

  async #checkFolder(name: string, owner: AddonsOwner): Promise<void> {
    const { workspace } = this.#request;
    const reads = [
      async () => (await lookAtAddons(workspace, `copilot/${name}/addons`, owner)).diagnostics,
      () => lookAtOverrides(workspace, `copilot/${name}/overrides`),
    ];
    for (const read of reads)
      for (const problem of (await this.#reading(true, read, 0)) ?? []) this.#problems.add(problem);
  }

  /** What the environments with a manifest cannot give a workload, as far as that is known without the application's
   *  domain. A simulated environment does not mind. */
  #checkFit(name: string, manifest: Pick<OpenedManifest, "in">): void {
    const { workspace, provider } = this.#request;
    if (provider !== undefined) return;
    for (const [env, environment] of this.#environments) {
      const loaded = manifest.in(env);
      if (!loaded.manifest) continue;
      const around = { app: workspace.application, env, environment, domain: null };
      for (const { path, ...problem } of environmentMisfits(loaded.manifest, around))
        this.#problems.add(diagnosticAt(loaded, path, { severity: "warning", ...problem }), [name], env);
    }
  }

  /** A workload that names its environment is looked at in those, too, that only others have named. */
  async #checkFurther(workload: CheckedWorkload, all: readonly string[]): Promise<void> {
    const further = all.filter((env) => !workload.routes.has(env));
    if (!workload.namesEnvironment || further.length === 0) return;
    const manifest = await openWorkload(this.#request, workload.name);
    await this.#check(workload, viewsOf(manifest, further));
  }

  async #check(workload: CheckedWorkload, views: Map<LoadedManifest, string | undefined>): Promise<void> {
    const { workspace, provider, env: only } = this.#request;
    const { name, routes, leftOut } = workload;
    for (const [loaded, env] of views) {
      const label = env ?? anywhere;
      routes.set(label, placedRoutes(loaded));
      if (!this.#isConcerned(name)) continue;
      this.#problems.looked(name, label);
      const { plan, problem } = checkPlan(loaded, { app: workspace.application, env: env ?? anyEnvironment });
      const found = [...loaded.diagnostics, ...(problem ? [problem] : []), ...(await this.#files.problemsOf(loaded))];
      for (const each of found) this.#problems.add(each, [name], label);
      if (!provider || only === undefined) continue;
      leftOut.push(...undeployedOf(loaded));
      if (plan && isDeployed(plan)) leftOut.push(...leftOutOf(plan, provider, loaded.place));
    }
  }

  #checkRoutes(workloads: readonly CheckedWorkload[], environments: readonly string[]): void {
    const concerned = this.#request.name === undefined ? undefined : new Set([this.#request.name]);
    const byName = new Map(workloads.map((workload) => [workload.name, workload]));
    for (const workload of workloads)
      for (const env of workload.routes.keys()) this.#problems.looked(workload.name, env);
    for (const env of environments) {
      const here = workloads.map(({ name, routes }) => ({
        name,
        routes: routes.get(env) ?? routes.get(anywhere) ?? [],
      }));
      for (const { between, problem } of routeConflicts(here, concerned)) {
        const owners = between.map(({ name }) => name);
        // An environment in which neither has an overlay is like the base, where it has been told.
        if (owners.some((name) => byName.get(name)?.routes.has(env))) this.#problems.add(problem, owners, env);
      }
    }
  }

  /** A file that cannot be read is no obstacle for the others. */
  async #reading<T>(counts: boolean, read: () => Promise<T>, files = 1): Promise<T | undefined> {
    if (counts) this.#read += files;
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof UserError) || error.place === undefined) throw error;
      const { code, message, hint, place } = error;
      const at = { file: place.file, line: 1, column: 1, path: "" };
      if (counts) this.#problems.add({ severity: "error", code, message, ...(hint && { hint }), ...at });
      return undefined;
    }
  }
}

/** A stand-in with the length that names have. */
const anyEnvironment = "test";

function unread(file: string, instead: string): Diagnostic {
  return {
    severity: "warning",
    code: "workspace/unread-manifest",
    message: "this manifest is read by nothing",
    hint: `its place is ${instead}`,
    file,
    line: 1,
    column: 1,
    path: "",
  };
}

/** The different manifests that the environments see, each with the first that sees it. */
function viewsOf(
  manifest: { in(env: string | undefined): LoadedManifest },
  environments: readonly (string | undefined)[],
): Map<LoadedManifest, string | undefined> {
  const views = new Map<LoadedManifest, string | undefined>();
  for (const env of environments) {
    const loaded = manifest.in(env);
    if (!views.has(loaded)) views.set(loaded, env);
  }
  return views;
}

function sameName(loaded: LoadedPipelineManifest, name: string, before: string): Diagnostic {
  return diagnosticAt(loaded, ["name"], {
    severity: "error",
    code: "pipeline/name",
    message: `${before} describes the pipeline ${name} already`,
    hint: "give it another name, or remove one of the files",
  });
}

function forgiving(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.code === "interpolation/undefined" ? { ...diagnostic, severity: "warning" } : diagnostic;
}
