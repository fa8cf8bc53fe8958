import { ownMember } from "../own-member.ts";
import type { ResourceSchemas } from "../update/replacement.ts";
import type { ResourceChange } from "../update/resource-change.ts";
import { settle } from "../update/resolved.ts";
import { type Surroundings, valuesOf } from "../update/resolve.ts";
import { type StackState, type StackUpdate, stackUpdate } from "../update/stack-update.ts";
import { learnedValues, stillOpen, withLearned } from "./learned-values.ts";
import { taskDefinitionRequest } from "./task-definition-request.ts";

/** The logical ID of a workload's task definition. */
const id = "TaskDefinition";

export interface HotswapQuestion {
  /** As the stack is deployed. */
  before: StackState;
  after: StackState;
  schemas: ResourceSchemas;
  surroundings: Surroundings;
  /** Of the deployed stack, by logical ID. */
  physicalIds: Readonly<Record<string, string>>;
  /** The task definition of the deployed stack, as ECS describes it. */
  deployed: unknown;
}

export type HotswapPlan =
  /** The stack would have to do more, and what. */
  | { swaps: "no"; because: string[] }
  /** The stack's own task definition is what is wanted. */
  | { swaps: "back" }
  /** Another one is, by ECS's own request; and which of its properties differ from those of the stack. */
  | { swaps: "forth"; request: Record<string, unknown>; changes: string[] };

/** Whether an update is one of the task definition alone, and the request that makes the same of it without CloudFormation.
 *  What CloudFormation alone knows is taken from what it has deployed. Pure. */
export function planHotswap({ deployed, physicalIds, ...question }: HotswapQuestion): HotswapPlan {
  const { before, after, schemas, surroundings } = question;
  const update = stackUpdate({ before, after, schemas, surroundings, known: { physicalIds } });
  const beyond = beyondTaskDefinition(update);
  if (beyond.length > 0) return { swaps: "no", because: beyond };
  const change = update.resources.find((each) => each.id === id);
  if (change === undefined) return { swaps: "back" };
  const known = { ref: (name: string) => ownMember(physicalIds, name), attribute: nothing, exported: nothing };
  const propertiesIn = ({ template, parameters }: StackState) =>
    settle(valuesOf(template, parameters, surroundings).of(ownMember(template.Resources, id)?.Properties ?? {}), known);
  const wanted = withLearned(propertiesIn(after), learnedValues(propertiesIn(before), deployed));
  const open = stillOpen(wanted);
  if (open.length > 0)
    return {
      swaps: "no",
      because: open.map(({ path, value }) => `CloudFormation alone knows ${JSON.stringify(value)} (${id}.${path})`),
    };
  return {
    swaps: "forth",
    request: taskDefinitionRequest(wanted),
    changes: change.properties.map(({ path }) => path),
  };
}

/** What an update does beside going to another revision of the task definition. */
export function beyondTaskDefinition({ resources, outputs, tags }: StackUpdate): string[] {
  const others = resources.filter((change) => {
    const { type, action, properties, attributes } = change;
    const stays = action === "changed" || action === "replaced";
    if (!stays || attributes.length > 0) return true;
    if (change.id === id) return type !== "AWS::ECS::TaskDefinition";
    // A service goes to the new revision, and does nothing else.
    const follows = properties.every(({ because = [] }) => because.length > 0 && because.every((each) => each === id));
    return type !== "AWS::ECS::Service" || action !== "changed" || !follows;
  });
  return [
    ...others.map(changeText),
    ...outputs.map(({ name }) => `the output ${name}`),
    ...(tags.length > 0 ? [`the tags of the stack (${tags.map(({ path }) => path).join(", ")})`] : []),
  ];
}

function changeText({ id: name, type, action, certain, properties, attributes }: ResourceChange): string {
  const own = properties.filter(({ because = [] }) => because.length === 0 || because.some((each) => each !== id));
  const paths = [...own, ...attributes].map(({ path }) => path);
  return `${name} (${type}) ${certain ? "is" : "may be"} ${action}${paths.length === 0 ? "" : `: ${paths.join(", ")}`}`;
}

function nothing(): undefined {
  return undefined;
}
