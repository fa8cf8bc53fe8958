import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import * as z from "zod/mini";
import type { ApplicationFacts, StackFacts } from "../cloudformation/facts.ts";
import { type Diagnostic, UserError } from "../errors.ts";
import { nearest } from "../manifest/spelling.ts";
import { quoted } from "../manifest/words.ts";
import { whyUnreadable } from "../workspace/why-unreadable.ts";

export type { ApplicationFacts, StackFacts } from "../cloudformation/facts.ts";

const text = () => z.string().check(z.minLength(1, "must not be empty"));

const loadBalancer = z.object({
  arn: text(),
  name: text(),
  dnsName: text(),
  hostedZoneId: text(),
  securityGroups: z.array(text()),
  listeners: z.array(z.object({ arn: text(), port: z.int(), protocol: text() })),
});

const artifacts = z.object({ bucket: text(), kmsKeyArn: text() });

const environment = z.object({
  account: text(),
  region: text(),
  managerRoleArn: text(),
  executionRoleArn: text(),
});

const stackSet = z.object({
  version: z.int(),
  accounts: z.array(text()),
  workloads: z.array(z.object({ name: text(), withECR: z.boolean() })),
});

const texts = () => z.record(z.string(), z.string());

const deployedStack = z.object({
  template: text(),
  parameters: z.optional(texts()),
  tags: z.optional(texts()),
  outputs: z.optional(texts()),
  resources: z.optional(z.record(z.string(), z.object({ id: text() }))),
});

const facts = z.object({
  account: text(),
  region: text(),
  partition: z.optional(text()),
  artifacts,
  applicationAccount: z.optional(text()),
  regionalArtifacts: z.optional(z.record(z.string(), artifacts)),
  domain: z.optional(text()),
  domainHostedZoneId: z.optional(text()),
  permissionsBoundary: z.optional(text()),
  tags: z.optional(z.record(z.string(), z.string())),
  loadBalancers: z.optional(z.record(z.string(), loadBalancer)),
  rulePriorities: z.optional(z.record(z.string(), z.int())),
  workloadParameters: z.optional(z.record(z.string(), z.string())),
  addonsTemplateUrl: z.optional(text()),
  environmentParameters: z.optional(z.record(z.string(), z.string())),
  lastForceDeployId: z.optional(z.string()),
  certificates: z.optional(
    z.object({ loadBalancer: z.optional(text()), cdn: z.optional(text()), networkLoadBalancer: z.optional(text()) }),
  ),
  cloudFrontPrefixListId: z.optional(text()),
  siteCertificates: z.optional(z.record(z.string(), text())),
  placementSubnets: z.optional(z.array(text())),
  environments: z.optional(z.record(z.string(), environment)),
  connections: z.optional(z.record(z.string(), text())),
  legacyPipelines: z.optional(z.array(text())),
  stackSet: z.optional(stackSet),
  applicationParameters: z.optional(z.record(z.string(), z.string())),
  stacks: z.optional(z.record(z.string(), deployedStack)),
});

const applicationFacts = z.pick(facts, {
  account: true,
  environmentParameters: true,
  applicationAccount: true,
  domain: true,
  domainHostedZoneId: true,
  permissionsBoundary: true,
  tags: true,
  environments: true,
  stackSet: true,
  applicationParameters: true,
  stacks: true,
});

/** Is told of what has no effect. */
export type Tell = (warnings: Diagnostic[]) => void;

/** Reads what is known of the account and the environment from a file, so that AWS need not be asked.
 *  @throws UserError facts/invalid */
export async function readFacts(file: string, cwd: string, tell?: Tell): Promise<StackFacts> {
  const { partition = "aws", ...rest } = await read(file, cwd, facts, tell);
  return { partition, ...rest, ...domainOf(rest), ...stacksOf(rest, file) };
}

/** Reads what is known of the application from the same kind of file. @throws UserError facts/invalid */
export async function readApplicationFacts(file: string, cwd: string, tell?: Tell): Promise<ApplicationFacts> {
  const given = await read(file, cwd, applicationFacts, tell);
  return { ...given, ...domainOf(given), ...stacksOf(given, file) };
}

