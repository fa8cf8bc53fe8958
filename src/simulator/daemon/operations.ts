import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../errors.ts";
import type { Calls, FollowEvent, ServiceUpdated, Streams, UpdateService } from "../protocol.ts";
import type { DeploymentSpec, Service, SimulatorState } from "../engine/state.ts";
import type { Daemon } from "./daemon.ts";
import { describeService } from "./describe.ts";
import { followService } from "./follow.ts";
import { streamLogs } from "./stream-logs.ts";
import { AskTheNext, type Operations } from "./server.ts";

/** What can be asked over the control socket, by its name. */
export function operations(daemon: Daemon): Operations {
  const calls: { [K in keyof Calls]: (params: Calls[K]["params"]) => Promise<Calls[K]["result"]> } = {
    status: async () => daemon.status(),
    "set-speed": async ({ speed }) => {
      daemon.setSpeed(speed);
      return daemon.status();
    },
    "open-load-balancer": async ({ app, env, loadBalancer }) => ({
      address: await daemon.balancers.open(app, env, loadBalancer),
    }),
    "update-service": (params) => updateService(daemon, params),
    "stop-deployment": async (params) => {
      serviceOf(daemon.state, params.serviceId);
      daemon.simulator.apply({ type: "stop-deployment", ...params });
      return null;
    },
    "describe-service": async ({ serviceId }) => describeService(daemon.view(), serviceOf(daemon.state, serviceId)),
    "list-services": async ({ app, env }) =>
      Object.values(daemon.state.services)
        .filter(
          (service) =>
            service.status !== "INACTIVE" &&
            (app ?? service.app) === service.app &&
            (env ?? service.env) === service.env,
        )
        .map((service) => describeService(daemon.view(), service)),
    "delete-service": async ({ serviceId }) => {
      serviceOf(daemon.state, serviceId);
      daemon.simulator.apply({ type: "delete-service", serviceId });
      return null;
    },
    shutdown: async () => {
      setImmediate(() => void daemon.stop("shutdown"));
      return null;
    },
  };
  const streams: {
    [K in keyof Streams]: (
      params: Streams[K]["params"],
      send: (event: Streams[K]["event"]) => void,
      signal: AbortSignal,
    ) => Promise<void>;
  } = {
    "follow-service": (params, send: (event: FollowEvent) => void, signal) =>
      followService(daemon, params, send, signal),
    logs: (params, send, signal) => streamLogs(daemon, params, send, signal),
  };
  return {
    call(method, params) {
      const call = calls[method as keyof Calls] as ((params: unknown) => Promise<unknown>) | undefined;
      if (call === undefined) return Promise.reject(new Error(`the daemon does not know ${method}`));
      return call(params);
    },
    stream(method, params, send, signal) {
      const stream = streams[method as keyof Streams] as
        | ((params: unknown, send: (event: unknown) => void, signal: AbortSignal) => Promise<void>)
        | undefined;
      return stream?.(params, send, signal);
    },
    handOver: () => void daemon.stop("hand-over"),
  };
}

async function updateService(
  daemon: Daemon,
  { plan, images, force, noRollback }: UpdateService,
): Promise<ServiceUpdated> {
  const serviceId = `${plan.app}/${plan.env}/${plan.name}`;
  const before = daemon.state.services[serviceId];
  if (before?.status === "DRAINING")
    throw new UserError("service/deleting", `${serviceId} is being deleted`, { hint: "try again in a moment" });
  if (await daemon.shouldChangeRuntime()) {
    void daemon.stop("hand-over");
    throw new AskTheNext();
  }
  if (!daemon.runtimeUp)
    throw new UserError("engine/unreachable", `the Docker Engine does not answer: ${daemon.runtimeProblem}`);
  const pinned = await pinLocalImages(daemon, plan, images);
  const spec: DeploymentSpec = { plan, images: pinned, noRollback };
  const failedBefore = before !== undefined && primaryOf(before)?.rolloutState === "FAILED";
  daemon.simulator.apply({ type: "update-service", serviceId, spec, force: force || failedBefore });
  const after = serviceOf(daemon.state, serviceId);
  const primary = primaryOf(after);
  if (primary === undefined) throw new Error(`${serviceId} has no deployment`);
  const old = before === undefined ? undefined : primaryOf(before);
  const counted = before?.desiredCount !== after.desiredCount;
  const settings = old?.spec.plan !== primary.spec.plan && !isDeepStrictEqual(old?.spec.plan, primary.spec.plan);
  const changed = old?.id !== primary.id ? "deployment" : counted ? "count" : settings ? "settings" : "nothing";
  await daemon.balancers.settled();
  return { serviceId, deploymentId: primary.id, revision: primary.revision, changed, at: daemon.now() };
}

/** Pins what is on this machine already; the rest is pulled and pinned by the deployment's first task. */
async function pinLocalImages(
  daemon: Daemon,
  plan: UpdateService["plan"],
  known: Record<string, string>,
): Promise<Record<string, string>> {
  const pinned: Record<string, string> = {};
  for (const { name, image } of plan.taskDefinition.containerDefinitions ?? []) {
    if (name === undefined || image === undefined) continue;
    const id = known[name] ?? (await daemon.runtime.imageId(image));
    if (id !== undefined) pinned[name] = id;
  }
  return pinned;
}

export function serviceOf(state: SimulatorState, serviceId: string): Service {
  const service = state.services[serviceId];
  if (service === undefined || service.status === "INACTIVE") {
    const [app, env, name] = serviceId.split("/");
    throw new UserError("service/not-found", `${name} is not deployed in environment ${env} of application ${app}`, {
      hint: `pilotfish svc deploy -n ${name} -e ${env}`,
    });
  }
  return service;
}

export function primaryOf(service: Service) {
  return service.deployments.find(({ status }) => status === "PRIMARY");
}
