import {
  AppRunnerClient,
  DescribeServiceCommand,
  PauseServiceCommand,
  ResumeServiceCommand,
} from "@aws-sdk/client-apprunner";
import { shellWord, UserError } from "../../../errors.ts";
import type { WorkloadRef } from "../../provider.ts";
import type { PauseOutcome } from "../../account/services.ts";
import { type Pace, poll } from "../domains/poll.ts";
import { findWorkload, type ReadingTools } from "./find-workload.ts";
import { runningResource } from "./kind-of-workload.ts";

/** Pauses or resumes a service of App Runner and waits for it. */
export async function setPaused(
  workload: WorkloadRef,
  paused: boolean,
  { pace, ...tools }: { pace: Pace; reading: ReadingTools },
  signal: AbortSignal,
): Promise<PauseOutcome> {
  const found = await findWorkload(workload, tools.reading);
  const resource = runningResource(found.resources);
  if (resource?.kind !== "app-runner")
    throw new UserError(
      "service/cannot-pause",
      `${workload.name} is no Request-Driven Web Service: App Runner alone pauses`,
      {
        hint: `pilotfish svc show --app ${shellWord(workload.app)} --name ${shellWord(workload.name)}`,
      },
    );
  const client = found.session.client(AppRunnerClient);
  const ServiceArn = resource.service;
  const wanted = paused ? "PAUSED" : "RUNNING";
  const state = async () => (await client.send(new DescribeServiceCommand({ ServiceArn }))).Service?.Status ?? "";
  const before = await state();
  if (before === wanted) return "there";
  await client.send(paused ? new PauseServiceCommand({ ServiceArn }) : new ResumeServiceCommand({ ServiceArn }));
  const settled = async () => {
    const now = await state();
    return now === "OPERATION_IN_PROGRESS" ? undefined : now;
  };
  const after = await poll(settled, pace, signal).catch((error: unknown) => {
    if (signal.aborted) return undefined;
    throw error;
  });
  if (after === undefined) return "goes-on";
  if (after === wanted) return "done";
  throw new UserError("service/cannot-pause", `App Runner has left ${workload.name} ${after} instead of ${wanted}`, {
    hint: `aws apprunner list-operations --service-arn ${ServiceArn} --region ${found.record.region}`,
  });
}
