import type { Path } from "../problems.ts";
import type { ManifestType } from "../workload-types.ts";

/** Keys that Copilot reads from a manifest of this type and then does nothing with, and why. `[]` stands for a place in
 *  a list. Whoever writes one is told; nothing else changes. */
const ignored: Record<ManifestType, Record<string, string>> = {
  Environment: {},
  Pipeline: {},
  "Load Balanced Web Service": {},
  "Backend Service": {
    "http.alb": "a Backend Service always stands behind the internal load balancer of its environment",
    "http.targetContainer": "write `target_container`",
    "http.additional_rules.[].targetContainer": "write `target_container`",
    "http.redirect_to_https":
      "requests are redirected when the environment has certificates for its internal load balancer",
    "http.additional_rules.[].redirect_to_https":
      "requests are redirected when the environment has certificates for its internal load balancer",
  },
  "Worker Service": {},
  "Scheduled Job": {
    exec: "no one can be in time for a task that ends by itself",
    "network.connect":
      "a job is called by nobody; the services of the environment are reached by their discovery names",
    "network.vpc.security_groups.deny_default": "the tasks of a job are always in the environment's security group",
  },
  "Request-Driven Web Service": {
    "image.credentials": "App Runner pulls from Amazon ECR, with a role that the stack has for it",
    "image.labels": "App Runner gives containers no labels; `tags` are the tags of the service",
    "image.depends_on": "App Runner runs one container",
    "http.healthcheck.port": "App Runner asks at `image.port`",
    "http.healthcheck.success_codes": "App Runner takes 200 to 399 for success",
    "http.healthcheck.grace_period": "App Runner knows none",
  },
  "Static Site": {},
};

const ofPublishers: Record<string, string> = Object.fromEntries(
  ["deduplication_scope", "throughput_limit", "high_throughput"].map((key) => [
    `publish.topics.[].fifo.${key}`,
    "this is set on the queue of a Worker Service that subscribes",
  ]),
);

/** Why a key has no effect, although it is one of Copilot's; undefined for every other key. */
export function reasonIgnored(type: ManifestType, path: Path): string | undefined {
  const name = path.map((step) => (typeof step === "number" ? "[]" : step)).join(".");
  return [ignored[type], ofPublishers].find((keys) => Object.hasOwn(keys, name))?.[name];
}
