import type { z } from "zod";
import { backendService } from "./backend-service.ts";
import { loadBalancedWebService } from "./load-balanced-web-service.ts";

type Web = ReturnType<typeof loadBalancedWebService>;
type Backend = ReturnType<typeof backendService>;

let web: Web | undefined;
let backend: Backend | undefined;

/** The schemas by `type`, each made when it is first asked for. */
export const workloadSchemas = {
  get "Load Balanced Web Service"(): Web {
    return (web ??= loadBalancedWebService());
  },
  get "Backend Service"(): Backend {
    return (backend ??= backendService());
  },
};

export type LoadBalancedWebServiceManifest = z.infer<Web["checked"]>;
export type BackendServiceManifest = z.infer<Backend["checked"]>;

/** A manifest after interpolation and overlay, in its own shape and units, told apart by `type`. */
export type WorkloadManifest = LoadBalancedWebServiceManifest | BackendServiceManifest;
