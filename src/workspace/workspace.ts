import { existsSync, lstatSync } from "node:fs";
import { lstat, readdir, rm } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { closestMatch } from "leven";
import { UserError } from "../errors.ts";
import { formatApplicationFile, parseApplicationFile } from "./application-file.ts";
import { createFile, type Creation, renewFile } from "./create-file.ts";
import { findCopilotDir } from "./find-copilot-dir.ts";
import { ProjectFiles } from "./project-files.ts";
import { readSource } from "./read-source.ts";
import { unreadManifests } from "./unread-manifests.ts";

/** A manifest as it lies on the disk. `file` is relative to the folder that the user is in, so that a terminal can
 *  open it; `folder` is the name of the folder that holds it. */
export interface SourceFile {
  file: string;
  text: string;
  folder: string;
  /** Whether a folder `overrides` lies beside it, whose patches change what is made of the manifest. */
  hasOverrides?: boolean;
}

/** The user's project, seen through its `copilot/` folder. */
export interface Workspace {
  /** The folder that holds `copilot/`; paths in manifests start here. */
  readonly root: string;
  readonly copilotDir: string;
  readonly application: string;
  /** What manifests name: Dockerfiles, folders, environment files. */
  readonly files: Pick<ProjectFiles, "look" | "read" | "list">;
  /** `copilot/.workspace`, as messages show it. */
  readonly applicationFile: string;
  /** Makes the folder no application's workspace any more. @throws UserError workspace/write-failed */
  deleteApplicationFile(): Promise<void>;
  /** The names of the folders in `copilot/` that hold a manifest of a workload, sorted. */
  listWorkloads(): Promise<string[]>;
  /** @throws UserError workspace/workload-not-found */
  readWorkload(name: string): Promise<SourceFile>;
  /** Adds a workload; one that is there stays as it is. @throws UserError workspace/write-failed */
  createWorkload(name: string, text: string): Promise<{ file: string; creation: Creation }>;
  /** Puts a JSON Schema into `copilot/.schema`, where manifests refer to it, in the place of an older one.
   *  @throws UserError workspace/write-failed */
  writeSchema(name: string, text: string): Promise<{ file: string; creation: "created" | "unchanged" | "renewed" }>;
  /** The names of the folders in `copilot/environments/` that hold a manifest, sorted. */
  listEnvironments(): Promise<string[]>;
  /** Adds an environment; one that is there stays as it is. @throws UserError workspace/write-failed */
  createEnvironment(name: string, text: string): Promise<{ file: string; creation: Creation }>;
  /** @throws UserError workspace/environment-not-found */
  readEnvironment(name: string): Promise<SourceFile>;
  /** The folders with a manifest of a pipeline, from the root: `copilot` where older Copilot kept it in
   *  `copilot/pipeline.yml`, then those in `copilot/pipelines/`, sorted. */
  listPipelines(): Promise<string[]>;
  /** @param folder one of {@link listPipelines} @throws UserError workspace/invalid */
  readPipeline(folder: string): Promise<SourceFile>;
  /** Manifests where none is read, and where they would be, as messages show them. */
  listUnread(): Promise<{ file: string; instead: string }[]>;
}

/** Opens the workspace that a folder belongs to, by Copilot's rule: the first folder named `copilot` in it or in the
 *  four above it. @throws UserError workspace/not-found, workspace/invalid */
export async function findWorkspace(cwd: string): Promise<Workspace> {
  const copilotDir = await findCopilotDir(cwd);
  if (!copilotDir) {
    throw new UserError("workspace/not-found", `there is no copilot folder in ${cwd} or in the four folders above it`, {
      hint: "pilotfish init",
    });
  }
  const path = join(copilotDir, ".workspace");
  const file = relative(cwd, path);
  const text = await readSource(path).catch((error: NodeJS.ErrnoException) => {
    const place = { file };
    if (error.code === "ENOENT")
      throw new UserError("workspace/not-found", "this file is missing, so the folder is no application's workspace", {
        place,
        hint: "pilotfish app init",
        cause: error,
      });
    throw new UserError("workspace/invalid", "this file cannot be read", {
      place,
      hint: `make it readable: chmod u+r ${file}`,
      cause: error,
    });
  });
  return openWorkspace(copilotDir, parseApplicationFile(text, file), cwd);
}

/** Makes a folder a workspace of an application. One that it belongs to already is opened if it is the same
 *  application's. @throws UserError workspace/invalid, workspace/write-failed */
export async function createWorkspace(
  cwd: string,
  application: string,
): Promise<{ workspace: Workspace; file: string; creation: Exclude<Creation, "different"> }> {
  const present = await findWorkspace(cwd).catch(() => undefined);
  const copilotDir = basename(cwd) === "copilot" ? cwd : join(cwd, "copilot");
  const path = join(present?.copilotDir ?? copilotDir, ".workspace");
  const creation = present ? "unchanged" : await createFile(path, formatApplicationFile(application));
  const workspace = present ?? (await findWorkspace(cwd));
  const file = relative(cwd, path);
  if (workspace.application !== application) {
    throw new UserError("workspace/invalid", `this workspace belongs to the application ${workspace.application}`, {
      place: { file },
      hint: `leave the name out, or use ${workspace.application}`,
    });
  }
  return { workspace, file, creation: creation === "created" ? "created" : "unchanged" };
}

