import { httpOrOff } from "./http.ts";
import { imageWithPort } from "./image.ts";
import { workloadSchema } from "./workload.ts";

export const loadBalancedWebService = workloadSchema("Load Balanced Web Service", {
  image: imageWithPort,
  http: httpOrOff,
});
