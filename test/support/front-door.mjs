// What `npm run build`, `demo`, `bench`, `chaos`, `schemas` and `npm test` start. Needs nothing but Node: it installs and
// builds what is missing, then goes on.
import { checkNode, ensureBuilt, ensureInstalled, rebuild } from "./prepare.mjs";

/** @type {Record<string, (args: string[]) => Promise<void>>} */
const commands = {
  async build() {
    await ensureInstalled();
    await rebuild();
  },
  async demo(args) {
    await ensureInstalled();
    await ensureBuilt();
    await runTypescript("test/support/demo.ts", args);
  },
  async bench(args) {
    await ensureInstalled();
    await ensureBuilt();
    await runTypescript("test/bench/run.ts", args);
  },
  async chaos(args) {
    await ensureInstalled();
    await ensureBuilt();
    await runTypescript("test/support/chaos.ts", args);
  },
  async schemas(args) {
    await ensureInstalled();
    await runTypescript("test/support/write-schemas.ts", args);
  },
  async test(args) {
    await ensureInstalled();
    const { runTests } = await import("./run-tests.mjs");
    process.exitCode = await runTests(args);
  },
};

/**
 * @param {string} file
 * @param {string[]} args
 */
async function runTypescript(file, args) {
  const { runTypescript: run } = await import("./run-typescript.mjs");
  process.exitCode = await run(file, args);
}

const [name = "", ...args] = process.argv.slice(2);
const command = commands[name];
try {
  checkNode();
  if (command === undefined) throw new Error(`usage: front-door.mjs ${Object.keys(commands).join("|")}`);
  await command(args);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
