import { internalHttp } from "./http.ts";
import { image } from "./image.ts";
import { workloadSchema } from "./workload.ts";

export const backendService = () =>
  workloadSchema("Backend Service", { image: image(), http: internalHttp().optional() });
