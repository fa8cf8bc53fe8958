import { DescribeNetworkInterfacesCommand, EC2Client } from "@aws-sdk/client-ec2";
import type { Task } from "@aws-sdk/client-ecs";
import type { OneOffTask } from "../../task-groups.ts";
import { lastPart } from "../services/arns.ts";
import type { AwsSession } from "../session.ts";

/** A task as ECS describes it. */
export function oneOffTask(task: Task): OneOffTask {
  const { taskArn = "", lastStatus = "", startedAt, stoppedAt, stopCode, stoppedReason, containers = [] } = task;
  const exitCode = containers.find((each) => each.exitCode !== undefined)?.exitCode;
  return {
    id: lastPart(taskArn),
    lastStatus,
    ...(startedAt && { startedAt: startedAt.toISOString() }),
    ...(stoppedAt && { stoppedAt: stoppedAt.toISOString() }),
    ...(stopCode !== undefined && { stopCode }),
    ...(stoppedReason !== undefined && { stoppedReason }),
    ...(exitCode !== undefined && { exitCode }),
  };
}

/** By task; one whose address nobody may see has none here. */
export async function publicAddresses(tasks: readonly Task[], session: AwsSession): Promise<Record<string, string>> {
  const interfaces = tasks.flatMap(({ taskArn = "", attachments = [] }) => {
    const details = attachments.flatMap((each) => each.details ?? []);
    const eni = details.find(({ name }) => name === "networkInterfaceId")?.value;
    return eni === undefined ? [] : [{ task: lastPart(taskArn), eni }];
  });
  if (interfaces.length === 0) return {};
  const ask = new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: interfaces.map(({ eni }) => eni) });
  const described = await session
    .client(EC2Client)
    .send(ask)
    .catch(() => undefined);
  const addresses = new Map(
    (described?.NetworkInterfaces ?? []).map(({ NetworkInterfaceId, Association }) => [
      NetworkInterfaceId,
      Association?.PublicIp,
    ]),
  );
  return Object.fromEntries(
    interfaces.flatMap(({ task, eni }) => {
      const address = addresses.get(eni);
      return address === undefined ? [] : [[task, address]];
    }),
  );
}
