import type { Misfit, Surroundings } from "./environment-fit.ts";
import type { WorkloadManifest } from "./load.ts";

/** What needs subnets that an imported VPC is not known to have; a VPC of the environment's own has both kinds.
 *  The stack would import an output that there is not. */
export function subnetMisfits(manifest: WorkloadManifest, { env, environment }: Surroundings): Misfit[] {
  const { id, subnets = {} } = environment.network?.vpc ?? {};
  if (id === undefined) return [];
  const lacks = (kind: "public" | "private") => (subnets[kind] ?? []).length === 0;
  const missing = (kind: "public" | "private", path: readonly string[], who: string): Misfit[] => [
    {
      path,
      code: "environment/subnets",
      message: `${env} imports a VPC without ${kind} subnets, and ${who} needs them`,
      hint: `name them in the environment's manifest: \`network.vpc.subnets.${kind}\``,
    },
  ];
  const misfits: Misfit[] = [];
  if (manifest.type === "Load Balanced Web Service" && lacks("public")) {
    const { http, nlb } = manifest;
    if (typeof http === "object" && http.alb === undefined)
      misfits.push(...missing("public", ["http"], "the public load balancer"));
    if (nlb?.port !== undefined) misfits.push(...missing("public", ["nlb"], "the network load balancer"));
  }
  const kind = placedIn(manifest);
  if (kind !== undefined && lacks(kind)) {
    const path = ["network", "vpc", "placement"];
    const [misfit] = missing(
      kind,
      path,
      kind === "public" ? "a task that is not placed elsewhere" : "what is placed there",
    );
    const other = kind === "public" && !lacks("private") ? "or write `network: { vpc: { placement: private } }`" : "";
    if (misfit) misfits.push({ ...misfit, ...(other !== "" && { hint: `${misfit.hint}, ${other}` }) });
  }
  return misfits;
}

/** The subnets of the environment that it runs in; undefined for those that it names itself, and for none. */
function placedIn(manifest: WorkloadManifest): "public" | "private" | undefined {
  if (manifest.type === "Static Site") return undefined;
  const placement = manifest.network?.vpc?.placement;
  if (manifest.type === "Request-Driven Web Service") return placement === "private" ? "private" : undefined;
  if (placement === undefined) return "public";
  return placement === "public" || placement === "private" ? placement : undefined;
}
