import type { WorkloadManifest } from "../manifest/load.ts";
import { imageBuilds } from "./image-builds.ts";
import { seconds } from "./seconds.ts";
import { targetGroup } from "./target-group.ts";
import { listenerRule } from "./listener-rule.ts";
import { taskDefinition } from "./task-definition.ts";
import type { ServiceRequest, WorkloadPlan } from "./workload-plan.ts";

export interface WorkloadToPlan {
  /** Checked: it has no errors left. */
  manifest: WorkloadManifest;
  app: string;
  env: string;
}

/** Everything there is to do for a workload in an environment, with Copilot's names and defaults. */
export function planWorkload({ manifest, app, env }: WorkloadToPlan): WorkloadPlan {
  const http = manifest.http || undefined;
  const loadBalancer = !http ? undefined : manifest.type === "Backend Service" ? "internal" : "public";
  return {
    app,
    env,
    name: manifest.name,
    type: manifest.type,
    builds: imageBuilds(manifest),
    taskDefinition: taskDefinition({ manifest, app, env, loadBalancer }),
    service: service(manifest),
    ...(loadBalancer && { loadBalancer }),
    targetGroups: http ? [targetGroup(manifest, http)] : [],
    listenerRules: http ? [listenerRule(http)] : [],
    logRetentionDays: 30,
  };
}

function service({ count, http }: WorkloadManifest): ServiceRequest {
  const healthcheck = http && typeof http.healthcheck === "object" ? http.healthcheck : undefined;
  return {
    desiredCount: count ?? 1,
    deploymentConfiguration: {
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
    ...(http && { healthCheckGracePeriodSeconds: seconds(healthcheck?.grace_period ?? "60s") }),
  };
}
