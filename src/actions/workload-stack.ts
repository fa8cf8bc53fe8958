import { createHash } from "node:crypto";
import type { StackFacts } from "../cloudformation/facts.ts";
import { jobParameters } from "../cloudformation/job/job-parameters.ts";
import { jobTemplate } from "../cloudformation/job/job-template.ts";
import type { Packaged } from "../cloudformation/packaged.ts";
import { missingSubnets } from "../cloudformation/placement-subnets.ts";
import { requestDrivenStack } from "../cloudformation/request-driven/request-driven-stack.ts";
import { missingOfService } from "../cloudformation/service/missing-of-service.ts";
import { serviceReferences } from "../cloudformation/service/references.ts";
import { serviceParameters } from "../cloudformation/service/service-parameters.ts";
import { serviceTemplate } from "../cloudformation/service/service-template.ts";
import { staticSiteStack } from "../cloudformation/static-site/static-site-stack.ts";
import type { Addons } from "../manifest/addons/addons.ts";
import type { ScheduledJobManifest, ServiceManifest, WorkloadManifest } from "../manifest/load.ts";
import { addonOutputs } from "../plan/addon-outputs.ts";
import { type EnvironmentPlan, listensWithHttps } from "../plan/environment-plan.ts";
import { planRequestDriven } from "../plan/plan-request-driven.ts";
import { planScheduledJob } from "../plan/plan-scheduled-job.ts";
import { planStaticSite } from "../plan/plan-static-site.ts";
import { planWorkload } from "../plan/plan-workload.ts";

export interface StackFor {
  app: string;
  env: string;
  facts: StackFacts;
  /** The manifest's. */
  text: string;
  environment: EnvironmentPlan;
  /** Where services of the environment find each other. */
  namespace: string;
  addons?: Addons | undefined;
  /** Images of containers that were built and pushed. */
  images?: Readonly<Record<string, string>>;
  /** Container → ARN of the object that its environment file has been uploaded to. */
  envFiles?: Readonly<Record<string, string>>;
}

/** The stack of a workload, whatever its type is. */
export function workloadStack(manifest: WorkloadManifest, given: StackFor): Packaged {
  const { app, env, facts } = given;
  switch (manifest.type) {
    case "Request-Driven Web Service":
      return requestDrivenStack({
        plan: planRequestDriven({ manifest, ...planFor(given) }),
        ...around(given),
        ...imageOf(manifest.name, given),
      });
    case "Static Site":
      return staticSiteStack(planStaticSite({ manifest, app, env, domain: facts.domain }), facts, {
        ...around(given),
        sha256: (whole) => createHash("sha256").update(whole).digest("hex"),
      });
    case "Scheduled Job":
      return jobStack(manifest, given);
    default:
      return serviceStack(manifest, given);
  }
}

function jobStack(manifest: ScheduledJobManifest, given: StackFor): Packaged {
  const plan = planScheduledJob({ manifest, ...planFor(given) });
  const images = { ...plan.images, ...given.images };
  const input = { plan, ...around(given), references: serviceReferences(plan, given.facts, images) };
  return {
    template: jobTemplate(input),
    parameters: jobParameters(input, { image: images[plan.name], ...(given.envFiles && { envFiles: given.envFiles }) }),
    missing: missingSubnets(plan.stateMachine.network.subnets, given.facts),
  };
}

function serviceStack(manifest: ServiceManifest, given: StackFor): Packaged {
  const { facts, environment } = given;
  const listens = listensWithHttps(environment, facts.domain);
  const https = manifest.type === "Load Balanced Web Service" ? listens.public : listens.internal;
  const plan = planWorkload({ manifest, https, ...planFor(given) });
  const images = { ...plan.images, ...given.images };
  const input = { plan, ...around(given), references: serviceReferences(plan, facts, images) };
  const parameters = serviceParameters(input, {
    image: images[plan.name],
    ...(given.envFiles && { envFiles: given.envFiles }),
    dnsDelegated: facts.domain !== undefined && environment.publicLoadBalancer.certificates.length === 0,
  });
  return { template: serviceTemplate(input), parameters, missing: missingOfService(plan, facts) };
}

function planFor({ app, env, namespace, addons }: StackFor) {
  return { app, env, namespace, ...(addons && { addons: addonOutputs(addons.outputs) }) };
}

function imageOf(name: string, { images }: StackFor): { image?: string } {
  const image = images?.[name];
  return image === undefined ? {} : { image };
}

function around({ facts, text, addons }: StackFor) {
  return { facts, manifest: text, ...(addons && { addons }) };
}
