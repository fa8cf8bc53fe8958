import type { ContainerHealth } from "../../engine/state.ts";
import type { RuntimeContainer } from "../runtime.ts";
import type { EngineClient } from "./engine-client.ts";
import { isEngineError } from "./engine-error.ts";
import { identityOf, ownedFilter } from "./labels.ts";
import { milliseconds } from "./log-lines.ts";

/** The part of the Engine's answer that we read. */
interface Inspected {
  Id: string;
  Config: { Labels: Record<string, string> | null };
  State: {
    Status: string;
    ExitCode: number;
    OOMKilled: boolean;
    StartedAt: string;
    FinishedAt: string;
    Health?: { Status: string };
  };
  NetworkSettings: { Ports: Record<string, { HostIp: string; HostPort: string }[] | null> | null };
}

/** One container of this owner, by id or name; undefined when there is none or when it is somebody else's. */
export async function inspectContainer(
  client: EngineClient,
  owner: string,
  id: string,
): Promise<RuntimeContainer | undefined> {
  try {
    return toRuntimeContainer(owner, await client.json<Inspected>("GET", `/containers/${encodeURIComponent(id)}/json`));
  } catch (error) {
    if (isEngineError(error, 404)) return undefined;
    throw error;
  }
}

/** All containers of this owner, or those of one task. */
export async function listContainers(client: EngineClient, owner: string, task?: string): Promise<RuntimeContainer[]> {
  const query = { all: true, filters: ownedFilter(owner, {}, task) };
  const found = await client.json<{ Id: string }[]>("GET", "/containers/json", { query });
  const containers = await Promise.all(found.map(({ Id }) => inspectContainer(client, owner, Id)));
  return containers.filter((container) => container !== undefined);
}

function toRuntimeContainer(
  owner: string,
  { Id, Config, State, NetworkSettings }: Inspected,
): RuntimeContainer | undefined {
  const identity = identityOf(owner, Config.Labels ?? {});
  if (identity === undefined) return undefined;
  const state =
    State.Status === "created"
      ? "created"
      : ["running", "paused", "restarting"].includes(State.Status)
        ? "running"
        : "exited";
  return {
    ...identity,
    runtimeId: Id,
    state,
    ...(state === "exited"
      ? { exitCode: State.ExitCode, outOfMemory: State.OOMKilled, finishedAt: milliseconds(State.FinishedAt) }
      : {}),
    ...(state === "created" ? {} : { startedAt: milliseconds(State.StartedAt) }),
    ...(State.Health === undefined || State.Health.Status === "none" ? {} : { health: healthOf(State.Health.Status) }),
    ports: hostPorts(NetworkSettings.Ports ?? {}),
  };
}

/** What ECS calls the Engine's `starting`, `healthy` and `unhealthy`. */
function healthOf(status: string): ContainerHealth {
  return status === "healthy" ? "HEALTHY" : status === "unhealthy" ? "UNHEALTHY" : "UNKNOWN";
}

function hostPorts(ports: NonNullable<Inspected["NetworkSettings"]["Ports"]>): Record<number, number> {
  const bound = Object.entries(ports).flatMap(([port, bindings]) =>
    bindings?.[0] === undefined ? [] : [[port, bindings[0].HostPort] as const],
  );
  // A TCP port wins over a UDP port of the same number.
  const ordered = bound.toSorted(([a], [b]) => Number(a.endsWith("/tcp")) - Number(b.endsWith("/tcp")));
  return Object.fromEntries(ordered.map(([port, hostPort]) => [Number.parseInt(port, 10), Number(hostPort)]));
}
