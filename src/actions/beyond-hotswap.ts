import { beyondTaskDefinition } from "../cloudformation/hotswap/plan-hotswap.ts";
import { type DiffRequest, diffStack } from "./diff-stack.ts";

/** What deploying a stack would do that a hotswap cannot. @throws UserError as {@link diffStack} */
export async function beyondHotswap(request: DiffRequest): Promise<string[]> {
  const [own] = await diffStack(request);
  if (own === undefined || own.against === "nothing") return ["it has not been deployed yet"];
  const hasService = Object.values(request.stack.template.Resources).some(({ Type }) => Type === "AWS::ECS::Service");
  return hasService ? beyondTaskDefinition(own) : ["it has no service of ECS"];
}
