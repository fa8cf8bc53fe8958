import type { Service, Task } from "@aws-sdk/client-ecs";
import type { WorkloadRef, WorkloadStatus } from "../../provider.ts";
import type { EcsService } from "./ecs-service.ts";
import { type ServicePicture, workloadStatus } from "./workload-status.ts";

/** Asks for all that belongs to a service: its tasks, their task definitions and targets. */
export async function takePicture(ecs: EcsService, service: Service, about: About): Promise<ServicePicture> {
  const groups = (service.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
  const [{ live, stopped }, targets] = await Promise.all([ecs.tasks(), ecs.targets(groups)]);
  return { ...about, service, live, stopped, definitions: await definitionsOf(ecs, service, live), targets };
}

/** What surrounds a service. */
interface About {
  workload: WorkloadRef;
  urls: readonly string[];
  /** Milliseconds since the epoch. */
  now: number;
}

/** @throws as the calls do */
export async function describeService(ecs: EcsService, service: Service, about: About): Promise<WorkloadStatus> {
  return workloadStatus(await takePicture(ecs, service, about));
}

/** The same without tasks, as ECS counts them: those that run are taken for healthy. */
export async function glanceAtService(ecs: EcsService, service: Service, about: About): Promise<WorkloadStatus> {
  const definitions = await definitionsOf(ecs, service, []);
  const status = workloadStatus({ ...about, service, live: [], stopped: [], definitions, targets: {} });
  const deployments = status.deployments.map((each) => ({ ...each, healthyCount: each.runningCount }));
  return { ...status, deployments };
}

async function definitionsOf(ecs: EcsService, { deployments = [] }: Service, live: readonly Task[]) {
  const arns = [
    ...deployments.map(({ taskDefinition }) => taskDefinition),
    ...live.map((task) => task.taskDefinitionArn),
  ];
  const described = await Promise.all(
    [...new Set(arns)].map(async (arn) => {
      const definition = arn === undefined ? undefined : await ecs.definition(arn);
      return arn === undefined || definition === undefined ? [] : [[arn, definition] as const];
    }),
  );
  return Object.fromEntries(described.flat());
}
