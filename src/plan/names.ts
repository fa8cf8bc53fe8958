/** The name of the workload's stack, and of what is named after it. CloudFormation takes 128 characters. */
export function stackName(app: string, env: string, name: string): string {
  return `${app}-${env}-${name}`.slice(0, 128);
}

/** The names that services of an environment find each other under end in this. A namespace cannot change its name, and stacks
 *  from before there was a parameter for it have one for the whole application.
 *  @param deployed the parameters of the environment's stack as it is */
export function discoveryNamespace(app: string, env: string, deployed: Readonly<Record<string, string>> = {}): string {
  // The stack that an environment begins with has no namespace yet, nor any of these.
  const isDeployed = ["ALBWorkloads", "IncludePublicLoadBalancer"].some((name) => deployed[name] !== undefined);
  return deployed["ServiceDiscoveryEndpoint"] ?? (isDeployed ? `${app}.local` : `${env}.${app}.local`);
}

/** The name of an alarm that rolls back deployments; of 255 characters at most, with the parts cut to one length. */
export function alarmName(app: string, env: string, name: string, suffix: string): string {
  const whole = [app, env, name, suffix].join("-");
  if (whole.length <= 255) return whole;
  const each = Math.floor((255 - suffix.length - 3) / 3);
  return [app.slice(0, each), env.slice(0, each), name.slice(0, each), suffix].join("-");
}

/** The order that Copilot renders maps in: by bytes. */
export function sortedEntries<T>(map: Readonly<Record<string, T>> | undefined): [string, T][] {
  return Object.entries(map ?? {}).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
