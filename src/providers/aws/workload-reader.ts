import type { Provider } from "../provider.ts";
import { rollBackDeployment } from "./following/roll-back.ts";
import { workloadLogs } from "./logs/workload-logs.ts";
import { deployedWorkload } from "./services/deployed-workload.ts";
import { describeWorkload } from "./services/describe-workload.ts";
import { createTaskGroups } from "./tasks/create-task-groups.ts";
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
    tasks: createTaskGroups(tools),
    logs: (request, signal) => workloadLogs(request, tools, signal),
  };
}
