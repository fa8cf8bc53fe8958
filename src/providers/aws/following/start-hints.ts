import { shellWord } from "../../../errors.ts";
import type { WorkloadRef } from "../../provider.ts";

/** What ECS says when a task's network leads nowhere. Source: Amazon ECS Developer Guide, "Resolve Amazon ECS stopped task
 *  errors": CannotPullContainerError, ResourceInitializationError. */
const noWayOut = /i\/o timeout|context deadline exceeded|connection timed? ?out|request canceled while waiting/;

const wayOut =
  "the task's subnets have no way to AWS: place it into public ones (network.vpc.placement), or give the environment NAT gateways or VPC endpoints";

/** What to do when a task could not get its secrets or its environment files; undefined when the reason tells nothing. */
export function valuesHint(reason: string, { app, env }: WorkloadRef): string | undefined {
  if (noWayOut.test(reason)) return wayOut;
  const parameters = /invalid (?:ssm )?parameters: (\S+)/.exec(reason)?.[1]?.split(",") ?? [];
  const [first] = parameters.map((name) => name.replace(/^arn:[^/]*:parameter/, ""));
  const own = first === undefined ? null : /^\/copilot\/([^/]+)\/[^/]+\/secrets\/(.+)$/.exec(first);
  if (own !== null) return `pilotfish secret init -a ${shellWord(own[1] ?? app)} -n ${shellWord(own[2] ?? "")}`;
  if (first !== undefined) return `aws ssm get-parameter --name ${shellWord(first)}    (the parameter is not there)`;
  const secret = /secret (arn:\S+?)[:,]? /.exec(reason)?.[1];
  if (/AccessDenied|not authorized/.test(reason))
    return `the execution role may read what is tagged for this environment alone: give it the tags copilot-application=${app} and copilot-environment=${env}`;
  if (/ResourceNotFound/.test(reason) && secret !== undefined)
    return `aws secretsmanager describe-secret --secret-id ${shellWord(secret)}    (the secret, or the version that is named, is not there)`;
  if (/json key|did not contain/.test(reason))
    return "the secret's value is no JSON object with the key that the manifest names";
  if (/env ?files?|s3/i.test(reason))
    return "the environment file cannot be read from its bucket: deploy again, which uploads it";
  return undefined;
}

/** What to do when an image could not be pulled. */
export function pullHint(reason: string, image: string): string {
  if (noWayOut.test(reason)) return wayOut;
  if (/matching platform|platform '/.test(reason))
    return "the image is for another processor: build it for the platform that the manifest asks for";
  if (/toomanyrequests|rate limit/i.test(reason))
    return "Docker Hub takes no more pulls without a login for now: take the image from public.ecr.aws, or give image.credentials";
  return `docker pull ${image}    (says whether the image exists and whether you may read it)`;
}
