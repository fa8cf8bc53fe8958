import type { z } from "zod";
import { backendService } from "./backend-service.ts";
import { loadBalancedWebService } from "./load-balanced-web-service.ts";
import { requestDrivenWebService } from "./request-driven-web-service.ts";
import { staticSite } from "./static-site.ts";

type Web = ReturnType<typeof loadBalancedWebService>;
type Backend = ReturnType<typeof backendService>;
type RequestDriven = ReturnType<typeof requestDrivenWebService>;
type Site = ReturnType<typeof staticSite>;

let web: Web | undefined;
let backend: Backend | undefined;
let requestDriven: RequestDriven | undefined;
let site: Site | undefined;

/** The schemas by `type`, each made when it is first asked for. */
export const workloadSchemas = {
  get "Load Balanced Web Service"(): Web {
    return (web ??= loadBalancedWebService());
  },
  get "Backend Service"(): Backend {
    return (backend ??= backendService());
  },
  get "Request-Driven Web Service"(): RequestDriven {
    return (requestDriven ??= requestDrivenWebService());
  },
  get "Static Site"(): Site {
    return (site ??= staticSite());
  },
};

export type LoadBalancedWebServiceManifest = z.infer<Web["checked"]>;
export type BackendServiceManifest = z.infer<Backend["checked"]>;

export type RequestDrivenManifest = z.infer<RequestDriven["checked"]>;
export type StaticSiteManifest = z.infer<Site["checked"]>;

/** What runs as a service of ECS. */
export type ServiceManifest = LoadBalancedWebServiceManifest | BackendServiceManifest;

/** A manifest after interpolation and overlay, in its own shape and units, told apart by `type`. */
export type WorkloadManifest = ServiceManifest | RequestDrivenManifest | StaticSiteManifest;

/** Whether a manifest is of what runs as a service of ECS. */
export function isService(manifest: WorkloadManifest): manifest is ServiceManifest {
  return manifest.type === "Load Balanced Web Service" || manifest.type === "Backend Service";
}
