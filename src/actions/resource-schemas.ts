import { distilSchemas } from "../cloudformation/update/distil-schemas.ts";
import type { ResourceSchemas } from "../cloudformation/update/replacement.ts";

/** What CloudFormation's schemas say of replacements. The build puts its result in the place of this module, so that the
 *  program needs no database of schemas. */
export function resourceSchemas(): Promise<ResourceSchemas> {
  return (schemas ??= distilled());
}

let schemas: Promise<ResourceSchemas> | undefined;

async function distilled(): Promise<ResourceSchemas> {
  const { loadAwsServiceSpec } = await import("@aws-cdk/aws-service-spec");
  return distilSchemas(await loadAwsServiceSpec());
}
