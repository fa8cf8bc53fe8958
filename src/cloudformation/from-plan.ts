import { isLater } from "../plan/is-later.ts";
import type { EnvironmentOutput, KnownLater, Later, LaterRef } from "../plan/later.ts";
import { addonOutput } from "./addons-stack.ts";
import { escaped, getAtt, importEnvironment, importValue, join, ref, sub, subWith } from "./intrinsics.ts";
import type { Value } from "./template.ts";

/** How references of one workload's plan stand in its template. */
export interface References {
  /** The parameter with the image of this container, or the image itself. */
  image(container: string): Value;
  /** The parameter with the ARN of this container's environment file. */
  envFile(container: string): Value;
  /** The topic of this name. */
  topic(name: string): Value;
  /** The URL of the queue with this key. */
  queue(key: string): Value;
  /** What is known of the load balancer that the service brings along. */
  loadBalancerDnsName(name: string): Value;
  subnets(tags: Readonly<Record<string, readonly string[]>>): Value;
}

/** The plan's value as CloudFormation has it: AWS's request shapes with a capital letter in front of each member, and
 *  references as intrinsic functions. */
export function fromPlan(value: unknown, references: References): Value {
  return convert(value, references, false);
}

/** Members whose maps have the user's keys. */
const userKeyed = new Set(["dockerLabels", "options", "labels", "driverOpts", "StringEquals"]);

/** Where CloudFormation spells a member in another way than the service's own API. */
const renamed: Readonly<Record<string, string>> = {
  efsVolumeConfiguration: "EFSVolumeConfiguration",
  fileSystemId: "FilesystemId",
  iam: "IAM",
};

function convert(value: unknown, references: References, keepsKeys: boolean): Value {
  if (Array.isArray(value)) return value.map((item) => convert(item, references, false));
  if (typeof value !== "object" || value === null) return value as Value;
  if (!keepsKeys && isLater(value)) return referenceTo(value, references);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [
        keepsKeys ? key : (renamed[key] ?? capitalised(key)),
        convert(item, references, userKeyed.has(key) && !keepsKeys),
      ]),
  );
}

function capitalised(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}

/** A reference as an intrinsic function. Texts that are put together are one `Fn::Sub` where CloudFormation allows it. */
function referenceTo(later: Later, references: References): Value {
  if (!("join" in later)) return known(later, references);
  const all = flat(later);
  if (all.some(isQueue)) return textWithQueues(all, references);
  const parts = all.map((part) => (typeof part === "string" ? part : known(part, references)));
  if (parts.every((part) => typeof part === "string")) return parts.join("");
  const pieces = parts.map(subPiece);
  if (pieces.every((piece) => piece !== undefined)) return sub(pieces.join(""));
  const path = pieces.slice(0, -1).every((piece) => piece !== undefined) ? pieces.slice(0, -1).join("") : "";
  // What another stack exports ends a path.
  return path.endsWith("/") ? join("/", [sub(path.slice(0, -1)), parts.at(-1) ?? ""]) : join("", parts);
}

function isQueue(part: string | KnownLater): part is { queue: string } {
  return typeof part === "object" && "queue" in part;
}

/** A text in which queues have names of their own, as Copilot writes it. */
function textWithQueues(parts: readonly (string | KnownLater)[], references: References): Value {
  const names: Record<string, Value> = {};
  const pieces = parts.map((part) => {
    if (!isQueue(part)) return subPiece(typeof part === "string" ? part : known(part, references)) ?? "";
    const name = `${part.queue.replace(/EventsQueue$/, "")}URL`;
    names[name] = known(part, references);
    return `\${${name}}`;
  });
  return subWith(pieces.join(""), names);
}

function flat(later: Later): (string | KnownLater)[] {
  if (!("join" in later)) return [later];
  return later.join.flatMap((part) => (typeof part === "string" ? [part] : flat(part)));
}

function subPiece(part: Value): string | undefined {
  if (typeof part === "string") return escaped(part);
  if (typeof part !== "object" || Array.isArray(part)) return undefined;
  if (typeof part["Ref"] === "string") return `\${${part["Ref"]}}`;
  if (Array.isArray(part["Fn::GetAtt"])) return `\${${part["Fn::GetAtt"].join(".")}}`;
  return undefined;
}

const refs: Record<LaterRef, Value> = {
  "execution-role": getAtt("ExecutionRole.Arn"),
  "task-role": getAtt("TaskRole.Arn"),
  "log-group": ref("LogGroup"),
  partition: ref("AWS::Partition"),
  region: ref("AWS::Region"),
  account: ref("AWS::AccountId"),
  "artifact-bucket": ref("ArtifactBucket"),
  "artifact-key": ref("ArtifactKeyARN"),
  "access-point": ref("AccessPoint"),
  "access-point-arn": getAtt("AccessPoint.Arn"),
};

/** The environment's exports under other names than its outputs' in the plan. */
const exportNames: Partial<Record<EnvironmentOutput, string>> = {
  PublicLoadBalancerDNSName: "PublicLoadBalancerDNS",
  InternalLoadBalancerDNSName: "InternalLoadBalancerDNS",
  ManagedFileSystemID: "FilesystemID",
};

function known(later: KnownLater, references: References): Value {
  if ("ref" in later) return refs[later.ref];
  if ("image" in later) return references.image(later.image);
  if ("env" in later) return importEnvironment(exportNames[later.env] ?? later.env);
  if ("import" in later) return importValue(later.import);
  if ("envFile" in later) return references.envFile(later.envFile);
  if ("topic" in later) return references.topic(later.topic);
  if ("queue" in later) return references.queue(later.queue);
  if ("loadBalancer" in later) return references.loadBalancerDnsName(later.loadBalancer);
  if ("addon" in later) return addonOutput(later.addon);
  return references.subnets(later.subnetsWithTags);
}
