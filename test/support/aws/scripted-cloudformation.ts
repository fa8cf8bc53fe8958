import type {
  DescribeChangeSetOutput,
  DetectStackResourceDriftOutput,
  DescribeStackResourcesOutput,
  ListStackSetOperationResultsOutput,
  ListStackSetOperationsOutput,
  DescribeStackSetOperationOutput,
  DescribeStackSetOutput,
  ListStackInstancesOutput,
  ListChangeSetsOutput,
  Stack,
  StackEvent,
} from "@aws-sdk/client-cloudformation";
import type { AwsAnswer, Layer } from "./front.ts";

/** An error as CloudFormation answers it. */
export interface ScriptedError {
  error: string;
  message: string;
  status?: number;
}

/** What CloudFormation answers to the calls of one operation: the first answer to the first call, and the last one from then
 *  on. Shapes: AWS CloudFormation API Reference, by the SDK's types; texts of errors and reasons: as CloudFormation gives
 *  them there and in the user guide's "Troubleshooting CloudFormation". */
export interface CloudFormationScript {
  DescribeStacks?: (Stack | ScriptedError)[];
  CreateChangeSet?: (object | ScriptedError)[];
  DescribeChangeSet?: (Partial<DescribeChangeSetOutput> | ScriptedError)[];
  ExecuteChangeSet?: (object | ScriptedError | "reset")[];
  DeleteChangeSet?: object[];
  ListChangeSets?: Partial<ListChangeSetsOutput>[];
  DeleteStack?: (object | ScriptedError)[];
  ContinueUpdateRollback?: (object | ScriptedError)[];
  DescribeStackResources?: Partial<DescribeStackResourcesOutput>[];
  DetectStackResourceDrift?: (Partial<DetectStackResourceDriftOutput> | ScriptedError)[];
  DescribeStackSet?: (Partial<DescribeStackSetOutput> | ScriptedError)[];
  UpdateStackSet?: (object | ScriptedError)[];
  CreateStackInstances?: (object | ScriptedError)[];
  UpdateStackInstances?: (object | ScriptedError)[];
  DeleteStackInstances?: (object | ScriptedError)[];
  DeleteStackSet?: (object | ScriptedError)[];
  ListStackInstances?: Partial<ListStackInstancesOutput>[];
  ListStackSetOperations?: Partial<ListStackSetOperationsOutput>[];
  DescribeStackSetOperation?: (Partial<DescribeStackSetOperationOutput> | ScriptedError)[];
  ListStackSetOperationResults?: Partial<ListStackSetOperationResultsOutput>[];
  /** What has happened by each asking, oldest first, by stack (name or id); an asking gets the newest first. */
  events?: Record<string, (StackEvent[] | ScriptedError)[]>;
  /** Events in one answer at most; CloudFormation: as many as fit into 1 MB. */
  pageSize?: number;
}

export function scriptedCloudFormation(script: CloudFormationScript): Layer {
  const asked = new Map<string, number>();
  const next = <T>(key: string, answers: readonly T[]): T | undefined => {
    const count = asked.get(key) ?? 0;
    asked.set(key, count + 1);
    return answers[Math.min(count, answers.length - 1)];
  };
  return async ({ service, action, request }, pass) => {
    if (service !== "cloudformation") return pass();
    const given = new URLSearchParams(request.body.toString());
    const stack = given.get("StackName") ?? "";
    if (action === "DescribeStackEvents") {
      const page = Number(given.get("NextToken") ?? 0);
      const key = `events ${stack}`;
      const moments = script.events?.[stack] ?? [];
      const events = page === 0 ? next(key, moments) : moments[Math.min((asked.get(key) ?? 1) - 1, moments.length - 1)];
      if (events !== undefined && "error" in events) return failure(events);
      const size = script.pageSize ?? 1000;
      const newest = (events ?? []).toReversed();
      const rest = newest.length > (page + 1) * size ? { NextToken: String(page + 1) } : {};
      return xml(action, { StackEvents: newest.slice(page * size, (page + 1) * size), ...rest });
    }
    const answer = next(action, (script[action as keyof CloudFormationScript] ?? []) as unknown[]);
    if (answer === undefined)
      return failure({ error: "ValidationError", message: `no answer to ${action} in the script` });
    if (answer === "reset") return "reset";
    if (isError(answer)) return failure(answer);
    return xml(action, action === "DescribeStacks" ? { Stacks: [answer] } : (answer as object));
  };
}

/** That there is no such stack. */
export function noStack(name: string): ScriptedError {
  return { error: "ValidationError", message: `Stack with id ${name} does not exist` };
}

function isError(answer: unknown): answer is ScriptedError {
  return typeof answer === "object" && answer !== null && "error" in answer;
}

/** As the AWS Query protocol writes an answer. */
function xml(action: string, result: object): AwsAnswer {
  return text(200, `<${action}Response><${action}Result>${members(result)}</${action}Result></${action}Response>`);
}

function failure({ error, message, status = 400 }: ScriptedError): AwsAnswer {
  const inside = members({ Error: { Type: "Sender", Code: error, Message: message }, RequestId: "1" });
  return text(status, `<ErrorResponse>${inside}</ErrorResponse>`);
}

function text(status: number, body: string): AwsAnswer {
  return { status, headers: { "content-type": "text/xml" }, body: Buffer.from(body) };
}

function members(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((each) => `<member>${members(each)}</member>`).join("");
  if (typeof value !== "object" || value === null)
    return String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([key, each]) => `<${key}>${members(each)}</${key}>`)
    .join("");
}
