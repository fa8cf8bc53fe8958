import type { NewEnvironmentOptions } from "../../actions/write-environment-manifest.ts";
import { UserError } from "../../errors.ts";
import { shellLine } from "../command-line.ts";
import type { Context } from "../context.ts";
import { list, text, toggle } from "../flags.ts";

/** The flags that say what a new environment is to be; they end up in its manifest. */
export const newEnvironmentFlags = {
  prod: toggle({ name: "prod", description: "Has no effect; for Copilot's sake." }),
  containerInsights: toggle({ name: "container-insights", description: "Metrics of every task and container." }),
  importVpcId: text({ name: "import-vpc-id", value: "ID", description: "VPC that exists." }),
  importPublicSubnets: list({
    name: "import-public-subnets",
    value: "IDS",
    description: "Its public subnets, two or more.",
  }),
  importPrivateSubnets: list({
    name: "import-private-subnets",
    value: "IDS",
    description: "Its private subnets, two or more.",
  }),
  importCertArns: list({
    name: "import-cert-arns",
    value: "ARNS",
    description: "Certificates of ACM for the load balancer.",
  }),
  overrideVpcCidr: text({
    name: "override-vpc-cidr",
    value: "CIDR",
    description: "Addresses of the VPC that is made.",
  }),
  overrideAzNames: list({ name: "override-az-names", value: "ZONES", description: "Availability Zones, two or more." }),
  overridePublicCidrs: list({ name: "override-public-cidrs", value: "CIDRS", description: "Of the public subnets." }),
  overridePrivateCidrs: list({
    name: "override-private-cidrs",
    value: "CIDRS",
    description: "Of the private subnets.",
  }),
  internalAlbSubnets: list({
    name: "internal-alb-subnets",
    value: "IDS",
    description: "Subnets of the VPC that exists, for the internal load balancer.",
  }),
  internalAlbAllowVpcIngress: toggle({
    name: "internal-alb-allow-vpc-ingress",
    description: "Let more than the environment's own services reach the internal load balancer.",
  }),
  defaultConfig: toggle({ name: "default-config", description: "As it is by default, without questions." }),
};

export interface NewEnvironmentInput {
  containerInsights: boolean;
  importVpcId?: string;
  importPublicSubnets?: string[];
  importPrivateSubnets?: string[];
  importCertArns?: string[];
  overrideVpcCidr?: string;
  overrideAzNames?: string[];
  overridePublicCidrs?: string[];
  overridePrivateCidrs?: string[];
  internalAlbSubnets?: string[];
  internalAlbAllowVpcIngress: boolean;
  defaultConfig: boolean;
}

/** @throws UserError usage/invalid-flag, usage/missing-input */
export function newEnvironmentOptions(input: NewEnvironmentInput, context: Context): NewEnvironmentOptions {
  const { importVpcId: id, importPublicSubnets = [], importPrivateSubnets = [] } = input;
  const { overrideVpcCidr, overrideAzNames = [], overridePublicCidrs = [], overridePrivateCidrs = [] } = input;
  const { importCertArns = [], internalAlbSubnets = [] } = input;
  const imports = id !== undefined || importPublicSubnets.length + importPrivateSubnets.length > 0;
  const adjusts =
    overrideVpcCidr !== undefined ||
    overrideAzNames.length + overridePublicCidrs.length + overridePrivateCidrs.length > 0;
  const refuse = (message: string) => new UserError("usage/invalid-flag", message, { hint: "leave one of them out" });
  if (imports && adjusts) throw refuse("flags that import a VPC and flags that adjust a new one exclude each other");
  if (input.defaultConfig && (imports || adjusts || internalAlbSubnets.length > 0))
    throw refuse("--default-config excludes flags that say how the network is");
  if (internalAlbSubnets.length > 0 && !imports) throw refuse("--internal-alb-subnets needs a VPC that is imported");
  if (imports && id === undefined)
    throw new UserError("usage/missing-input", "--import-vpc-id is needed: the VPC that the subnets are in", {
      hint: shellLine([...context.commandLine, "--import-vpc-id", "vpc-0123456789abcdef0"]),
    });
  const alone = {
    "--import-public-subnets": importPublicSubnets,
    "--import-private-subnets": importPrivateSubnets,
    "--override-az-names": overrideAzNames,
  };
  for (const [flag, values] of Object.entries(alone))
    if (values.length === 1)
      throw new UserError(
        "usage/invalid-flag",
        `${flag} needs two or more: a load balancer is in two Availability Zones`,
        {
          hint: "name another one behind a comma",
        },
      );
  return {
    containerInsights: input.containerInsights,
    ...(id !== undefined && {
      importVpc: { id, publicSubnets: importPublicSubnets, privateSubnets: importPrivateSubnets },
    }),
    ...(importCertArns.length > 0 && { certificates: importCertArns }),
    ...(adjusts && {
      adjustVpc: {
        ...(overrideVpcCidr !== undefined && { cidr: overrideVpcCidr }),
        zones: overrideAzNames,
        publicCidrs: overridePublicCidrs,
        privateCidrs: overridePrivateCidrs,
      },
    }),
    ...(internalAlbSubnets.length > 0 && { internalSubnets: internalAlbSubnets }),
    ...(input.internalAlbAllowVpcIngress && { internalFromVpc: true }),
  };
}
