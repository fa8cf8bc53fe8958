import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { UserError } from "../../../errors.ts";
import type { Jobs } from "../../account/jobs.ts";
import type { WorkloadRef } from "../../provider.ts";
import { groupOf } from "../logs/workload-logs.ts";
import { type FoundWorkload, findWorkload, type ReadingTools } from "../services/find-workload.ts";
import { runningResource } from "../services/kind-of-workload.ts";
import { lastExecutions } from "./last-executions.ts";

export function createJobs(tools: ReadingTools): Jobs {
  return {
    async run(ref) {
      const job = await findJob(ref, tools);
      const command = new StartExecutionCommand({ stateMachineArn: job.stateMachine });
      const { executionArn = "", startDate } = await job.session.client(SFNClient).send(command);
      const startedAt = (startDate ?? new Date(tools.now())).toISOString();
      return { execution: executionArn.slice(executionArn.lastIndexOf(":") + 1), startedAt };
    },
    async executions(ref, most) {
      const job = await findJob(ref, tools);
      const source = { session: job.session, group: groupOf(job) };
      return lastExecutions(source, most, tools.now(), new AbortController().signal);
    },
  };
}

async function findJob(ref: WorkloadRef, tools: ReadingTools): Promise<FoundWorkload & { stateMachine: string }> {
  const found = await findWorkload(ref, tools).catch((error: unknown) => {
    if (!(error instanceof UserError) || error.code !== "service/not-found") throw error;
    const hint = `pilotfish job deploy -a ${ref.app} -n ${ref.name} -e ${ref.env}`;
    throw new UserError(error.code, error.message, { hint, cause: error });
  });
  const running = runningResource(found.resources);
  if (running?.kind === "job") return { ...found, stateMachine: running.stateMachine };
  const { app, env, name, stack } = found;
  throw new UserError("service/not-found", `${name} is no job: the stack ${stack} has no state machine`, {
    hint: `pilotfish svc status -a ${app} -n ${name} -e ${env}`,
  });
}
