import { type AddonsInput, extraParameters } from "../addons-stack.ts";
import { ref } from "../intrinsics.ts";
import type { Resource } from "../template.ts";

/** The parameter with the address of the addons' template, which Copilot writes into the template. */
export const addonsParameter = "AddonsTemplateURL";

/** The nested stack of the addons that all environments have. It hangs on no condition: a stack that is not told where its
 *  addons are is refused, and does not lose them. */
export function addonsStack(addons: AddonsInput): Resource {
  return {
    Metadata: { "aws:copilot:description": "A CloudFormation nested stack for your additional AWS resources" },
    Type: "AWS::CloudFormation::Stack",
    Properties: {
      Parameters: { App: ref("AppName"), Env: ref("EnvironmentName"), ...extraParameters(addons) },
      TemplateURL: ref(addonsParameter),
    },
  };
}
