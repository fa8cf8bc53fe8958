import type { Service } from "@aws-sdk/client-ecs";
import type { WorkloadRef, WorkloadStatus } from "../../provider.ts";
import type { EcsService } from "./ecs-service.ts";
import { type ServicePicture, workloadStatus } from "./workload-status.ts";

/** Asks for all that belongs to a service: its tasks, their task definitions and targets. */
export async function takePicture(
  ecs: EcsService,
  service: Service,
  { workload, urls, now }: { workload: WorkloadRef; urls: readonly string[]; now: number },
): Promise<ServicePicture> {
  const groups = (service.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
  const tasks = ecs.tasks();
  const [{ live, stopped }, targets] = await Promise.all([tasks, ecs.targets(groups)]);
  const arns = [
    ...(service.deployments ?? []).map(({ taskDefinition }) => taskDefinition),
    ...live.map((task) => task.taskDefinitionArn),
  ];
  const definitions = await Promise.all(
    [...new Set(arns)].flatMap((arn) => (arn === undefined ? [] : [withDefinition(ecs, arn)])),
  );
  return {
    workload,
    service,
    live,
    stopped,
    definitions: Object.fromEntries(definitions.filter((each) => each !== undefined)),
    targets,
    urls,
    now,
  };
}

/** @throws as the calls do */
export async function describeService(
  ecs: EcsService,
  service: Service,
  about: { workload: WorkloadRef; urls: readonly string[]; now: number },
): Promise<WorkloadStatus> {
  return workloadStatus(await takePicture(ecs, service, about));
}

async function withDefinition(ecs: EcsService, arn: string) {
  const definition = await ecs.definition(arn);
  return definition === undefined ? undefined : ([arn, definition] as const);
}
