import {
  CloudFormationClient,
  DescribeStackSetCommand,
  StackSetNotFoundException,
} from "@aws-sdk/client-cloudformation";
import type { DeployedStack } from "../../../cloudformation/facts.ts";
import { stackSetFacts } from "../../../cloudformation/stack-set-facts.ts";
import type { DeployedStackSet } from "../../../plan/application-plan.ts";
import type { StackDescription, StackPlace, StackResourceDescription, Stacks } from "../../account/stacks.ts";
import type { AwsSession } from "../session.ts";

interface StackToTellOf {
  stack: StackDescription | undefined;
  where: StackPlace;
  /** Where they have been asked for. */
  resources?: Readonly<Record<string, StackResourceDescription>>;
}

/** The stacks that are there with their templates, by name, and those of their addons, which are nested in them. */
export async function deployedStacks(
  wanted: readonly StackToTellOf[],
  stacks: Stacks,
): Promise<Record<string, DeployedStack>> {
  const found = await Promise.all(
    wanted.flatMap(({ stack, where, resources }) => (stack ? [withNested(stack, where, resources, stacks)] : [])),
  );
  return Object.fromEntries(found.flat());
}

async function withNested(
  stack: StackDescription,
  where: StackPlace,
  known: StackToTellOf["resources"],
  stacks: Stacks,
): Promise<[string, DeployedStack][]> {
  const [text, resources] = await Promise.all([
    stacks.template(stack.name, where),
    known ?? stacks.resources(stack.name, where),
  ]);
  const addons = resources["AddonsStack"]?.physicalId;
  const { name, parameters, tags, outputs } = stack;
  const ids = Object.entries(resources).map(([logical, { physicalId }]) => [logical, { id: physicalId }]);
  const own: [string, DeployedStack] = [
    name,
    { template: { text }, parameters, tags, outputs, resources: Object.fromEntries(ids) },
  ];
  const nested = addons ? await stacks.describe(addons, where) : undefined;
  return nested === undefined ? [own] : [own, ...(await withNested(nested, where, undefined, stacks))];
}

/** The application's stack set as it is deployed, and what its template says of itself. */
export async function deployedStackSet(
  app: string,
  session: AwsSession,
): Promise<{ deployed: DeployedStack; says?: DeployedStackSet } | undefined> {
  try {
    const { StackSet: { TemplateBody: text = "", Parameters = [], Tags = [] } = {} } = await session
      .client(CloudFormationClient)
      .send(new DescribeStackSetCommand({ StackSetName: `${app}-infrastructure` }));
    const says = stackSetFacts(text);
    const parameters = Parameters.map(({ ParameterKey = "", ParameterValue = "" }) => [ParameterKey, ParameterValue]);
    const tags = Tags.map(({ Key = "", Value = "" }) => [Key, Value]);
    return {
      deployed: {
        template: { text },
        parameters: Object.fromEntries(parameters),
        tags: Object.fromEntries(tags),
      },
      ...(says && { says }),
    };
  } catch (error) {
    if (error instanceof StackSetNotFoundException) return undefined;
    throw error;
  }
}
