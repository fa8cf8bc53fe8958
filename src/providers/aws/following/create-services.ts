import { ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { UserError } from "../../../errors.ts";
import type { Services } from "../../account/services.ts";
import type { WorkloadRef } from "../../provider.ts";
import { type Pace as SlowPace, usualPaces } from "../domains/poll.ts";
import { describeWorkload, ecsServiceOf } from "../services/describe-workload.ts";
import { findWorkload, notDeployed, type ReadingTools } from "../services/find-workload.ts";
import { loadBalancerUrls } from "../services/load-balancer-urls.ts";
import { followService } from "./follow-service.ts";

/** The services of ECS in an account, and those of App Runner that can be paused. @param slowPace how App Runner is waited for */
export function createServices(tools: ReadingTools, slowPace: SlowPace = usualPaces.customDomain): Services {
  const pausing = async (paused: boolean, workload: WorkloadRef, signal: AbortSignal) => {
    const { setPaused } = await import("../services/pause-service.ts");
    return setPaused(workload, paused, { reading: tools, pace: slowPace }, signal);
  };
  return {
    follow: (request, signal) => followService(request, tools, signal),
    glance: (ref, known) => describeWorkload(ref, tools, { ...known, withoutTasks: true }),
    addresses: async (ref, known) =>
      loadBalancerUrls(await findWorkload(ref, tools, known), tools.stacks, known.environmentStack),
    async deployments(ref, known) {
      try {
        const service = await ecsServiceOf(await findWorkload(ref, tools, known)).describe();
        return (service?.deployments ?? []).flatMap(({ id }) => id ?? []);
      } catch (error) {
        if (error instanceof UserError && error.code === "service/not-found") return [];
        throw error;
      }
    },
    past: async (ref) => (await import("./past-deployments.ts")).pastDeployments(ref, tools),
    pruneRevisions: async (ref, options) => (await import("./prune-revisions.ts")).pruneRevisions(ref, options, tools),
    async redeploy(ref) {
      const workload = await findWorkload(ref, tools);
      const { arn, cluster } = ecsServiceOf(workload);
      const update = new UpdateServiceCommand({ service: arn, cluster, forceNewDeployment: true });
      const { service } = await workload.session.client(ECSClient).send(update);
      const primary = service?.deployments?.find(({ status }) => status === "PRIMARY");
      if (primary?.id === undefined) throw notDeployed(ref);
      return { deploymentId: primary.id };
    },
    besideStack: async (ref) => (await import("./beside-stack.ts")).besideStack(ref, tools),
    registerDefinition: async (...definition) =>
      (await import("./beside-stack.ts")).registerDefinition(...definition, tools),
    moveTo: async (ref, definition, known) =>
      (await import("./beside-stack.ts")).moveTo(ref, { definition, ...known }, tools),
    pause: (workload, signal) => pausing(true, workload, signal),
    resume: (workload, signal) => pausing(false, workload, signal),
  };
}
