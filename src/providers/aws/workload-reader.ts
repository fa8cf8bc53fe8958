import type { Provider } from "../provider.ts";
import { workloadLogs } from "./logs/workload-logs.ts";
import { deployedWorkload } from "./services/deployed-workload.ts";
import { describeWorkload } from "./services/describe-workload.ts";
import type { ReadingTools } from "./services/find-workload.ts";
import { listWorkloads } from "./services/list-workloads.ts";

/** What reads the workloads of an account, and changes nothing. */
export function createWorkloadReader(
  tools: ReadingTools,
): Pick<Provider, "describeWorkload" | "listWorkloads" | "deployedWorkload" | "logs"> {
  return {
    describeWorkload: (workload) => describeWorkload(workload, tools),
    listWorkloads: (where) => listWorkloads(where, tools),
    deployedWorkload: (workload) => deployedWorkload(workload, tools),
    logs: (request, signal) => workloadLogs(request, tools, signal),
  };
}
