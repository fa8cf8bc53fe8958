import type { StackFacts } from "../../src/cloudformation/facts.ts";
import { jobParameters } from "../../src/cloudformation/job/job-parameters.ts";
import { jobTemplate } from "../../src/cloudformation/job/job-template.ts";
import type { Packaged } from "../../src/cloudformation/packaged.ts";
import { missingOfService } from "../../src/cloudformation/service/missing-of-service.ts";
import { serviceReferences } from "../../src/cloudformation/service/references.ts";
import { serviceParameters } from "../../src/cloudformation/service/service-parameters.ts";
import { serviceTemplate } from "../../src/cloudformation/service/service-template.ts";
import type { Value } from "../../src/cloudformation/template.ts";
import { isService, loadWorkloadManifest } from "../../src/manifest/load.ts";
import { planScheduledJob } from "../../src/plan/plan-scheduled-job.ts";
import { planWorkload } from "../../src/plan/plan-workload.ts";

export const someFacts: StackFacts = {
  account: "123456789012",
  region: "eu-west-1",
  partition: "aws",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
};

export interface Around {
  facts?: Partial<StackFacts>;
  /** Whether the load balancer of the environment listens with HTTPS. */
  https?: boolean;
  env?: string;
}

/** The stack of a service or a job with this manifest, in the environment `test` of `shop`. What the manifest says of its
 *  name and image need not be said: `name: api`, `image: { location: api:1, port: 8080 }`. */
export function stackOf(text: string, { facts: more, https = false, env = "test" }: Around = {}): Packaged {
  const whole = [
    ...(/^name:/m.test(text) ? [] : ["name: api"]),
    ...(/^image:/m.test(text)
      ? []
      : [
          `image: { location: "api:1"${/^type: .*Service$/m.test(text) && !/Worker/.test(text) ? ", port: 8080" : ""} }`,
        ]),
    text,
  ].join("\n");
  const folder = /^name: *(\S+)/m.exec(whole)?.[1] ?? "";
  const app = "shop";
  const facts = { ...someFacts, ...more };
  const { manifest, diagnostics } = loadWorkloadManifest(
    { file: "manifest.yml", text: whole, folder },
    { app, env, variables: {} },
  );
  if (!manifest) throw new Error(JSON.stringify(diagnostics, undefined, 2));
  if (isService(manifest)) {
    const plan = planWorkload({ manifest, app, env, https });
    const images = plan.images ?? {};
    const input = { plan, facts, manifest: text, references: serviceReferences(plan, facts, images) };
    return {
      template: serviceTemplate(input),
      parameters: serviceParameters(input, { image: images[plan.name], dnsDelegated: facts.domain !== undefined }),
      missing: missingOfService(plan, facts),
    };
  }
  if (manifest.type !== "Scheduled Job") throw new Error(`no stack of a ${manifest.type} here`);
  const plan = planScheduledJob({ manifest, app, env });
  const images = plan.images ?? {};
  const input = { plan, facts, manifest: text, references: serviceReferences(plan, facts, images) };
  return { template: jobTemplate(input), parameters: jobParameters(input, { image: images[plan.name] }) };
}

/** The properties of some of a stack's resources. */
export function properties(
  { template }: Packaged,
  ids: RegExp,
): Record<string, Record<string, Value | undefined> | undefined> {
  const found = Object.entries(template.Resources).filter(([id]) => ids.test(id));
  return Object.fromEntries(found.map(([id, { Properties }]) => [id, Properties]));
}
