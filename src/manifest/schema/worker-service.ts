import { workerCount } from "./count.ts";
import { workerDeployment } from "./deployment.ts";
import { lazily } from "./fields.ts";
import { imageWithoutPort } from "./image.ts";
import { subscribe } from "./subscribe.ts";
import { serviceTask, workloadSchema } from "./workload.ts";

/** What works on messages that others publish. */
export const workerService = () =>
  workloadSchema("Worker Service", {
    ...serviceTask(),
    image: imageWithoutPort(),
    count: lazily(workerCount).optional(),
    subscribe: lazily(subscribe).optional(),
    deployment: lazily(workerDeployment).optional(),
  });
