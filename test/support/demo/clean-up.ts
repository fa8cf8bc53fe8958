import { rm } from "node:fs/promises";
import { docker } from "../docker.ts";
import { endSimulator } from "../end-simulator.ts";
import { runCli } from "../run-cli.ts";
import type { Sample } from "./sample.ts";

export interface Made {
  folder: string;
  home: string;
  env: Record<string, string>;
  /** Undefined when it has not come so far. */
  sample: Sample | undefined;
  /** Ids of images, which may have lost their names since; none when nothing was built. */
  images: string[];
  /** The pause images that were there before; undefined when no Engine answered. */
  pauseImages: string[] | undefined;
}

/** Removes service, daemon, containers, images and folders, by force where the program itself did not.
 *  @returns what it could not remove, and what needed force */
export async function cleanUp({ folder, home, env, sample, images, pauseImages }: Made): Promise<string[]> {
  const problems: string[] = [];
  const attempt = (work: Promise<unknown>): Promise<unknown> =>
    work.catch((error: Error) => problems.push(error.message));
  if (sample !== undefined) {
    await runCli(["svc", "delete", "-n", sample.service, "-e", "local", "--yes"], { cwd: sample.folder, home, env });
    await attempt(endSimulator(home, env));
    if (pauseImages !== undefined) {
      await attempt(removeImages(sample.app, images));
      await attempt(removePauseImages(pauseImages));
    }
  }
  await attempt(rm(folder, { recursive: true, force: true }));
  return problems;
}

/** The images of the containers that hold the network of each task; all simulators on an Engine share them.
 *  @returns undefined when no Engine answers */
export async function listPauseImages(): Promise<string[] | undefined> {
  const names = await docker("images", "--format", "{{.Repository}}:{{.Tag}}", "pilotfish/pause").catch(
    () => undefined,
  );
  return names?.split("\n").filter(Boolean);
}

/** Another simulator may have begun to use it; then it stays. */
async function removePauseImages(before: string[]): Promise<void> {
  const made = ((await listPauseImages()) ?? []).filter((image) => !before.includes(image));
  for (const image of made) await docker("image", "rm", image).catch(() => undefined);
}

/** Only names of ours, and ids that no name holds: the same content may also be somebody else's image.
 *  @param app part of the name of every image that was built; nobody else has it */
async function removeImages(app: string, ids: string[]): Promise<void> {
  const names = (await docker("images", "--format", "{{.Repository}}:{{.Tag}}")).split("\n");
  const ours = names.filter((name) => name.includes(app) && !name.endsWith(":<none>"));
  if (ours.length > 0) await docker("image", "rm", ...ours);
  for (const id of ids) {
    const tags = await docker("image", "inspect", "--format", "{{len .RepoTags}}", id).catch(() => "gone");
    if (tags === "0") await docker("image", "rm", id);
  }
}
