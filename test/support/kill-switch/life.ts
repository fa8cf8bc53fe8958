import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../../src/errors.ts";
import { planWorkload } from "../../../src/plan/plan-workload.ts";
import { resolvePlan } from "../../../src/plan/resolve.ts";
import type { WorkloadStatus } from "../../../src/providers/provider.ts";
import type { SimulatorClient } from "../../../src/simulator/client.ts";
import { docker } from "../docker.ts";

/** By what they are tagged: two versions that work, one that ends at once. */
export type Version = "one" | "two" | "bad";

export interface Life {
  client: SimulatorClient;
  images: Record<Version, string>;
  /** What the service is to be when all has come to rest; undefined while there is none. */
  wanted: Wanted | undefined;
}

interface Wanted {
  version: Version;
  count: number;
  /** Of the task definition that runs. */
  revision: number;
  nextRevision: number;
}

/** Something that happens to a service, any number of times. */
export interface Chapter {
  /** Asks the daemon for it. @throws DaemonGone */
  ask(life: Life, next: Wanted | undefined): Promise<unknown>;
  /** What is to be then. */
  next(wanted: Wanted | undefined): Wanted | undefined;
  /** Whether the state knows of the request; it may be asked for again while it does not. */
  isTaken(life: Life, next: Wanted | undefined, status: WorkloadStatus | undefined): boolean;
}

export const chapters = {
  "first deploy": {
    ask: (life) => update(life, "one", 1),
    next: () => ({ version: "one", count: 1, revision: 1, nextRevision: 2 }),
    isTaken: (_life, _next, status) => status?.status === "ACTIVE",
  },
  "restart of a container": {
    ask: killHelper,
    next: (wanted) => wanted,
    isTaken: () => true,
  },
  "rolling update": {
    ask: (life, next) => update(life, next!.version, next!.count),
    next: (wanted) => ({
      ...newRevision(wanted!),
      version: wanted!.version === "one" ? "two" : "one",
      revision: wanted!.nextRevision,
    }),
    isTaken: (_life, next, status) => hasRevision(status, next!.revision),
  },
  "scaling out": {
    ask: (life, next) => update(life, next!.version, next!.count),
    next: (wanted) => ({ ...wanted!, count: 2 }),
    isTaken: (_life, _next, status) => status?.desiredCount === 2,
  },
  "scaling in": {
    ask: (life, next) => update(life, next!.version, next!.count),
    next: (wanted) => ({ ...wanted!, count: 1 }),
    isTaken: (_life, _next, status) => status?.desiredCount === 1,
  },
  "roll-back of a failing deploy": {
    ask: (life, next) => update(life, "bad", next!.count),
    next: (wanted) => newRevision(wanted!),
    isTaken: (_life, next, status) => hasRevision(status, next!.nextRevision - 1),
  },
  deletion: {
    ask: ({ client }) => client.call("delete-service", { serviceId }).catch(asDaemonGone),
    next: () => undefined,
    isTaken: (_life, _next, status) => status?.status !== "ACTIVE",
  },
} satisfies Record<string, Chapter>;

const serviceId = "killed/local/web";

export async function statusOf({ client }: Life): Promise<WorkloadStatus | undefined> {
  return (await client.call("list-services", {})).find(({ name }) => name === "web");
}

/** Whether the service has come to rest as it is wanted. */
export function isSettled({ images, wanted }: Life, status: WorkloadStatus | undefined): boolean {
  if (status === undefined || wanted === undefined) return status === wanted;
  const [primary, ...others] = status.deployments.filter((one) => one.status !== "INACTIVE");
  const failed = wanted.nextRevision > wanted.revision + 1 && hasRevision(status, wanted.nextRevision - 1);
  return (
    others.length === 0 &&
    primary?.rolloutState === "COMPLETED" &&
    primary.revision === wanted.revision &&
    imageOf(primary) === images[wanted.version] &&
    (!failed ||
      status.deployments.find(({ revision }) => revision === wanted.nextRevision - 1)?.rolloutState === "FAILED") &&
    status.desiredCount === wanted.count &&
    status.tasks.length === wanted.count &&
    status.tasks.every(
      ({ lastStatus, desiredStatus, deploymentId, targets, containers }) =>
        lastStatus === "RUNNING" &&
        desiredStatus === "RUNNING" &&
        deploymentId === primary.id &&
        targets.every(({ state }) => state === "healthy") &&
        containers.every((container) => container.lastStatus === "RUNNING"),
    )
  );
}

/** What of this owner is on the Engine, and what has to be there for these tasks: each container once, running, beside
 *  earlier attempts of it that have ended; the names that other tasks find it by, a volume for each task, and networks for
 *  its environment only. */