/** An environment's stack says what the application's domain is. */
function domainOf({ domain, environmentParameters }: Pick<StackFacts, "domain" | "environmentParameters">) {
  const known = domain ?? (environmentParameters?.["AppDNSName"] || undefined);
  return known === undefined ? {} : { domain: known };
}

/** The files of templates are named from where the facts are. */
function stacksOf(
  { stacks }: { stacks?: Record<string, z.infer<typeof deployedStack>> | undefined },
  file: string,
): Pick<StackFacts, "stacks"> {
  if (stacks === undefined) return {};
  const there = Object.entries(stacks).map(([name, stack]) => [
    name,
    { ...stack, template: isAbsolute(stack.template) ? stack.template : join(dirname(file), stack.template) },
  ]);
  return { stacks: Object.fromEntries(there) };
}

async function read<S extends z.ZodMiniType>(
  file: string,
  cwd: string,
  schema: S,
  tell: Tell = () => {},
): Promise<z.infer<S>> {
  const invalid = (message: string, cause?: unknown) =>
    new UserError("facts/invalid", message, { place: { file }, hint: "docs/facts.md says what it holds", cause });
  const content = await readFile(resolve(cwd, file), "utf8").catch((error: unknown) => {
    throw invalid(whyUnreadable(error), error);
  });
  let given: unknown;
  try {
    given = JSON.parse(content.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw invalid(`this is no JSON: ${(error as Error).message}`, error);
  }
  const result = z.safeParse(schema, given);
  if (!result.success) {
    const problems = result.error.issues.map((issue) =>
      issue.path.length === 0 ? "facts are an object" : `${issue.path.map(String).join(".")}: ${words(issue)}`,
    );
    throw new UserError("facts/invalid", problems[0] ?? "this is not the shape of facts", {
      place: { file },
      details: problems.slice(1),
      hint: "docs/facts.md says what it holds, and where to find it",
    });
  }
  // What other commands read is no mistake.
  const unknown = leftOut(given, result.data).filter(
    ([first = "", ...more]) => more.length > 0 || !members.includes(first),
  );
  if (unknown.length > 0) tell(unknown.map((path) => withoutEffect(path, file, content)));
  return bare(result.data);
}

/** The same, with maps that have nothing but their members: no environment is called `constructor` unless it is there. */
function bare<T>(value: T): T {
  if (!isObject(value)) return value;
  for (const inner of Object.values(value)) bare(inner);
  return Array.isArray(value) ? value : Object.setPrototypeOf(value, null);
}

const members = Object.keys(facts.shape);

/** The paths of what was given that reading it leaves out. */
function leftOut(given: unknown, taken: unknown, path: string[] = []): string[][] {
  if (!isObject(given) || !isObject(taken)) return [];
  return Object.entries(given).flatMap(([name, value]) =>
    Object.hasOwn(taken, name) ? leftOut(value, taken[name], [...path, name]) : [[...path, name]],
  );
}

function withoutEffect(path: readonly string[], file: string, content: string): Diagnostic {
  const name = path.at(-1) ?? "";
  const meant = path.length === 1 ? nearest(name, members) : undefined;
  const [before = "", ...others] = content.split(`${JSON.stringify(name)}:`);
  const lines = others.length === 1 ? before.split("\n") : [""];
  return {
    severity: "warning",
    code: "facts/unknown-member",
    message: `facts have no ${quoted(path.join("."))}: it has no effect`,
    hint: meant === undefined ? "docs/facts.md lists all members" : `did you mean \`${meant}\`?`,
    file,
    line: lines.length,
    column: (lines.at(-1) ?? "").length + 1,
    path: path.join("."),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The library's own words depend on which of its parts are loaded. */
function words(issue: z.core.$ZodIssue): string {
  return issue.code === "invalid_type" ? `must be there, and of the type ${issue.expected}` : issue.message;
}
