/** ARNs for messages. Account 000000000000 and region `local` are the simulator's. */

/** @param serviceId `app/env/name` */
export function taskArn(serviceId: string, task: string): string {
  const [app, env] = serviceId.split("/");
  return `arn:aws:ecs:local:000000000000:task/${app}-${env}/${task}`;
}

/** In the form of a target group's ARN.
 *  @param id `app/env/name/key` */
export function targetGroupArn(id: string): string {
  const name = id.replaceAll(/[^A-Za-z0-9]+/g, "-").slice(0, 32);
  return `arn:aws:elasticloadbalancing:local:000000000000:targetgroup/${name}/${fingerprint(id)}`;
}

/** The id of a workload's target group. */
export function targetGroupId(serviceId: string, key: string): string {
  return `${serviceId}/${key}`;
}

/** 16 hex digits: FNV-1a over 64 bits. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}
