import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./prepare.mjs";
import { runChild } from "./run-child.mjs";

/**
 * Runs a TypeScript file in a process of its own: Node 20 does not read TypeScript, so it is bundled first, with
 * packages left where they are.
 * @param {string} file from the project's root
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function runTypescript(file, args) {
  // As deep as test/support and test/bench are, so that paths from a file's own folder stay true.
  const outfile = join(root, "node_modules/.cache", `pilotfish-${file.replaceAll(/[/.]/g, "-")}-${process.pid}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [file],
    outfile,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20.19",
    sourcemap: "inline",
    logLevel: "warning",
  });
  return runChild(process.execPath, ["--enable-source-maps", outfile, ...args], { removeAfterwards: outfile });
}
