import { ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import type { Services } from "../../account/services.ts";
import { ecsServiceOf } from "../services/describe-workload.ts";
import { findWorkload, notDeployed, type ReadingTools } from "../services/find-workload.ts";
import { followService } from "./follow-service.ts";

/** The services of ECS in an account. */
export function createServices(tools: ReadingTools): Services {
  return {
    follow: (request, signal) => followService(request, tools, signal),
    async redeploy(ref) {
      const workload = await findWorkload(ref, tools);
      const { arn, cluster } = ecsServiceOf(workload);
      const update = new UpdateServiceCommand({ service: arn, cluster, forceNewDeployment: true });
      const { service } = await workload.session.client(ECSClient).send(update);
      const primary = service?.deployments?.find(({ status }) => status === "PRIMARY");
      if (primary?.id === undefined) throw notDeployed(ref);
      return { deploymentId: primary.id };
    },
  };
}
