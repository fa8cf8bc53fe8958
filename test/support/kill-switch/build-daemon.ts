import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "../../..");

export interface KillableDaemon {
  daemonFile: string;
  hello: { version: string; build: string };
  remove(): Promise<void>;
}

/** Bundles the daemon's program with the kill switch. Whoever asked removes the folder. */
export async function buildKillableDaemon(): Promise<KillableDaemon> {
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "pilotfish-killable-"));
  const daemonFile = join(folder, "daemon.mjs");
  const hello = { version: "0.0.0", build: "killable" };
  await build({
    absWorkingDir: root,
    entryPoints: ["test/support/kill-switch/daemon-program.ts"],
    outfile: daemonFile,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20.19",
    logLevel: "warning",
  });
  await writeFile(join(folder, "build.json"), JSON.stringify(hello));
  return { daemonFile, hello, remove: () => rm(folder, { recursive: true, force: true }) };
}
