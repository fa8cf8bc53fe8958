import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { exposedPorts } from "../images/dockerfile/exposed-ports.ts";
import { findDockerfiles } from "../workspace/find-dockerfiles.ts";

export interface DiscoveredDockerfile {
  /** From the project's root, with slashes: as a manifest names it. */
  path: string;
  /** What its image exposes, in the order of the file. */
  ports: number[];
}

/** The Dockerfiles of a project, nearest first. */
export async function discoverDockerfiles(root: string): Promise<DiscoveredDockerfile[]> {
  const paths = await findDockerfiles(root);
  return Promise.all(
    paths.map(async (path) => {
      const text = await readFile(join(root, path), "utf8").catch(() => "");
      return { path, ports: exposedPorts(text) };
    }),
  );
}
