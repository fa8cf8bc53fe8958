import { GetRoleCommand, GetRolePolicyCommand, IAMClient, paginateListRolePolicies } from "@aws-sdk/client-iam";
import type { AwsEmulator } from "./emulator.ts";
import type { AwsCall, Layer } from "./front.ts";

interface Statement {
  Effect: "Allow" | "Deny";
  Principal?: { AWS?: string | string[] };
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
}

/** What calls with the credentials of roles would have been denied for: the emulator allows everything, AWS only what a role's
 *  own policies allow. Names of actions and resources are compared with their wildcards; a condition on the tags that
 *  everything of an application bears counts as met. */
export class RoleRights {
  readonly #aws: AwsEmulator;
  readonly #roles = new Map<string, string>();
  readonly #policies = new Map<string, Statement[]>();
  readonly #denied = new Set<string>();
  readonly #asked = new Set<string>();

  constructor(aws: AwsEmulator) {
    this.#aws = aws;
    aws.use(this.#watch);
  }

  /** `shop-test-EnvManagerRole acm:DeleteCertificate arn:…`, each once. */
  get denied(): string[] {
    return [...this.#denied].toSorted();
  }

  /** The roles that something was asked with, and how many kinds of calls. */
  get asked(): Record<string, number> {
    const roles = [...this.#asked].map((each) => each.split(" ")[0] ?? "");
    return Object.fromEntries(
      [...new Set(roles)].toSorted().map((role) => [role, roles.filter((each) => each === role).length]),
    );
  }

  readonly #watch: Layer = async (call, pass) => {
    const key = /Credential=([^/]+)\//.exec(String(call.request.headers["authorization"] ?? ""))?.[1] ?? "";
    const role = this.#roles.get(key);
    if (role !== undefined) await this.#check(role, call);
    const answer = await pass();
    if (call.name === "sts:AssumeRole" && answer.status === 200) {
      const arn = new URLSearchParams(call.request.body.toString("utf8")).get("RoleArn") ?? "";
      const made = /<AccessKeyId>([^<]+)</.exec(answer.body.toString("utf8"))?.[1];
      if (made !== undefined) this.#roles.set(made, arn.slice(arn.lastIndexOf("/") + 1));
    }
    return answer;
  };

  async #check(role: string, call: AwsCall): Promise<void> {
    const resource = resourceOf(call);
    for (const action of actionsOf(call)) {
      this.#asked.add(`${role} ${action}`);
      const known = this.#policies.get(role);
      if (known !== undefined && isAllowed(known, action, resource)) continue;
      // A deployment may have given it more since.
      const now = await this.#read(role);
      this.#policies.set(role, now);
      const mayAssume = action === "sts:AssumeRole" && (await this.#trusts(resource, role));
      if (!mayAssume && !isAllowed(now, action, resource)) this.#denied.add(`${role} ${action} ${resource}`);
    }
  }

  /** A role whose trust policy names a role of the same account by its ARN can be taken on without more.
   *  Source: IAM user guide, "Methods to assume a role". */
  async #trusts(target: string, role: string): Promise<boolean> {
    const RoleName = target.slice(target.lastIndexOf("/") + 1);
    const { Role } = await this.#aws.client(IAMClient).send(new GetRoleCommand({ RoleName }));
    const { Statement: found = [] } = readPolicy(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "{}"));
    const named = [found]
      .flat()
      .flatMap(({ Effect, Principal }) => (Effect === "Allow" ? [Principal?.AWS ?? []].flat() : []));
    return named.some((arn) => arn.endsWith(`:role/${role}`));
  }

  async #read(RoleName: string): Promise<Statement[]> {
    const client = this.#aws.client(IAMClient);
    const statements: Statement[] = [];
    for await (const { PolicyNames = [] } of paginateListRolePolicies({ client }, { RoleName }))
      for (const PolicyName of PolicyNames) {
        const { PolicyDocument = "{}" } = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        const { Statement: found = [] } = readPolicy(decodeURIComponent(PolicyDocument));
        statements.push(...[found].flat());
      }
    return statements;
  }
}

/** The emulator writes the policies of roles that CloudFormation has made as Python does. */
function readPolicy(text: string): { Statement?: Statement | Statement[] } {
  const json = text.startsWith("{'")
    ? text.replaceAll("'", '"').replace(/\b(True|False)\b/g, (word) => word.toLowerCase())
    : text;
  return JSON.parse(json) as { Statement?: Statement | Statement[] };
}

function isAllowed(statements: readonly Statement[], action: string, resource: string): boolean {
  const fitting = statements.filter((each) => fits(each, action, resource));
  return fitting.some(({ Effect }) => Effect === "Allow") && !fitting.some(({ Effect }) => Effect === "Deny");
}

function fits(
  { Action, NotAction, Resource = "*", Condition = {} }: Statement,
  action: string,
  resource: string,
): boolean {
  const named = (patterns: string | string[] | undefined) =>
    [patterns ?? []].flat().some((pattern) => like(pattern.toLowerCase(), action.toLowerCase()));
  const isMeant = Action === undefined ? NotAction !== undefined && !named(NotAction) : named(Action);
  const conditions = Object.values(Condition).flatMap((each) => Object.keys(each));
  const areOurs = conditions.every((key) => /^(aws|iam):ResourceTag\/copilot-(application|environment)$/.test(key));
  return isMeant && areOurs && [Resource].flat().some((pattern) => like(pattern, resource));
}

function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(text);
}

/** How policies call the services whose requests are signed with another name. Source: Service Authorization Reference. */
const prefixes: Record<string, string> = { tagging: "tag", monitoring: "cloudwatch" };

/** Operations that are allowed under another name, or under two. */
const renamed: Record<string, string[]> = {
  "s3:HeadObject": ["s3:GetObject"],
  "s3:ListObjectsV2": ["s3:ListBucket"],
  "s3:ListObjectVersions": ["s3:ListBucketVersions"],
  "s3:DeleteObjects": ["s3:DeleteObject", "s3:DeleteObjectVersion"],
};

function actionsOf({ service, action }: AwsCall): string[] {
  const name = `${prefixes[service] ?? service}:${action}`;
  // Everybody may ask who they are.
  if (name === "sts:GetCallerIdentity") return [];
  return renamed[name] ?? [name];
}

/** The ARN that a call is about, where rights are given for less than everything; `*` for all others. */
function resourceOf({ service, action, region, request }: AwsCall): string {
  const text = request.body.toString("utf8");
  const form = new URLSearchParams(text);
  const account = "123456789012";
  const { pathname } = new URL(request.url, "http://localhost");
  if (service === "s3") {
    const [, bucket = "", key] = /^\/([^/]+)\/?(.*)$/.exec(decodeURIComponent(pathname)) ?? [];
    return `arn:aws:s3:::${bucket}${key || /^DeleteObjects$/.test(action) ? `/${key || "x"}` : ""}`;
  }
  if (service === "sts") return form.get("RoleArn") ?? "*";
  if (service === "iam") return `arn:aws:iam::${account}:role/${form.get("RoleName") ?? ""}`;
  if (service === "route53") {
    const zone = /\/hostedzone\/(\w+)/.exec(pathname)?.[1];
    return zone === undefined ? "*" : `arn:aws:route53:::hostedzone/${zone}`;
  }
  if (service === "ssm" && text.startsWith("{")) {
    const { Name } = JSON.parse(text) as { Name?: string };
    return Name === undefined ? "*" : `arn:aws:ssm:${region}:${account}:parameter${Name}`;
  }
  return "*";
}
