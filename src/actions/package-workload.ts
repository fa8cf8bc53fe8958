import { createHash } from "node:crypto";
import type { StackFacts } from "../cloudformation/facts.ts";
import { jobParameters } from "../cloudformation/job/job-parameters.ts";
import { jobTemplate } from "../cloudformation/job/job-template.ts";
import type { Packaged } from "../cloudformation/packaged.ts";
import { withPermissionsBoundary } from "../cloudformation/permissions-boundary.ts";
import { requestDrivenStack } from "../cloudformation/request-driven/request-driven-stack.ts";
import { missingSubnets } from "../cloudformation/placement-subnets.ts";
import { missingOfService } from "../cloudformation/service/missing-of-service.ts";
import { serviceReferences } from "../cloudformation/service/references.ts";
import { serviceParameters, workloadTags } from "../cloudformation/service/service-parameters.ts";
import { serviceTemplate } from "../cloudformation/service/service-template.ts";
import { staticSiteStack } from "../cloudformation/static-site/static-site-stack.ts";
import { writeTemplate } from "../cloudformation/write-template.ts";
import type { Diagnostic } from "../errors.ts";
import { environmentMisfits } from "../manifest/environment-fit.ts";
import type { ScheduledJobManifest, ServiceManifest, WorkloadManifest } from "../manifest/load.ts";
import { type EnvironmentPlan, listensWithHttps } from "../plan/environment-plan.ts";
import { discoveryNamespace } from "../plan/names.ts";
import { planRequestDriven } from "../plan/plan-request-driven.ts";
import { planScheduledJob } from "../plan/plan-scheduled-job.ts";
import { planStaticSite } from "../plan/plan-static-site.ts";
import { planWorkload } from "../plan/plan-workload.ts";
import { factsWithStacks } from "./deployed-stacks.ts";
import { diagnosticAt } from "./diagnostic-at.ts";
import { environmentOf } from "./load-environment.ts";
import { loadManifest, type ManifestRequest } from "./load-manifest.ts";
import { type OverrideChoice, overrideTemplate } from "./override-template.ts";
import type { PackagedStack } from "./packaged-stack.ts";

export interface PackageRequest extends ManifestRequest, OverrideChoice {
  facts: StackFacts;
}

/** The stack of a workload in an environment, with no network. What the environment cannot give it is a warning: it is
 *  the deployment that fails.
 *  @throws UserError workspace/workload-not-found, manifest/invalid, overrides/* */
export async function packageWorkload(
  request: PackageRequest,
): Promise<{ stack: PackagedStack; diagnostics: Diagnostic[] }> {
  const { workspace, env, variables } = request;
  const app = workspace.application;
  const loaded = await loadManifest(request);
  const { manifest, diagnostics } = loaded;
  const text = loaded.interpolatedText();
  const { name } = manifest;
  const facts = factsWithStacks(request.facts, app, env, name);
  const { manifest: around, plan: environment } = await environmentOf({ workspace, env, variables });
  const misfits = environmentMisfits(manifest, { app, env, environment: around, domain: facts.domain }).map(
    ({ path, ...problem }) => diagnosticAt(loaded, path, { severity: "warning", ...problem }),
  );
  const namespace = discoveryNamespace(app, env, facts.environmentParameters);
  const { parameters, missing = [], ...made } = packaged(manifest, { app, env, facts, text, environment, namespace });
  const unknown = missing.map(({ path, ...problem }) =>
    diagnosticAt(loaded, path, { severity: "warning", code: "environment/unknown-value", ...problem }),
  );
  const { template, diagnostics: changes } = await overrideTemplate(
    withPermissionsBoundary(made.template, facts),
    { workspace, folder: `copilot/${name}/overrides` },
    request,
  );
  const stack = {
    name: `${app}-${env}-${name}`,
    environmentStack: `${app}-${env}`,
    template,
    text: writeTemplate(template),
    parameters,
    tags: { ...facts.tags, ...workloadTags({ app, env, name }) },
    templateFile: `${name}-${env}.stack.yml`,
    parametersFile: `${name}-${env}.params.json`,
  };
  return { stack, diagnostics: [...diagnostics, ...misfits, ...unknown, ...changes] };
}

interface PackagedFor {
  app: string;
  env: string;
  facts: StackFacts;
  /** The manifest's. */
  text: string;
  environment: EnvironmentPlan;
  /** Where services of the environment find each other. */
  namespace: string;
}

function packaged(manifest: WorkloadManifest, given: PackagedFor): Packaged {
  const { app, env, facts, text, namespace } = given;
  switch (manifest.type) {
    case "Request-Driven Web Service":
      return requestDrivenStack(planRequestDriven({ manifest, app, env, namespace }), facts, text);
    case "Static Site":
      return staticSiteStack(planStaticSite({ manifest, app, env, domain: facts.domain }), facts, {
        manifest: text,
        sha256: (whole) => createHash("sha256").update(whole).digest("hex"),
      });
    case "Scheduled Job":
      return jobStack(manifest, given);
    default:
      return serviceStack(manifest, given);
  }
}

function jobStack(manifest: ScheduledJobManifest, { app, env, facts, text, namespace }: PackagedFor): Packaged {
  const plan = planScheduledJob({ manifest, app, env, namespace });
  const images = plan.images ?? {};
  const input = { plan, facts, manifest: text, references: serviceReferences(plan, facts, images) };
  return {
    template: jobTemplate(input),
    parameters: jobParameters(input, { image: images[plan.name] }),
    missing: missingSubnets(plan.stateMachine.network.subnets, facts),
  };
}

function serviceStack(manifest: ServiceManifest, given: PackagedFor): Packaged {
  const { app, env, facts, text, environment, namespace } = given;
  const listens = listensWithHttps(environment, facts.domain);
  const https = manifest.type === "Load Balanced Web Service" ? listens.public : listens.internal;
  const plan = planWorkload({ manifest, app, env, https, namespace });
  const images = plan.images ?? {};
  const input = { plan, facts, manifest: text, references: serviceReferences(plan, facts, images) };
  const parameters = serviceParameters(input, {
    image: images[plan.name],
    dnsDelegated: facts.domain !== undefined && environment.publicLoadBalancer.certificates.length === 0,
  });
  return { template: serviceTemplate(input), parameters, missing: missingOfService(plan, facts) };
}
