import { internalHttp } from "./http.ts";
import { image } from "./image.ts";
import { service, workloadSchema } from "./workload.ts";

export const backendService = () =>
  workloadSchema("Backend Service", { ...service(), image: image(), http: internalHttp().optional() });
