import type { SimulatorClient } from "../../simulator/client.ts";
import type { DeployEvent } from "../provider.ts";
import { toDeployEvent } from "./to-deploy-event.ts";

/** Deletes a service and follows it until its last task is gone. */
export async function* deleteWorkload(
  client: SimulatorClient,
  serviceId: string,
  signal: AbortSignal,
): AsyncGenerator<DeployEvent, void, void> {
  await client.call("describe-service", { serviceId });
  const following = client.stream("follow-service", { serviceId }, signal);
  const first = await following.next();
  await client.call("delete-service", { serviceId });
  if (!first.done) yield toDeployEvent(first.value);
  for await (const event of following) yield toDeployEvent(event);
}
