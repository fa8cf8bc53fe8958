import type { z } from "zod";
import { backendService } from "./backend-service.ts";
import { loadBalancedWebService } from "./load-balanced-web-service.ts";

/** The schemas by `type`. */
export const workloadSchemas = {
  "Load Balanced Web Service": loadBalancedWebService,
  "Backend Service": backendService,
} as const;

export type LoadBalancedWebServiceManifest = z.infer<typeof loadBalancedWebService.checked>;
export type BackendServiceManifest = z.infer<typeof backendService.checked>;

/** A manifest after interpolation and overlay, in its own shape and units, told apart by `type`. */
export type WorkloadManifest = LoadBalancedWebServiceManifest | BackendServiceManifest;
