import { ref } from "./intrinsics.ts";
import type { Resource } from "./template.ts";

/** The nested stack of a workload's addons, where it has some. */
export function addonsStack(): Resource {
  return {
    Metadata: { "aws:copilot:description": "An Addons CloudFormation Stack for your additional AWS resources" },
    Type: "AWS::CloudFormation::Stack",
    Condition: "HasAddons",
    Properties: {
      Parameters: { App: ref("AppName"), Env: ref("EnvName"), Name: ref("WorkloadName") },
      TemplateURL: ref("AddonsTemplateURL"),
    },
  };
}
