import type { Provider } from "../provider.ts";
import type { TaskGroups } from "../task-groups.ts";
import { rollBackDeployment } from "./following/roll-back.ts";
import { workloadLogs } from "./logs/workload-logs.ts";
import { deployedWorkload } from "./services/deployed-workload.ts";
import { describeWorkload } from "./services/describe-workload.ts";
import type { ReadingTools } from "./services/find-workload.ts";
import { listWorkloads } from "./services/list-workloads.ts";

/** What looks into the workloads of an account and runs commands there, or takes back what is being deployed. */
export function createWorkloadReader(
  tools: ReadingTools,
): Pick<
  Provider,
  "describeWorkload" | "listWorkloads" | "deployedWorkload" | "logs" | "exec" | "rollBackDeployment" | "tasks"
> {
  return {
    describeWorkload: (workload) => describeWorkload(workload, tools),
    listWorkloads: (where) => listWorkloads(where, tools),
    deployedWorkload: (workload) => deployedWorkload(workload, tools),
    rollBackDeployment: (workload, deploymentId, signal) => rollBackDeployment(workload, deploymentId, tools, signal),
    exec: async (request, signal) => (await import("./exec/exec-command.ts")).execCommand(request, tools, signal),
    tasks: taskGroups(tools),
    logs: (request, signal) => workloadLogs(request, tools, signal),
  };
}

/** They are loaded when they are asked for: EC2's client, which they take, is larger than all else that a deploy loads. */
function taskGroups(tools: ReadingTools): TaskGroups {
  let made: Promise<TaskGroups> | undefined;
  const groups = () =>
    (made ??= import("./tasks/create-task-groups.ts").then(({ createTaskGroups }) => createTaskGroups(tools)));
  return {
    check: async (...place) => (await groups()).check(...place),
    async *start(...request) {
      return yield* (await groups()).start(...request);
    },
    stop: async (...group) => (await groups()).stop(...group),
    list: async (...place) => (await groups()).list(...place),
    exec: async (...request) => (await groups()).exec(...request),
  };
}
