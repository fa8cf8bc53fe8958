import { CancelUpdateStackCommand, CloudFormationClient, DeleteStackCommand } from "@aws-sdk/client-cloudformation";
import { ECSClient, ListServiceDeploymentsCommand, StopServiceDeploymentCommand } from "@aws-sdk/client-ecs";
import { lastPart } from "../services/arns.ts";
import type { EcsService } from "../services/ecs-service.ts";
import type { FoundWorkload, ReadingTools } from "../services/find-workload.ts";
import type { AwsSession } from "../session.ts";
import { withEitherRight } from "./either-right.ts";

/** What was asked for: CloudFormation goes back with the whole stack or deletes one that it is still making, ECS goes back with
 *  the deployment alone. `nothing`: it cannot be stopped, since it is the first one or has ended. */
export type Stopped = "stack" | "creation" | "deployment" | "nothing";

/** Ends a running deployment by going back to what was there before. While CloudFormation updates the stack, it has to go
 *  back itself, or it would start the same deployment again.
 *  @param options.deletesFirst whether what a first deployment is making goes: there is nothing to go back to */
export async function stopDeployment(
  { session, stack, where }: FoundWorkload,
  ecs: EcsService,
  deploymentId: string,
  tools: Pick<ReadingTools, "session" | "stacks">,
  { deletesFirst = false }: { deletesFirst?: boolean } = {},
): Promise<Stopped> {
  const description = await tools.stacks.describe(stack, where);
  if (description?.status === "UPDATE_IN_PROGRESS") {
    await session.client(CloudFormationClient).send(new CancelUpdateStackCommand({ StackName: stack }));
    return "stack";
  }
  if (deletesFirst && description?.status === "CREATE_IN_PROGRESS") {
    await session.client(CloudFormationClient).send(new DeleteStackCommand({ StackName: stack }));
    return "creation";
  }
  if (description?.status.endsWith("_IN_PROGRESS") === true) return "nothing";
  return withEitherRight(session, tools.session, (each) => stopInEcs(each, ecs, deploymentId));
}

/** Source: Amazon ECS API Reference, StopServiceDeployment: the digits of a deployment's id are those of the service
 *  revision that it goes to. */
async function stopInEcs(session: AwsSession, { arn, cluster }: EcsService, deploymentId: string): Promise<Stopped> {
  const client = session.client(ECSClient);
  const ask = new ListServiceDeploymentsCommand({ service: arn, cluster, status: ["PENDING", "IN_PROGRESS"] });
  const { serviceDeployments = [] } = await client.send(ask);
  const ours = serviceDeployments.find(
    ({ targetServiceRevisionArn = "" }) => lastPart(targetServiceRevisionArn) === lastPart(deploymentId),
  );
  if (ours === undefined) return "nothing";
  const { serviceDeploymentArn } = ours;
  await client.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" }));
  return "deployment";
}