export async function onEngine(owner: string, status: WorkloadStatus | undefined) {
  const filter = ["--filter", `label=pilotfish.owner=${owner}`];
  const label = (name: string) => `{{.Label "pilotfish.${name}"}}`;
  const [containers, volumes, networks] = await Promise.all([
    docker("ps", "--all", ...filter, "--format", `${label("task")} ${label("container")} {{.State}}`),
    docker("volume", "ls", ...filter, "--format", label("task")),
    docker("network", "ls", ...filter, "--format", `${label("app")}/${label("env")}`),
  ]);
  const tasks = (status?.tasks ?? []).map(({ id }) => id).toSorted();
  const restarted = (line: string) => /^\w+ helper exited$/.test(line) && tasks.includes(line.split(" ")[0] ?? "");
  return {
    found: {
      containers: lines(containers).filter((line) => !restarted(line)),
      names: await namesOnEngine(filter),
      volumes: lines(volumes),
      networks: [...new Set(lines(networks))],
    },
    wanted: {
      containers: tasks
        .flatMap((task) => [`${task}  running`, `${task} helper running`, `${task} web running`])
        .toSorted(),
      names: tasks.map((task) => `${task} web web.local.killed.local`),
      volumes: tasks,
      networks: tasks.length > 0 ? ["killed/local"] : [],
    },
  };
}

async function namesOnEngine(filter: string[]): Promise<string[]> {
  const ids = lines(await docker("ps", "--quiet", ...filter));
  if (ids.length === 0) return [];
  const names = `{{range $name, $network := .NetworkSettings.Networks}}{{if ne $name "bridge"}} {{$network.Aliases}}{{end}}{{end}}`;
  const found = await docker("inspect", ...ids, "--format", `{{index .Config.Labels "pilotfish.task"}}${names}`);
  return lines(found).flatMap((line) => {
    const [task, ...others] = line.split(/[ [\]]+/).filter(Boolean);
    // The Engine adds the container's own names. Only the container that holds the network has any.
    const given = [...new Set(others)].filter((name) => !/^[0-9a-f]{12}$/.test(name)).toSorted();
    return given.length > 0 ? [[task, ...given].join(" ")] : [];
  });
}

function lines(text: string): string[] {
  return text.split("\n").filter(Boolean).toSorted();
}

async function update({ client, images }: Life, version: Version, count: number): Promise<void> {
  const manifest = {
    name: "web",
    type: "Load Balanced Web Service" as const,
    image: { location: images[version], port: 8080 },
    http: { path: "web", deregistration_delay: "1s", healthcheck: { path: "/", interval: "5s", timeout: "2s" } },
    count,
    storage: { volumes: { data: { path: "/data", read_only: false } } },
    sidecars: {
      helper: { image: images.one, command: helper, mount_points: [{ source_volume: "data", path: "/data" }] },
    },
  };
  const planned = planWorkload({ manifest, app: "killed", env: "local" });
  const plan = resolvePlan(planned, (later) =>
    "image" in later ? (later.image === "helper" ? images.one : images[version]) : "known",
  );
  const containerDefinitions = plan.taskDefinition.containerDefinitions?.map((definition) =>
    definition.name === "helper"
      ? { ...definition, essential: false, restartPolicy: { enabled: true, restartAttemptPeriod: 0 } }
      : definition,
  );
  const request = { plan: { ...plan, taskDefinition: { ...plan.taskDefinition, containerDefinitions } }, images: {} };
  for (;;)
    try {
      await client.call("update-service", { ...request, force: false, noRollback: false });
      return;
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== "service/deleting") asDaemonGone(error as UserError);
      await sleep(20);
    }
}

const helper = ["/bin/sh", "-c", "trap 'exit 0' TERM; sleep 1000 & wait"];

/** The daemon died before it answered. */
export class DaemonGone extends Error {}

function asDaemonGone(error: UserError): never {
  if (error.code !== "simulator/unreachable") throw error;
  throw new DaemonGone(error.message, { cause: error });
}

async function killHelper(life: Life): Promise<void> {
  const container = (await statusOf(life))?.tasks[0]?.containers.find(({ name }) => name === "helper");
  await docker("kill", container?.runtimeId ?? "");
}

function newRevision(wanted: Wanted): Wanted {
  return { ...wanted, nextRevision: wanted.nextRevision + 1 };
}

function hasRevision(status: WorkloadStatus | undefined, wanted: number): boolean {
  return status?.deployments.some(({ revision }) => revision === wanted) ?? false;
}

function imageOf({ images }: WorkloadStatus["deployments"][number]): string | undefined {
  return images.find(({ container }) => container === "web")?.name;
}
