import { readFile } from "node:fs/promises";
import type { EngineClient } from "./engine-client.ts";
import { waitFor } from "./wait.ts";

/** How long a command has to end by itself once its input has ended, and then after SIGHUP. */
const patienceMs = 500;

/** Ends a command that nobody is connected to any more; the Engine itself lets it run on. It is hung up on, then killed:
 *  directly where we may, else by the container's own shell. Only a process that lies in the container is touched, so
 *  an Engine in a virtual machine, whose numbers mean nothing here, keeps the command. */
export async function endCommand(client: EngineClient, execId: string, containerId: string): Promise<void> {
  for (const signal of ["SIGHUP", "SIGKILL"] as const) {
    await waitFor(patienceMs);
    const { Running, Pid } = await client.json<{ Running: boolean; Pid: number }>("GET", `/exec/${execId}/json`);
    if (!Running || Pid === 0 || !(await isIn(containerId, Pid))) return;
    try {
      process.kill(Pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return;
      await killInside(client, containerId, await inside(Pid), signal);
    }
  }
}

async function isIn(containerId: string, pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "")).includes(containerId);
}

/** The number that a process has in its own namespace. */
async function inside(pid: number): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return /^NSpid:.*\t(\d+)$/m.exec(status)?.[1];
}

async function killInside(
  client: EngineClient,
  containerId: string,
  pid: string | undefined,
  signal: string,
): Promise<void> {
  if (pid === undefined) return;
  const body = { User: "0", Cmd: ["/bin/sh", "-c", `kill -${signal.slice("SIG".length)} ${pid}`] };
  const { Id } = await client.json<{ Id: string }>("POST", `/containers/${containerId}/exec`, { body });
  await client.json("POST", `/exec/${Id}/start`, { body: { Detach: true } });
}
