import type { SimulatorClient } from "../../simulator/client.ts";
import type { LocalProvider, WorkloadRef } from "../provider.ts";
import { deleteWorkload } from "./delete-workload.ts";
import { deployedWorkload } from "./deployed-workload.ts";
import { deployWorkload, repeatDeployment } from "./deploy-workload.ts";
import { execCommand } from "./exec-command.ts";
import { findExports } from "./find-exports.ts";
import { followDeployment } from "./follow-deployment.ts";
import { leavesOut } from "./left-out/leaves-out.ts";
import { listEnvironments } from "./list-environments.ts";
import { deleteEnvironment } from "./delete-environment.ts";
import { createLocalTaskGroups } from "./tasks/local-task-groups.ts";

/** The simulator on this machine, behind the interface that AWS has too. */
export function createLocalProvider(client: SimulatorClient): LocalProvider {
  return {
    kind: "local",
    async target() {
      const { runtime, speed } = await client.chooseRuntime();
      return { provider: "local", label: "simulator on this machine", runtime, speed };
    },
    leavesOut,
    checkDeploy: async (plan) => void (await findExports(client, plan)),
    putValue: (value) => client.call("put-value", value),
    listValues: () => client.call("list-values", {}),
    deleteValue: (value) => client.call("delete-value", value),
    deleteValues: async () => void (await client.call("delete-values", {})),
    deployWorkload: (request, signal) => deployWorkload(client, request, signal),
    repeatDeployment: (request, signal) => repeatDeployment(client, request, signal),
    async *rollBackDeployment(workload, deploymentId, signal) {
      const serviceId = serviceIdOf(workload);
      await client.call("stop-deployment", { serviceId, deploymentId, reason: "the user rolled it back" });
      return yield* followDeployment(client, { serviceId, deploymentId, startedAt: Date.now() }, signal);
    },
    describeWorkload: (workload) => client.call("describe-service", { serviceId: serviceIdOf(workload) }),
    listWorkloads: ({ app, env }) => client.call("list-services", { app, env }),
    deployedWorkload: (workload) => deployedWorkload(client, serviceIdOf(workload)),
    listEnvironments: async (app) => listEnvironments(client.environments(), app),
    createEnvironment: (environment) => client.call("put-environment", environment),
    deleteEnvironment: (environment) => deleteEnvironment(client, environment),
    deleteWorkload: (workload, signal) => deleteWorkload(client, serviceIdOf(workload), signal),
    async *logs(request, signal) {
      for await (const { cursor: _, ...line } of client.stream("logs", request, signal)) yield line;
    },
    tasks: createLocalTaskGroups(client),
    exec: (request, signal) => execCommand(client, request, signal),
  };
}

function serviceIdOf({ app, env, name }: WorkloadRef): string {
  return `${app}/${env}/${name}`;
}
