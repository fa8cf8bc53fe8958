import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { root } from "./prepare.mjs";

/**
 * Runs a program in the project's folder on our own terminal and waits for it. It is told of signals that we get, and
 * ends in its own time.
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, removeAfterwards?: string }} [options]
 * @returns {Promise<number>} its exit code; 128 and the signal's number when a signal ended it
 */
export async function runChild(program, args, { env = {}, removeAfterwards } = {}) {
  const child = spawn(program, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  const onTerminate = () => void child.kill("SIGTERM");
  // A terminal sends SIGINT to the child as well; this process only has to stay until the child has ended.
  const onInterrupt = () => {
    if (!process.stdin.isTTY) child.kill("SIGINT");
  };
  process.on("SIGTERM", onTerminate).on("SIGINT", onInterrupt);
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 143)));
    });
  } finally {
    process.off("SIGTERM", onTerminate).off("SIGINT", onInterrupt);
    if (removeAfterwards !== undefined) rmSync(removeAfterwards, { force: true });
  }
}
