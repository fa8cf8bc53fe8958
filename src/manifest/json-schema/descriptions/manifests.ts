import type { ManifestType } from "../../workload-types.ts";
import { type Descriptions, under } from "../description.ts";
import { environmentManifest } from "./environment-manifest.ts";
import { pipelineManifest } from "./pipeline-manifest.ts";
import { internalHttp, nlb, publicHttp } from "./load-balancers.ts";
import { subscribe } from "./queues.ts";
import { requestDriven } from "./request-driven.ts";
import { serviceScaling, workerScaling } from "./scaling.ts";
import { jobNetwork, service, task, workload } from "./task.ts";

const port = { about: "The port that the program listens on.", examples: [8080] };

const job: Descriptions = {
  on: "What starts the job.",
  "on.schedule": {
    about:
      "When the job runs, in UTC: cron with five fields, `@daily` and its like, `@every 90m`, EventBridge's rate() and cron(), or none.",
    examples: ["@daily", "0 3 * * 1-5", "@every 90m", "rate(90 minutes)", "none"],
  },
  retries: { about: "How often a run that failed is tried again.", default: 0 },
  timeout: {
    about: "How long all tries together may take, in whole seconds. Without it: as long as they like.",
    examples: ["1h30m"],
  },
  count: "Has no effect: a job runs one task at a time.",
};

const site: Descriptions = {
  http: "The name of the site.",
  "http.alias":
    "A name that leads to the site, beside CloudFront's own. Without it, and with a domain of the application: NAME.ENVIRONMENT.APPLICATION.DOMAIN.",
  "http.certificate": "The ARN of a certificate in us-east-1 for the alias. Without it, one is made.",
  files: "What is uploaded.",
  "files.source": { about: "A file or a folder, seen from the workspace's root.", examples: ["public"] },
  "files.recursive": { about: "Whether the folders inside are uploaded too.", default: false },
  "files.destination": { about: "Where in the site it appears.", default: "." },
  "files.exclude": { about: "What is left out: a pattern of names, or a list of them.", examples: ["*.map"] },
  "files.reinclude": "What of that is taken back: a pattern of names, or a list of them.",
};

/** What there is to say of each field of a manifest, by type. */
export const descriptions: Readonly<Record<ManifestType, Descriptions>> = {
  "Load Balanced Web Service": {
    ...service,
    ...serviceScaling,
    "image.port": port,
    ...under("http", publicHttp),
    ...under("nlb", nlb),
  },
  "Backend Service": { ...service, ...serviceScaling, "image.port": port, ...under("http", internalHttp) },
  "Worker Service": { ...service, ...workerScaling, ...under("subscribe", subscribe) },
  "Scheduled Job": { ...task, ...under("network", jobNetwork), ...job },
  "Request-Driven Web Service": requestDriven,
  "Static Site": { ...workload, ...site },
  Environment: environmentManifest,
  Pipeline: pipelineManifest,
};