function openWorkspace(copilotDir: string, application: string, cwd: string): Workspace {
  const applicationFile = join(copilotDir, ".workspace");
  const environmentsDir = join(copilotDir, "environments");
  const pipelinesDir = join(copilotDir, "pipelines");
  const shown = (path: string) => relative(cwd, path);
  const listWorkloads = async () => (await foldersWithManifest(copilotDir)).filter((name) => !isReserved(name));
  const readFile = async (path: string, folder: string): Promise<SourceFile | undefined> => {
    try {
      const source = { file: shown(path), text: await readSource(path), folder };
      return existsSync(join(dirname(path), "overrides")) ? { ...source, hasOverrides: true } : source;
    } catch (error) {
      const isLink = await lstat(path).then(
        (found) => found.isSymbolicLink(),
        () => false,
      );
      if (isMissing(error) && !isLink) return undefined;
      if (isMissing(error))
        throw new UserError("workspace/invalid", "this link leads nowhere", {
          place: { file: shown(path) },
          cause: error,
        });
      if ((error as NodeJS.ErrnoException).code === "EISDIR")
        throw new UserError("workspace/invalid", "this is a folder, and a manifest is a file", {
          place: { file: shown(path) },
          hint: `move it out of the way: mv ${shown(path)} ${shown(path)}.d`,
          cause: error,
        });
      throw new UserError("workspace/invalid", "this file cannot be read", {
        place: { file: shown(path) },
        hint: `make it readable: chmod u+r ${shown(path)}`,
        cause: error,
      });
    }
  };
  const read = (folder: string, name: string) => readFile(join(folder, name, "manifest.yml"), name);
  return {
    root: dirname(copilotDir),
    copilotDir,
    application,
    files: new ProjectFiles(dirname(copilotDir), cwd),
    applicationFile: shown(applicationFile),
    deleteApplicationFile: () => deleteFile(applicationFile, shown(applicationFile)),
    listWorkloads,
    async readWorkload(name) {
      const found = isReserved(name) ? undefined : await read(copilotDir, name);
      if (found) return found;
      const names = await listWorkloads();
      const message = `there is no ${join(shown(copilotDir), name, "manifest.yml")}`;
      throw new UserError("workspace/workload-not-found", message, {
        hint: names.length === 0 ? `pilotfish svc init -n ${name}` : suggestion(name, names),
      });
    },
    async createWorkload(name, text) {
      const path = join(copilotDir, name, "manifest.yml");
      return { file: shown(path), creation: await createFile(path, text) };
    },
    async writeSchema(name, text) {
      const path = join(copilotDir, ".schema", name);
      return { file: shown(path), creation: await renewFile(path, text) };
    },
    listEnvironments: () => foldersWithManifest(environmentsDir),
    async createEnvironment(name, text) {
      const path = join(environmentsDir, name, "manifest.yml");
      return { file: shown(path), creation: await createFile(path, text) };
    },
    async readEnvironment(name) {
      const found = await read(environmentsDir, name);
      if (found) return found;
      const names = await foldersWithManifest(environmentsDir);
      const message = `there is no ${join(shown(environmentsDir), name, "manifest.yml")}`;
      throw new UserError("workspace/environment-not-found", message, {
        hint: names.length === 0 ? undefined : suggestion(name, names),
      });
    },
    async listPipelines() {
      const legacy = isThere(join(copilotDir, "pipeline.yml")) ? ["copilot"] : [];
      return [...legacy, ...(await foldersWithManifest(pipelinesDir)).map((name) => `copilot/pipelines/${name}`)];
    },
    async readPipeline(folder) {
      const inFolder = join(dirname(copilotDir), folder);
      const path = join(inFolder, folder === "copilot" ? "pipeline.yml" : "manifest.yml");
      const found = await readFile(path, basename(folder));
      if (found) return found;
      throw new UserError("workspace/pipeline-not-found", `there is no ${shown(path)}`);
    },
    async listUnread() {
      const environments = (await foldersWithManifest(environmentsDir)).map((name) => `environments/${name}`);
      const pipelines = (await foldersWithManifest(pipelinesDir)).map((name) => `pipelines/${name}`);
      const inPlace = new Set([...(await listWorkloads()), ...environments, ...pipelines]);
      const unread = await unreadManifests(copilotDir, inPlace);
      return unread.map(({ path, instead }) => ({
        file: shown(join(copilotDir, path)),
        instead: shown(join(copilotDir, instead)),
      }));
    },
  };
}

/** Folders of `copilot/` with a meaning of their own, and what is no name of a folder in it. */
function isReserved(name: string): boolean {
  return name === "environments" || name === "pipelines" || /[/\\]|^\.{0,2}$/.test(name);
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR";
}

async function deleteFile(path: string, file: string): Promise<void> {
  await rm(path, { force: true }).catch((error: unknown) => {
    throw new UserError("workspace/write-failed", "could not be removed: you may not write in this folder", {
      place: { file },
      hint: `rm ${file}`,
      cause: error,
    });
  });
}

function lettersOf(name: string): string {
  return [...name].toSorted().join("");
}

function suggestion(name: string, names: string[]): string {
  // Letters that have changed places are two mistakes to the other search, and the most frequent one.
  const swapped = names.find((each) => lettersOf(each) === lettersOf(name));
  const close = swapped ?? closestMatch(name, names, { maxDistance: Math.max(1, Math.floor(name.length / 3)) });
  return close ? `did you mean ${close}? There are: ${names.join(", ")}` : `there are: ${names.join(", ")}`;
}

/** Also a link that leads nowhere, or a folder: it is told when it is read. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

async function foldersWithManifest(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => isThere(join(folder, name, "manifest.yml"))).toSorted();
}
