import { UserError } from "../../errors.ts";
import type { Calls, Streams } from "../protocol.ts";
import type { Daemon } from "./daemon.ts";
import { describeService } from "./describe.ts";
import { describeValue } from "./describe-value.ts";
import { ExecSessions } from "./exec-sessions.ts";
import { followService } from "./follow.ts";
import { streamLogs } from "./stream-logs.ts";
import type { End } from "./serve.ts";
import { AskTheNext, type Operations, type Send } from "./server.ts";
import { repeatDeployment } from "./repeat-deployment.ts";
import { primaryOf, serviceOf } from "./service-of.ts";
import { runTasks, stopTasks } from "./run-tasks.ts";
import { SimulatorClosed } from "./simulator.ts";
import { updateService } from "./update-service.ts";

/** What can be asked over the control socket, by its name.
 *  @param end ends the daemon; calls that run are answered first */
export function operations(daemon: Daemon, end: End): Operations {
  const sessions = new ExecSessions(daemon);
  const calls: { [K in keyof Calls]: (params: Calls[K]["params"]) => Promise<Calls[K]["result"]> } = {
    status: async () => daemon.status(),
    "choose-runtime": async ({ settings }) => {
      if (!(await daemon.shouldChangeRuntime(settings))) return daemon.status();
      void end("hand-over");
      throw new AskTheNext();
    },
    "set-speed": async ({ speed }) => {
      daemon.setSpeed(speed);
      return daemon.status();
    },
    "open-load-balancer": async ({ app, env, loadBalancer, imported }) => {
      daemon.environments.use(app, env);
      return { address: await daemon.balancers.open(app, env, loadBalancer, imported) };
    },
    "update-service": (params) => updateService(daemon, params),
    "run-tasks": (params) => runTasks(daemon, params),
    "stop-tasks": async (params) => stopTasks(daemon, params),
    "list-task-groups": async ({ app, env }) =>
      Object.values(daemon.state.services)
        .filter((group) => group.taskGroup === true && group.app === app && group.env === env)
        .map(({ name }) => name)
        .toSorted(),
    "repeat-deployment": (params) => repeatDeployment(daemon, params),
    "stop-deployment": async (params) => {
      serviceOf(daemon.state, params.serviceId);
      daemon.simulator.apply({ type: "stop-deployment", ...params });
      return null;
    },
    "describe-service": async ({ serviceId }) => describeService(daemon.view(), serviceOf(daemon.state, serviceId)),
    "deployed-service": async ({ serviceId }) => {
      const service = serviceOf(daemon.state, serviceId);
      const primary = primaryOf(service);
      if (primary === undefined) throw new Error(`${serviceId} has no deployment`);
      const { desiredCount, urls } = describeService(daemon.view(), service);
      return { plan: primary.spec.plan, revision: primary.revision, desiredCount, urls };
    },
    "list-services": async ({ app, env }) =>
      Object.values(daemon.state.services)
        .filter(
          (service) =>
            service.status !== "INACTIVE" &&
            service.taskGroup !== true &&
            (app ?? service.app) === service.app &&
            (env ?? service.env) === service.env,
        )
        .map((service) => describeService(daemon.view(), service)),
    "delete-service": async ({ serviceId }) => {
      serviceOf(daemon.state, serviceId);
      daemon.simulator.apply({ type: "delete-service", serviceId });
      return null;
    },
    "exec-input": (params) => sessions.input(params),
    "exec-resize": async (params) => {
      await sessions.resize(params);
      return null;
    },
    "put-environment": async (environment) => daemon.environments.put(environment),
    "delete-environment": async ({ app, name, fileSystem }) => {
      daemon.environments.delete(app, name, fileSystem);
      await daemon.balancers.forget(app, name);
      return null;
    },
    "put-value": async ({ kind, name, value, overwrite }) => daemon.values.put(kind, name, value, overwrite),
    "list-values": async () => daemon.values.list().map(describeValue),
    "delete-value": async ({ kind, name }) => daemon.values.delete(kind, name),
    "delete-values": async () => {
      daemon.values.clear();
      return null;
    },
    "get-exports": async ({ names }) => daemon.values.exports(names),
    shutdown: async ({ graceSeconds }) => {
      void end("shutdown", { graceSeconds });
      return null;
    },
  };
  const streams: {
    [K in keyof Streams]: (
      params: Streams[K]["params"],
      send: (event: Streams[K]["event"]) => Promise<void> | undefined,
      signal: AbortSignal,
    ) => Promise<void>;
  } = {
    "follow-service": (params, send, signal) => followService(daemon, params, send, signal),
    logs: (params, send, signal) => streamLogs(daemon, params, send, signal),
    exec: (params, send, signal) => sessions.run(params, send, signal),
  };
  return {
    async call(method, params) {
      if (!Object.hasOwn(calls, method)) throw unknownMethod(daemon, method);
      const call = calls[method as keyof Calls] as (params: unknown) => Promise<unknown>;
      try {
        return await call(params);
      } catch (error) {
        throw error instanceof SimulatorClosed ? new AskTheNext() : error;
      }
    },
    stream(method, params, send, signal) {
      if (!Object.hasOwn(streams, method)) return undefined;
      const stream = streams[method as keyof Streams] as (
        params: unknown,
        send: Send,
        signal: AbortSignal,
      ) => Promise<void>;
      return stream(params, send, signal);
    },
    urgent: () => daemon.troubles.urgent(),
    handOver: () => void end("hand-over"),
  };
}

function unknownMethod(daemon: Daemon, method: string): UserError {
  const { version } = daemon.status();
  return new UserError(
    "simulator/unreachable",
    `the simulator that runs is pilotfish ${version} and does not know ${method}`,
    {
      hint: "pilotfish local stop    (the next command starts one of its own version)",
    },
  );
}
