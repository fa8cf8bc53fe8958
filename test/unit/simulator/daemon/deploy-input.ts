import type { ServiceManifest } from "../../../../src/manifest/load.ts";
import { planWorkload } from "../../../../src/plan/plan-workload.ts";
import { resolvePlan } from "../../../../src/plan/resolve.ts";
import type { ResolvedWorkloadPlan } from "../../../../src/plan/workload-plan.ts";
import { referenceValue } from "../../../../src/providers/local/reference-value.ts";
import type { Input } from "../../../../src/simulator/engine/inputs.ts";

/** The plan of a manifest as the simulator gets it, its load balancer at 127.0.0.1:8080. */
export function planOf(manifest: ServiceManifest, image = "shop/app:good"): ResolvedWorkloadPlan {
  const plan = planWorkload({ manifest, app: "shop", env: "local" });
  const facts = { plan, images: {}, exports: {}, envFiles: {}, loadBalancer: "127.0.0.1:8080" };
  return resolvePlan(plan, (later, part) => ("image" in later ? image : referenceValue(later, part, facts)));
}

/** The plan of a web service with one task. */
export function webPlan(name: string, image = "shop/app:good"): ResolvedWorkloadPlan {
  const manifest = {
    name,
    type: "Load Balanced Web Service" as const,
    image: { location: image, port: 8080 },
    http: { path: name, deregistration_delay: "1s", healthcheck: { interval: "5s", timeout: "2s" } },
  };
  return planOf(manifest, image);
}

/** A request to deploy it. */
export function deployInput(name: string, plan = webPlan(name)): Input {
  const spec = { plan, images: { [name]: "sha256:1" }, noRollback: false };
  return { type: "update-service", serviceId: `shop/local/${name}`, spec, force: false };
}
