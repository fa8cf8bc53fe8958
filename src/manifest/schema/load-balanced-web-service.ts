import { publicHttpOrOff } from "./http.ts";
import { imageWithPort } from "./image.ts";
import { lazily } from "./fields.ts";
import { nlb } from "./nlb.ts";
import { service, workloadSchema } from "./workload.ts";

export const loadBalancedWebService = () =>
  workloadSchema("Load Balanced Web Service", {
    ...service(),
    image: imageWithPort(),
    http: publicHttpOrOff(),
    nlb: lazily(nlb).optional(),
  });
