import { planWorkload } from "../../../../src/plan/plan-workload.ts";
import { resolvePlan } from "../../../../src/plan/resolve.ts";
import type { ResolvedWorkloadPlan } from "../../../../src/plan/workload-plan.ts";
import type { Input } from "../../../../src/simulator/engine/inputs.ts";

/** The plan of a web service with one task. */
export function webPlan(name: string, image = "shop/app:good"): ResolvedWorkloadPlan {
  const manifest = {
    name,
    type: "Load Balanced Web Service" as const,
    image: { location: image, port: 8080 },
    http: { path: name, deregistration_delay: "1s", healthcheck: { interval: "5s", timeout: "2s" } },
  };
  return resolvePlan(planWorkload({ manifest, app: "shop", env: "local" }), (later) =>
    "image" in later ? image : "known",
  );
}

/** A request to deploy it. */
export function deployInput(name: string): Input {
  const spec = { plan: webPlan(name), images: { [name]: "sha256:1" }, noRollback: false };
  return { type: "update-service", serviceId: `shop/local/${name}`, spec, force: false };
}
