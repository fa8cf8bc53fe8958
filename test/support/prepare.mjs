import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "./lock.mjs";

/** The project's folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Refuses a Node that is too old for everything that follows. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  process.stderr.write(`Node 20.19 or newer is needed, this is ${process.versions.node}: see https://nodejs.org\n`);
  process.exit(1);
}

/** Installs what package-lock.json asks for, unless it is there. Two at once are safe. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await alone(async () => {
    if (isInstalled()) return;
    say("installing the dependencies (npm ci)");
    const npm = process.env["npm_execpath"];
    const [program, ...script] = npm?.endsWith(".js") ? [process.execPath, npm] : ["npm"];
    const done = spawnSync(program, [...script, "ci", "--no-audit", "--no-fund"], {
      cwd: root,
      stdio: ["ignore", 2, 2],
    });
    if (done.status !== 0) throw new Error(`npm ci failed: ${done.error?.message ?? `exit code ${done.status}`}`);
  });
}

/** Builds dist, unless it is what the sources say. Two at once are safe. */
export async function ensureBuilt() {
  const { build, isBuilt } = await import("./build.mjs");
  if (await isBuilt(root)) return;
  await alone(async () => {
    if (await isBuilt(root)) return;
    say("building");
    await build(root);
  });
}

/** Builds dist whatever is there. */
export async function rebuild() {
  const { build } = await import("./build.mjs");
  await alone(() => build(root));
}

/** npm keeps what it has installed in node_modules/.package-lock.json; optional packages may be for other machines. */
function isInstalled() {
  const record = join(root, "node_modules/.package-lock.json");
  if (!existsSync(record)) return false;
  const wanted = packagesOf(join(root, "package-lock.json"));
  const installed = packagesOf(record);
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === "" || optional || installed[path]?.version === version,
  );
}

/**
 * @param {string} lockfile
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesOf(lockfile) {
  return JSON.parse(readFileSync(lockfile, "utf8")).packages;
}

/**
 * @template T
 * @param {() => Promise<T>} work
 */
function alone(work) {
  return withLock(join(root, ".front-door-lock"), work, () => say("waiting for another install or build to end"));
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`${text}\n`);
}
