import { createHash } from "node:crypto";
import { UserError } from "../../../errors.ts";
import type { StackToDeploy } from "../../account/stacks.ts";
import { dnsSuffixOf, partitionOf } from "../partition.ts";
import type { AwsSession } from "../session.ts";

/** What CloudFormation takes within a request, and from a bucket. Source: CloudFormation's quotas. */
const mostInline = 51_200;
const most = 1_000_000;

export type TemplateSource = { TemplateBody: string } | { TemplateURL: string } | { UsePreviousTemplate: true };

/** Where CloudFormation gets the template from. A large one is put into the application's bucket first, with the user's
 *  own rights, under the key that Copilot gives it. @throws UserError stack/refused */
export async function templateSource(session: AwsSession, stack: TemplateToSend): Promise<TemplateSource> {
  const { name, text, bucket, where } = stack;
  if (text === undefined) return { UsePreviousTemplate: true };
  const bytes = Buffer.byteLength(text);
  if (bytes <= mostInline) return { TemplateBody: text };
  if (bytes > most)
    throw new UserError(
      "stack/refused",
      `the template of ${name} has ${bytes} bytes, and CloudFormation takes ${most} at most`,
      { hint: "spread it over several workloads, or move some of it into addons" },
    );
  if (bucket === undefined)
    throw new UserError(
      "stack/refused",
      `the template of ${name} has ${bytes} bytes; more than ${mostInline} have to come from a bucket, and there is none`,
    );
  const { region = session.region } = where;
  const key = `manual/templates/${name}/${createHash("sha256").update(text).digest("hex")}.yml`;
  const { putTemplate } = await import("./put-template.ts");
  await putTemplate({ bucket, key, text }, session.inRegion(region));
  return { TemplateURL: `https://${bucket}.s3.${region}.${dnsSuffixOf(partitionOf(region))}/${key}` };
}

export type TemplateToSend = Pick<StackToDeploy, "name" | "text" | "bucket" | "where">;
