import type { DeployedStackSet } from "../plan/application-plan.ts";

/** What is known of the account, the application and the environment that a template is for. */
export interface StackFacts {
  account: string;
  region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  partition: string;
  /** Where files are uploaded to. */
  artifacts: ArtifactFacts;
  /** The same in other regions that the application has environments in. */
  regionalArtifacts?: Readonly<Record<string, ArtifactFacts>>;
  /** The account of the application, where the stack is to be in another one. */
  applicationAccount?: string;
  /** The application's domain. */
  domain?: string;
  /** The id of that domain's hosted zone. */
  domainHostedZoneId?: string;
  /** The name of the policy that bounds the application's roles. */
  permissionsBoundary?: string;
  /** The application's tags, which every stack of it has. */
  tags?: Readonly<Record<string, string>>;
  /** Load balancers that services bring along, by the name or ARN that their manifests give. */
  loadBalancers?: Readonly<Record<string, LoadBalancerFacts>>;
  /** Priorities that rules have been given, by the parameter that holds them. */
  rulePriorities?: Readonly<Record<string, number>>;
  /** The parameters of the workload's stack as it is deployed; absent before its first deployment. */
  workloadParameters?: Readonly<Record<string, string>>;
  /** Where the template of the addons has been uploaded to. */
  addonsTemplateUrl?: string;
  /** The parameters of the environment's stack as it is deployed. */
  environmentParameters?: Readonly<Record<string, string>>;
  /** The output `LastForceDeployID` of the environment's stack as it is deployed. */
  lastForceDeployId?: string;
  /** ARNs of the certificates for the application's domain: that of the environment's load balancer, its copy in
   *  us-east-1 for CloudFront, and that of the TLS listeners of a service's network load balancer. */
  certificates?: { loadBalancer?: string; cdn?: string; networkLoadBalancer?: string };
  /** The list of CloudFront's own addresses, in the environment's region. */
  cloudFrontPrefixListId?: string;
  /** Certificates in us-east-1 for Static Sites, by the alias that they are for. */
  siteCertificates?: Readonly<Record<string, string>>;
  /** The ids of the subnets that a workload's manifest names by their tags. */
  placementSubnets?: readonly string[];
  /** The application's environments, for what spans several of them. */
  environments?: Readonly<Record<string, EnvironmentFacts>>;
  /** What the template of the application's stack set says of itself, as it is deployed. */
  stackSet?: DeployedStackSet;
  /** The parameters of the stack with the application's roles as it is deployed. */
  applicationParameters?: Readonly<Record<string, string>>;
  /** ARNs of connections to where code is, by their names. */
  connections?: Readonly<Record<string, string>>;
  /** The names of pipelines whose stacks bear no name but theirs: as older Copilot named them. */
  legacyPipelines?: readonly string[];
  /** The stacks that are deployed, by their names; a stack set by its own. */
  stacks?: Readonly<Record<string, DeployedStack>>;
}

/** A stack as CloudFormation tells of it. */
export interface DeployedStack {
  /** The file that its template is in; or the template. */
  template: string | { text: string };
  parameters?: Readonly<Record<string, string>>;
  tags?: Readonly<Record<string, string>>;
  outputs?: Readonly<Record<string, string>>;
  /** Physical ids by logical ID. */
  resources?: Readonly<Record<string, { id: string }>>;
}

export interface ArtifactFacts {
  bucket: string;
  kmsKeyArn: string;
}

/** What is known of an application, which may have no bucket yet. */
export type ApplicationFacts = Pick<
  StackFacts,
  | "account"
  | "applicationAccount"
  | "domain"
  | "domainHostedZoneId"
  | "permissionsBoundary"
  | "tags"
  | "environments"
  | "stackSet"
  | "applicationParameters"
  | "stacks"
> &
  Partial<Pick<StackFacts, "region" | "partition" | "rulePriorities">>;

export interface LoadBalancerFacts {
  arn: string;
  name: string;
  dnsName: string;
  hostedZoneId: string;
  securityGroups: readonly string[];
  listeners: readonly { arn: string; port: number; protocol: string }[];
}

export interface EnvironmentFacts {
  account: string;
  region: string;
  managerRoleArn: string;
  executionRoleArn: string;
}
