import { createRequire } from "node:module";

/** `[9, namespace, name, traits, input, output]`, as the clients of the SDK bring their operations along. */
export type OperationSchema = [
  9,
  string,
  string,
  { http?: [string, string, number] } | 0,
  () => StructureSchema,
  () => StructureSchema,
];

/** `[3, namespace, name, traits, members, schemas, number of required members]` */
export type StructureSchema = [3, string, string, unknown, string[], unknown[], number?];

export interface Operation {
  /** As IAM names the service: `cloudformation`, `elasticloadbalancing`. */
  service: string;
  /** `DescribeStacks` */
  action: string;
  /** Of the credentials' scope. */
  region: string;
}

export interface AwsRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Which operation a request is, whatever protocol it comes in. */
export function operationOf(request: AwsRequest): Operation {
  const scope = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(String(request.headers["authorization"] ?? ""));
  const [, region = "us-east-1", signed = "unsigned"] = scope ?? [];
  return { service: signed, region, action: actionOf(signed, request) };
}

function actionOf(service: string, { method, url, headers, body }: AwsRequest): string {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return target.split(".").at(-1) ?? target;
  const rpc = /^\/service\/[^/]+\/operation\/([^/?]+)/.exec(url)?.[1];
  if (rpc !== undefined) return rpc;
  const type = String(headers["content-type"] ?? "");
  if (type.startsWith("application/x-www-form-urlencoded")) {
    const action = new URLSearchParams(body.toString("utf8")).get("Action");
    if (action !== null) return action;
  }
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const fits = operationsOf(service).filter(([, , , traits, input]) => {
    const [verb, uri] = (traits !== 0 ? traits.http : undefined) ?? [];
    // Buckets stand first in the path where the host is an address.
    const bucket = service === "s3" && input()[4].includes("Bucket") ? "/{Bucket}" : "";
    return uri !== undefined && verb === method && fit(bucket + uri, pathname, searchParams, headers);
  });
  return fits.toSorted((a, b) => literals(b) - literals(a))[0]?.[2] ?? `${method} ${pathname}`;
}

/** The more of an address is fixed, the better it says which operation it is. */
function literals([, , , traits]: OperationSchema): number {
  return ((traits !== 0 && traits.http?.[1]) || "").replace(/\{[^}]*\}/g, "").length;
}

function fit(uri: string, pathname: string, query: URLSearchParams, headers: AwsRequest["headers"]): boolean {
  const [path = "", fixed = ""] = uri.split("?");
  const pattern = path.replace(/\{\w+\+\}/g, ".+").replace(/\{\w+\}/g, "[^/]+");
  if (!new RegExp(`^${pattern.replace(/\/$/, "")}/?$`).test(pathname)) return false;
  return [...new URLSearchParams(fixed)].every(([key, value]) =>
    key === "x-id" ? (query.get("x-id") ?? value) === value && !headers["x-amz-copy-source"] : query.has(key),
  );
}

/** The packages of the SDK by the name that requests are signed with, where it is another one. */
const packages: Record<string, string> = {
  "application-autoscaling": "application-auto-scaling",
  elasticfilesystem: "efs",
  elasticloadbalancing: "elastic-load-balancing-v2",
  logs: "cloudwatch-logs",
  monitoring: "cloudwatch",
  route53: "route-53",
  secretsmanager: "secrets-manager",
  servicequotas: "service-quotas",
  states: "sfn",
  tagging: "resource-groups-tagging-api",
};

const require = createRequire(import.meta.url);
const known = new Map<string, OperationSchema[]>();

/** All operations of a service that the SDK's client knows; none for a service that we have no client of. */
export function operationsOf(service: string): OperationSchema[] {
  const found = known.get(service) ?? load(packages[service] ?? service);
  known.set(service, found);
  return found;
}

function load(name: string): OperationSchema[] {
  let exported: Record<string, unknown>;
  try {
    exported = require(`@aws-sdk/client-${name}`) as Record<string, unknown>;
  } catch {
    return [];
  }
  return Object.values(exported).filter((each): each is OperationSchema => Array.isArray(each) && each[0] === 9);
}
