const domains = [
  String.raw`amazonaws\.com(\.cn)?`,
  String.raw`amazonaws\.eu`,
  String.raw`on\.(aws|amazonwebservices\.com\.cn)`,
  String.raw`c2s\.ic\.gov`,
  String.raw`sc2s\.sgov\.gov`,
  String.raw`cloud\.adc-e\.uk`,
  String.raw`csp\.hci\.ic\.gov`,
];
const privateHost = new RegExp(String.raw`^\d{12}\.dkr[.-]ecr(-fips)?\.(?<region>[a-z0-9-]+)\.(${domains.join("|")})$`);
const publicHosts = ["public.ecr.aws", "ecr-public.aws.com"];

/** Which registry of ECR a host is; undefined when it is none. Source: AWS General Reference, "Amazon ECR endpoints and
 *  quotas", and the endpoints of AWS's partitions. */
export function ecrRegistry(host: string): { region: string } | "public" | undefined {
  if (publicHosts.includes(host)) return "public";
  const region = privateHost.exec(host)?.groups?.["region"];
  return region === undefined ? undefined : { region };
}

/** The registry in an image's name, as Docker reads it: what stands before the first slash, when it looks like a host;
 *  undefined means Docker Hub. Source: distribution/reference. */
export function registryOf(reference: string): string | undefined {
  const slash = reference.indexOf("/");
  const first = reference.slice(0, Math.max(slash, 0));
  return /[.:]/.test(first) || first === "localhost" ? first : undefined;
}
