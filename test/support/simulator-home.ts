import { mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { endSimulator } from "./end-simulator.ts";

/** A state folder of its own for one test. Whatever the test does, its daemon, containers and the folder are gone after
 *  it: first as a user would remove them, then by force. */
export async function simulatorHome(): Promise<string> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "pf-home-")));
  onTestFinished(() => endSimulator(home), 60_000);
  return home;
}
