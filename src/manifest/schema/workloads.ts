import type { z } from "zod";
import { backendService } from "./backend-service.ts";
import { loadBalancedWebService } from "./load-balanced-web-service.ts";
import { requestDrivenWebService } from "./request-driven-web-service.ts";
import { scheduledJob } from "./scheduled-job.ts";
import { staticSite } from "./static-site.ts";
import { workerService } from "./worker-service.ts";

type Web = ReturnType<typeof loadBalancedWebService>;
type Backend = ReturnType<typeof backendService>;
type Worker = ReturnType<typeof workerService>;
type RequestDriven = ReturnType<typeof requestDrivenWebService>;
type Site = ReturnType<typeof staticSite>;
type Job = ReturnType<typeof scheduledJob>;

let web: Web | undefined;
let backend: Backend | undefined;
let worker: Worker | undefined;
let requestDriven: RequestDriven | undefined;
let site: Site | undefined;
let job: Job | undefined;

/** The schemas by `type`, each made when it is first asked for. */
export const workloadSchemas = {
  get "Load Balanced Web Service"(): Web {
    return (web ??= loadBalancedWebService());
  },
  get "Backend Service"(): Backend {
    return (backend ??= backendService());
  },
  get "Worker Service"(): Worker {
    return (worker ??= workerService());
  },
  get "Request-Driven Web Service"(): RequestDriven {
    return (requestDriven ??= requestDrivenWebService());
  },
  get "Static Site"(): Site {
    return (site ??= staticSite());
  },
  get "Scheduled Job"(): Job {
    return (job ??= scheduledJob());
  },
};

/** What only others of the types that run on ECS have reads as absent, so that what they share can be read of all. */
interface NobodyCalls {
  http?: undefined;
  image: { port?: undefined };
}

export type LoadBalancedWebServiceManifest = z.infer<Web["checked"]>;
export type BackendServiceManifest = z.infer<Backend["checked"]>;
export type WorkerServiceManifest = z.infer<Worker["checked"]> & NobodyCalls;
export type RequestDrivenManifest = z.infer<RequestDriven["checked"]>;
export type StaticSiteManifest = z.infer<Site["checked"]>;
export type ScheduledJobManifest = z.infer<Job["checked"]> &
  NobodyCalls & {
    exec?: undefined;
    network?: { connect?: undefined };
    observability?: undefined;
    deployment?: undefined;
  };

/** What runs as a service of ECS. */
export type ServiceManifest = LoadBalancedWebServiceManifest | BackendServiceManifest | WorkerServiceManifest;

/** What runs as tasks of ECS. */
export type TaskManifest = ServiceManifest | ScheduledJobManifest;

/** A manifest after interpolation and overlay, in its own shape and units, told apart by `type`. */
export type WorkloadManifest = TaskManifest | RequestDrivenManifest | StaticSiteManifest;

/** Whether a manifest is of what runs as a service of ECS. */
export function isService(manifest: WorkloadManifest): manifest is ServiceManifest {
  return isTask(manifest) && manifest.type !== "Scheduled Job";
}

/** Whether a manifest is of what runs as tasks of ECS. */
export function isTask(manifest: WorkloadManifest): manifest is TaskManifest {
  return manifest.type !== "Request-Driven Web Service" && manifest.type !== "Static Site";
}
