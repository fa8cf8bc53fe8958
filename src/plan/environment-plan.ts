import {
  cdnOf,
  certificatesOf,
  hasCdn,
  networkKind,
  opensInternalLoadBalancer,
  restrictsToCdn,
  subnetsOf,
  type Tier,
} from "../manifest/environment-facts.ts";
import type { EnvironmentManifest } from "../manifest/load-environment.ts";
import { parsePortRange } from "../manifest/port-range.ts";

/** Everything that an environment is, with Copilot's defaults. What it makes of it depends on what its workloads need. */
export interface EnvironmentPlan {
  app: string;
  env: string;
  network: ImportedNetwork | OwnNetwork;
  securityGroup: { ingress: SecurityGroupRule[]; egress: SecurityGroupRule[] };
  /** Absent: no flow logs. */
  flowLogsRetentionDays?: number;
  cdn?: CdnPlan;
  publicLoadBalancer: PublicLoadBalancerPlan;
  internalLoadBalancer: InternalLoadBalancerPlan;
  containerInsights: boolean;
}

/** A VPC that exists, with the ids of its subnets. */
export interface ImportedNetwork {
  vpcId: string;
  publicSubnets: string[];
  privateSubnets: string[];
}

/** A VPC to be made. The i-th public and the i-th private subnet share an availability zone. */
export interface OwnNetwork {
  cidr: string;
  publicSubnets: OwnSubnet[];
  privateSubnets: OwnSubnet[];
}

export interface OwnSubnet {
  cidr: string;
  /** Absent: the region's zone with the number of the subnet. */
  availabilityZone?: string;
}

export interface SecurityGroupRule {
  protocol: string;
  fromPort: number;
  toPort: number;
  cidr: string;
}

export interface CdnPlan {
  /** Absent: the one of the application's domain, if there is one. */
  certificate?: string;
  terminatesTls: boolean;
  staticAssets?: { alias: string; location: string; path: string };
}

export interface PublicLoadBalancerPlan {
  certificates: string[];
  sslPolicy?: string;
  /** Without a bucket one is made. */
  accessLogs?: { bucket?: string; prefix?: string };
  /** Whether the addresses of CloudFront may reach it. */
  fromCdn: boolean;
  /** The ranges of addresses that may reach it; everybody when empty and not `fromCdn`. */
  sourceRanges: string[];
}

export interface InternalLoadBalancerPlan {
  certificates: string[];
  sslPolicy?: string;
  /** Empty: the private ones. */
  subnets: string[];
  /** Whether more than the environment's own services may reach it. */
  open: boolean;
}

export interface EnvironmentToPlan {
  /** Checked: it has no errors left. */
  manifest: EnvironmentManifest;
  app: string;
  env: string;
}

export function planEnvironment({ manifest: given, app, env }: EnvironmentToPlan): EnvironmentPlan {
  const { vpc } = given.network ?? {};
  const { public: open, private: internal } = given.http ?? {};
  return {
    app,
    env,
    network: network(given),
    securityGroup: {
      ingress: (vpc?.security_group?.ingress ?? []).map(securityGroupRule),
      egress: (vpc?.security_group?.egress ?? []).map(securityGroupRule),
    },
    ...flowLogs(given),
    ...(hasCdn(given) && { cdn: cdn(given) }),
    publicLoadBalancer: {
      certificates: certificatesOf(given, "public"),
      ...(open?.ssl_policy !== undefined && { sslPolicy: open.ssl_policy }),
      ...accessLogs(given),
      fromCdn: restrictsToCdn(given),
      sourceRanges: open?.ingress?.source_ips ?? [],
    },
    internalLoadBalancer: {
      certificates: certificatesOf(given, "private"),
      ...(internal?.ssl_policy !== undefined && { sslPolicy: internal.ssl_policy }),
      subnets: [...new Set(internal?.subnets ?? [])],
      open: opensInternalLoadBalancer(given),
    },
    containerInsights: given.observability?.container_insights ?? false,
  };
}

/** Whether services behind the environment's load balancers are reached with HTTPS. */
export function listensWithHttps(
  { publicLoadBalancer, internalLoadBalancer }: EnvironmentPlan,
  domain: string | undefined,
): { public: boolean; internal: boolean } {
  return {
    public: domain !== undefined || publicLoadBalancer.certificates.length > 0,
    internal: internalLoadBalancer.certificates.length > 0,
  };
}

const defaultNetwork: OwnNetwork = {
  cidr: "10.0.0.0/16",
  publicSubnets: [{ cidr: "10.0.0.0/24" }, { cidr: "10.0.1.0/24" }],
  privateSubnets: [{ cidr: "10.0.2.0/24" }, { cidr: "10.0.3.0/24" }],
};

function network(manifest: EnvironmentManifest): ImportedNetwork | OwnNetwork {
  const { id: vpcId = "", cidr = "" } = manifest.network?.vpc ?? {};
  const kind = networkKind(manifest);
  if (kind === "imported")
    return { vpcId, publicSubnets: ids(manifest, "public"), privateSubnets: ids(manifest, "private") };
  if (kind === "default") return defaultNetwork;
  return { cidr, publicSubnets: ownSubnets(manifest, "public"), privateSubnets: ownSubnets(manifest, "private") };
}

function ids(manifest: EnvironmentManifest, tier: Tier): string[] {
  return subnetsOf(manifest, tier).flatMap(({ id }) => id ?? []);
}

/** By availability zone, so that public and private ones stand in pairs. */
function ownSubnets(manifest: EnvironmentManifest, tier: Tier): OwnSubnet[] {
  return subnetsOf(manifest, tier)
    .map(({ cidr = "", az }) => ({ cidr, ...(az !== undefined && { availabilityZone: az }) }))
    .toSorted((a, b) => compare(a.availabilityZone, b.availabilityZone));
}

function compare(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type VpcManifest = NonNullable<NonNullable<EnvironmentManifest["network"]>["vpc"]>;
type RuleManifest = NonNullable<NonNullable<VpcManifest["security_group"]>["ingress"]>[number];

function securityGroupRule({ ip_protocol: protocol, ports, cidr }: RuleManifest): SecurityGroupRule {
  const { from = -1, to = -1 } = parsePortRange(ports) ?? {};
  return { protocol, fromPort: from, toPort: to, cidr };
}

function flowLogs({ network: given }: EnvironmentManifest): Pick<EnvironmentPlan, "flowLogsRetentionDays"> {
  const logs = given?.vpc?.flow_logs;
  const isOff = logs === undefined || logs === false || (typeof logs === "object" && logs.retention === undefined);
  if (isOff) return {};
  return { flowLogsRetentionDays: (typeof logs === "object" ? logs.retention : undefined) ?? 14 };
}

function cdn(manifest: EnvironmentManifest): CdnPlan {
  const { certificate, terminate_tls: terminatesTls = false, static_assets: assets } = cdnOf(manifest);
  const { alias = "", location = "", path = "" } = assets ?? {};
  return {
    ...(certificate !== undefined && { certificate }),
    terminatesTls,
    ...(assets !== undefined && { staticAssets: { alias, location, path } }),
  };
}

function accessLogs({ http }: EnvironmentManifest): Pick<PublicLoadBalancerPlan, "accessLogs"> {
  const logs = http?.public?.access_logs;
  if (logs === true) return { accessLogs: {} };
  if (typeof logs !== "object" || Object.keys(logs).length === 0) return {};
  const { bucket_name: bucket, prefix } = logs;
  return { accessLogs: { ...(bucket !== undefined && { bucket }), ...(prefix !== undefined && { prefix }) } };
}
