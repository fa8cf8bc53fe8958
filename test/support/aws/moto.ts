import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { python } from "./missing-for-aws.ts";

/** What CloudFormation has deleted in the emulator. A custom resource that gets a Delete is one that a template no longer
 *  names: in an account its handler would now take away what it had made. */
export interface Deletion {
  event: "resource deleted" | "custom resource gets a Delete";
  /** `AWS::ECS::Service` */
  type: string;
  id: string;
}

export interface Moto {
  url: string;
  /** In the order in which they happened. */
  deletions(): Promise<Deletion[]>;
  reset(): Promise<void>;
  /** How long a task takes from each of its states to the next, until the next reset. In seconds. */
  step(seconds: number | "usual"): Promise<void>;
  /** The end of what it has written on stderr. */
  said(): string;
  end(): Promise<void>;
}

/** Measurements run as a bundle, which lies elsewhere, from the project's root. */
const server = ["moto/serve.py", join(process.cwd(), "test/support/aws/moto/serve.py")]
  .map((file) => resolve(import.meta.dirname, file))
  .find((file) => existsSync(file)) as string;

/** Starts moto with its gaps filled (./moto/). It takes a second or two, and ends at the latest with this process. */
export async function startMoto(): Promise<Moto> {
  if (python === undefined) throw new Error("there is no moto");
  const child = spawn(python, ["-B", server], {
    stdio: ["pipe", "pipe", "pipe"],
    // Nothing of whoever runs the tests: neither credentials nor settings of moto.
    env: { PATH: process.env["PATH"], PYTHONHASHSEED: "0", MOTO_ACM_VALIDATION_WAIT: "1" },
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-10_000)));
  const lines = createInterface({ input: child.stdout });
  const gone = once(child, "exit");
  const first = await Promise.race([once(lines, "line"), gone.then(() => undefined)]);
  const port = Number(first?.[0]);
  if (!(port > 0)) throw new Error(`moto does not start: ${said}`);
  // It must not keep this process: it ends with it.
  child.unref();
  for (const stream of child.stdio) (stream as Socket).unref();
  const url = `http://127.0.0.1:${port}`;
  const asked = async (path: string, method = "GET") => {
    const answer = await fetch(`${url}${path}`, { method });
    if (!answer.ok) throw new Error(`the emulator fails: ${await answer.text()}`);
    return answer;
  };
  return {
    url,
    deletions: async () => (await (await asked("/pilotfish/deletions")).json()) as Deletion[],
    reset: async () => void (await asked("/moto-api/reset", "POST")),
    step: async (seconds) => void (await asked(`/pilotfish/step/${seconds}`, "POST")),
    said: () => said.trim().split("\n").slice(-6).join("\n"),
    end: () => endOf(child, gone),
  };
}

async function endOf(child: ChildProcess, gone: Promise<unknown>): Promise<void> {
  // A process with nothing else left to do must still see it end.
  child.ref();
  child.kill("SIGKILL");
  await gone;
}
