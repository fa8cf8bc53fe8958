/** What was asked of AWS when something failed. */
export interface AwsCall {
  /** `CloudFormation` */
  service: string;
  /** `DescribeStacks` */
  operation: string;
  region: string;
  /** The name or ARN that it was about, where it has one. */
  subject?: string;
  profile?: string;
}

/** The part of the SDK's middleware that is used here. */
export interface MiddlewareStack {
  add(
    middleware: (
      next: (args: { input: object; request?: unknown }) => Promise<{ output: object; response: unknown }>,
      context: { clientName?: string; commandName?: string },
    ) => (args: { input: object; request?: unknown }) => Promise<{ output: object; response: unknown }>,
    options: { step: string; name: string; priority?: string; override: boolean },
  ): void;
}

const calls = new WeakMap<object, AwsCall>();

/** What was asked when AWS, or the way to it, failed with this error; undefined for any other error. */
export function callOf(error: unknown): AwsCall | undefined {
  return typeof error === "object" && error !== null ? calls.get(error) : undefined;
}

/** Keeps with each error of a client's calls what was asked. */
export function rememberCalls(stack: MiddlewareStack, where: { region: string; profile?: string }): void {
  stack.add(
    (next, { clientName = "", commandName = "" }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          // The first one counts: a role that could not be taken on is not the fault of the call that needed it.
          if (typeof error === "object" && error !== null && !calls.has(error))
            calls.set(error, {
              service: clientName.replace(/Client$/, ""),
              operation: commandName.replace(/Command$/, ""),
              ...where,
              ...subjectOf(args.input),
            });
          throw error;
        }
      },
    { step: "initialize", name: "rememberCalls", priority: "high", override: true },
  );
}

/** Members of requests that name what a call is about, the most telling ones first. */
const naming =
  /^(stackName|stackSetName|bucket|roleName|roleArn|policyArn|secretId|repositoryNames?|services?|cluster|taskDefinition|loadBalancerArns?|targetGroupArns?|listenerArn|hostedZoneId|certificateArn|distributionId|logGroupName|keyId|fileSystemId|serviceArn|stateMachineArn|queueUrl|queueName|topicArn|resourceArn|names?|id)$/i;

function subjectOf(input: object): { subject?: string } {
  const named = Object.entries(input).flatMap(([key, value]) => {
    const rank = naming.source.toLowerCase().indexOf(key.toLowerCase());
    const name: unknown = Array.isArray(value) ? value[0] : value;
    return naming.test(key) && typeof name === "string" ? [{ rank, key, name }] : [];
  });
  const [best] = named.toSorted((a, b) => a.rank - b.rank);
  if (best === undefined) return {};
  const key = best.key === "Bucket" && "Key" in input ? `/${String(input.Key)}` : "";
  return { subject: `${best.name}${key}` };
}
