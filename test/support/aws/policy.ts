import { AwsEmulator } from "./emulator.ts";
import type { AwsCall } from "./front.ts";

/** A statement of a policy, as IAM answers it. */
export interface Statement {
  Effect: "Allow" | "Deny";
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** What a principal must be allowed to do for a call. */
export interface Needed {
  /** `s3:GetObject` */
  action: string;
  /** `*` where the action knows no resource. */
  resource: string;
}

/** Actions and resources with `*` and `?`; a condition holds that compares a tag of the resource with one of `tags`. Whatever
 *  else a condition asks is not met. Source: IAM user guide, "Policy evaluation logic", "IAM JSON policy elements". */
export function isAllowed(
  statements: readonly Statement[],
  { action, resource }: Needed,
  tags: Readonly<Record<string, string>>,
): boolean {
  const fits = statements.filter(
    ({ Action, Resource, Condition }) =>
      list(Action).some((pattern) => like(pattern.toLowerCase(), action.toLowerCase())) &&
      list(Resource).some((pattern) => like(pattern, resource)) &&
      holds(Condition, tags),
  );
  return fits.some(({ Effect }) => Effect === "Allow") && fits.every(({ Effect }) => Effect === "Allow");
}

function list(one: string | string[]): string[] {
  return Array.isArray(one) ? one : [one];
}

function like(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(text);
}

function holds(condition: Statement["Condition"] = {}, tags: Readonly<Record<string, string>>): boolean {
  return Object.entries(condition).every(
    ([operator, tests]) =>
      operator === "StringEquals" &&
      Object.entries(tests).every(([key, values]) => {
        const tag = /^aws:ResourceTag\/(.+)$/.exec(key)?.[1];
        return tag !== undefined && list(values).includes(tags[tag] ?? "");
      }),
  );
}

/** The access key that a call was signed with. */
export function accessKeyOf({ request: { headers } }: AwsCall): string | undefined {
  return /Credential=([^/]+)\//.exec(String(headers["authorization"] ?? ""))?.[1];
}

/** What a call needs. Source: Service Authorization Reference: "Actions, resources, and condition keys" of Systems Manager,
 *  STS, S3, ECR and CloudFormation; whatever is not named there has no resource here, so that only `*` allows it. */
export function neededFor(call: AwsCall): Needed[] {
  const { service, action, region } = call;
  const own = (resource: string): Needed => ({ action: call.name, resource });
  const arn = (resource: string) => `arn:aws:${service}:${region}:${AwsEmulator.account}:${resource}`;
  const body = bodyOf(call);
  switch (service) {
    case "sts":
      // Nobody needs to be allowed to ask who they are.
      return action === "GetCallerIdentity" ? [] : [own(word(body["RoleArn"]))];
    case "ssm": {
      const names = [body["Name"], body["Path"], ...((body["Names"] as string[] | undefined) ?? [])].filter(Boolean);
      const resources = names.map((name) => arn(`parameter${word(name).replace(/\/$/, "")}`));
      const tagged = action === "PutParameter" && body["Tags"] !== undefined;
      return resources.flatMap((resource) => [
        own(resource),
        ...(tagged ? [{ action: "ssm:AddTagsToResource", resource }] : []),
      ]);
    }
    case "ecr": {
      const names = [body["repositoryName"] ?? [], body["repositoryNames"] ?? []].flat();
      return names.length === 0 ? [own("*")] : names.map((name) => own(arn(`repository/${word(name)}`)));
    }
    case "s3":
      return [objectNeeds(call)];
    case "cloudformation": {
      const [stack, set] = [word(body["StackName"]), word(body["StackSetName"])];
      const passed = word(body["AdministrationRoleARN"]);
      const resource = set !== "" ? arn(`stackset/${set}:1`) : stack === "" ? "*" : stackArn(stack, arn);
      return [own(resource), ...(passed === "" ? [] : [{ action: "iam:PassRole", resource: passed }])];
    }
    default:
      return [own("*")];
  }
}

/** In AWS the stack of a stack set's instance has an id in its name as well, which the emulator leaves out. */
function stackArn(stack: string, arn: (resource: string) => string): string {
  const whole = stack.startsWith("arn:") ? stack : arn(`stack/${stack}/1`);
  return whole.replace(/(stack\/StackSet-[^/]+)\//, "$1-1/");
}

function objectNeeds({ action, request: { url } }: AwsCall): Needed {
  const { pathname } = new URL(url, "http://localhost");
  const resource = `arn:aws:s3:::${decodeURIComponent(pathname.slice(1)).replace(/\/$/, "")}`;
  const names: Record<string, string> = {
    HeadObject: "GetObject",
    HeadBucket: "ListBucket",
    ListObjectsV2: "ListBucket",
  };
  return { action: `s3:${names[action] ?? action}`, resource };
}

function bodyOf({ request: { body, headers } }: AwsCall): Record<string, unknown> {
  const said = body.toString("utf8");
  if (String(headers["content-type"]).startsWith("application/x-www-form-urlencoded"))
    return Object.fromEntries(new URLSearchParams(said));
  return said.startsWith("{") ? (JSON.parse(said) as Record<string, unknown>) : {};
}

function word(value: unknown): string {
  return typeof value === "string" ? value : "";
}
