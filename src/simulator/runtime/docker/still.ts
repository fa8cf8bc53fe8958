import type { EngineClient } from "./engine-client.ts";
import { EngineError } from "./engine-error.ts";
import { ownedFilter } from "./labels.ts";

/** Does something while the programs of a task are stopped in the middle of whatever they do; they notice nothing but the
 *  time. The container that holds its network goes on, and so do those with a health check: the Engine calls a paused one
 *  unhealthy, and does not say when its check then fails. */
export async function whileStill<T>(
  client: EngineClient,
  owner: string,
  task: string,
  work: () => Promise<T>,
): Promise<T> {
  const found = await list(client, ownedFilter(owner, { status: ["running", "paused"] }, task));
  const programs = found.filter(
    ({ Labels, Status }) => Labels["pilotfish.container"] !== undefined && !/health/.test(Status),
  );
  try {
    await Promise.all(programs.map(({ Id }) => change(client, Id, "pause")));
    return await work();
  } finally {
    await Promise.all(programs.map(({ Id }) => change(client, Id, "unpause")));
  }
}

/** What a process that has died may have left still goes on. */
export async function resumeAll(client: EngineClient, owner: string): Promise<void> {
  const found = await list(client, ownedFilter(owner, { status: ["paused"] }));
  await Promise.all(found.map(({ Id }) => change(client, Id, "unpause")));
}

interface Listed {
  Id: string;
  Labels: Record<string, string>;
  /** `Up 2 minutes (healthy)` */
  Status: string;
}

async function list(client: EngineClient, filters: string): Promise<Listed[]> {
  return await client.json<Listed[]>("GET", "/containers/json", { query: { all: true, filters } });
}

/** What the Engine refuses is so already, or the container is gone. */
async function change(client: EngineClient, id: string, to: "pause" | "unpause"): Promise<void> {
  await client.json("POST", `/containers/${id}/${to}`).catch((error: unknown) => {
    if (!(error instanceof EngineError)) throw error;
  });
}
