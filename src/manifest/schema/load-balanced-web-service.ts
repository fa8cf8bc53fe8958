import { publicHttpOrOff } from "./http.ts";
import { imageWithPort } from "./image.ts";
import { nlb } from "./nlb.ts";
import { workloadSchema } from "./workload.ts";

export const loadBalancedWebService = () =>
  workloadSchema("Load Balanced Web Service", {
    image: imageWithPort(),
    http: publicHttpOrOff(),
    nlb: nlb().optional(),
  });
