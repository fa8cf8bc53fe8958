import type { Diagnostic } from "../errors.ts";
import { logRouter } from "../manifest/containers.ts";
import { envFileProblems } from "../manifest/env-file.ts";
import { isReadService, type LoadedManifest } from "../manifest/load.ts";
import type { Path } from "../manifest/problems.ts";
import { quoted } from "../manifest/words.ts";
import { dockerfileAndContext } from "../plan/image-builds.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { diagnosticAt } from "./diagnostic-at.ts";

/** A file or folder that a manifest names. */
interface NamedFile {
  at: Path;
  path: string;
  noun: "Dockerfile" | "build context" | "environment file" | "file or folder";
  /** The folder that it follows from; while that is not there, nothing is said of the file. */
  follows?: string;
}

/** Of an environment file no more is looked at. */
const mostBytes = 1024 * 1024;

/** Checks the files that manifests name: that they are there, lie in the project, and that ECS takes their contents.
 *  What has a shell variable in it that is not set cannot be checked. */
export class FileChecks {
  readonly #files: Workspace["files"];
  readonly #strict: boolean;
  readonly #contents = new Map<string, Promise<Diagnostic[]>>();

  constructor({ files }: Pick<Workspace, "files">, { strict }: { strict: boolean }) {
    this.#files = files;
    this.#strict = strict;
  }

  async problemsOf(loaded: LoadedManifest): Promise<Diagnostic[]> {
    const named = filesOf(loaded).filter(({ path }) => !path.includes("${"));
    return (await Promise.all(named.map((each) => this.#check(loaded, each)))).flat();
  }

  async #check(loaded: LoadedManifest, { at, path, noun, follows }: NamedFile): Promise<Diagnostic[]> {
    if (follows !== undefined && (await this.#files.look(follows)).kind !== "folder") return [];
    const { kind, readable, outside, shown } = await this.#files.look(path);
    const problem = (severity: Diagnostic["severity"], code: string, message: string, hint?: string) =>
      diagnosticAt(loaded, at, { severity, code, message, hint });
    const wanted = noun === "build context" ? "folder" : noun === "file or folder" ? kind : "file";
    if (kind === "missing") {
      return [problem("error", "files/missing", `there is no ${noun} ${quoted(path)}`, hintOf(path))];
    }
    if (kind !== wanted) {
      const hint =
        noun === "Dockerfile" && kind === "folder" ? `write \`${path.replace(/\/+$/, "")}/Dockerfile\`` : undefined;
      return [problem("error", "files/kind", `the ${noun} ${quoted(path)} is not a ${wanted}`, hint)];
    }
    if (!readable)
      return [
        problem("error", "files/unreadable", `you may not read the ${noun} ${quoted(path)}`, `chmod u+r ${shown}`),
      ];
    const strayed = problem(
      this.#strict ? "error" : "warning",
      "files/outside",
      `the ${noun} ${quoted(path)} lies outside of the project`,
      "others who have the repository do not have it",
    );
    const contents = noun === "environment file" ? await this.#contentsOf(path, shown) : [];
    return [...(outside ? [strayed] : []), ...contents];
  }

  #contentsOf(path: string, shown: string): Promise<Diagnostic[]> {
    let found = this.#contents.get(path);
    if (!found) {
      found = this.#files.read(path, mostBytes).then((bytes) => envFileProblems(shown, bytes));
      this.#contents.set(path, found);
    }
    return found;
  }
}

/** What a template is packaged from, as far as its files are concerned. */
type Naming = Pick<LoadedManifest, "readable" | "isReadable" | "place">;

/** The files that a manifest names and that are not there, as warnings: a template needs none of them. No file is
 *  opened. */
export async function missingFiles(files: Pick<Workspace["files"], "look">, loaded: Naming): Promise<Diagnostic[]> {
  const isThere = async (path: string) => (await files.look(path)).kind !== "missing";
  const found = filesOf(loaded).map(async ({ at, path, noun, follows }) => {
    if (path.includes("${") || (follows !== undefined && !(await isThere(follows))) || (await isThere(path))) return [];
    const message = `there is no ${noun} ${quoted(path)}; the template needs none, but a deployment will`;
    return [diagnosticAt(loaded, at, { severity: "warning", code: "files/missing", message, hint: hintOf(path) })];
  });
  return (await Promise.all(found)).flat();
}

function hintOf(path: string): string {
  return path.includes("\\")
    ? `folders are parted by \`/\`: ${quoted(path.replaceAll("\\", "/"))}`
    : "paths in a manifest start at the folder that holds `copilot`";
}

function filesOf(loaded: Naming): NamedFile[] {
  const { readable } = loaded;
  if (readable.type === "Static Site")
    return (readable.files ?? []).flatMap((each, i) =>
      each?.source === undefined ? [] : [{ at: ["files", i, "source"], path: each.source, noun: "file or folder" }],
    );
  if (readable.type === "Request-Driven Web Service")
    return buildFiles(loaded, ["image", "build"], readable.image?.build);
  if (!isReadService(readable)) return [];
  const { image, env_file, logging, sidecars = {}, name = "" } = readable;
  const containers = [
    { name, at: [] as Path, image, envFile: env_file },
    ...Object.entries(sidecars).map(([sidecar, facts]) => ({
      name: sidecar,
      at: ["sidecars", sidecar] as Path,
      image: facts?.image,
      envFile: facts?.env_file,
    })),
    { name: logRouter, at: ["logging"] as Path, image: undefined, envFile: logging?.env_file },
  ];
  return containers.flatMap(({ at, image: source, envFile }) => [
    ...(typeof source === "object" && "build" in source
      ? buildFiles(loaded, [...at, "image", "build"], source.build)
      : []),
    ...(envFile === undefined ? [] : [{ at: [...at, "env_file"], path: envFile, noun: "environment file" as const }]),
  ]);
}

/** A Dockerfile that follows from its folder is looked for when that is there. */
function buildFiles(
  loaded: Naming,
  at: Path,
  build: string | { dockerfile?: string; context?: string } | undefined,
): NamedFile[] {
  if (build === undefined) return [];
  if (typeof build === "string") return [{ at, path: build, noun: "Dockerfile" }];
  if (!loaded.isReadable([...at, "dockerfile"]) || !loaded.isReadable([...at, "context"])) return [];
  const { dockerfile, context } = dockerfileAndContext(build);
  const field = build.dockerfile !== undefined ? ["dockerfile"] : build.context !== undefined ? ["context"] : [];
  return [
    ...(build.context === undefined ? [] : [{ at: [...at, "context"], path: context, noun: "build context" as const }]),
    {
      at: [...at, ...field],
      path: dockerfile,
      noun: "Dockerfile" as const,
      ...(field[0] === "context" && { follows: context }),
    },
  ];
}
