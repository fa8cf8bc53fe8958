import type { ApplicationFacts, ArtifactFacts, StackFacts } from "../../cloudformation/facts.ts";
import type { ApplicationRecord, EnvironmentRecord, WorkloadRecord } from "./records.ts";
import type { StackDescription } from "./stacks.ts";

/** What AWS knows and a template needs, asked for once and in the shape of `--facts`. */
export interface Facts {
  /** Of an application; undefined when there is none. */
  ofApplication(app: string, options?: WithTemplates): Promise<ApplicationFacts | undefined>;
  /** Of an environment, and of a workload's stack in it.
   *  @throws UserError application/not-found, environment/not-found; environment/not-deployed for a workload; aws/* */
  ofEnvironment(request: FactsRequest): Promise<GatheredFacts>;
  /** Where the application keeps files in a region. @throws UserError application/not-found when it has no stack there */
  artifacts(app: string, region: string): Promise<ArtifactFacts>;
  /** Of what spans the application's environments, for a stack beside them in its own account and region: a pipeline.
   *  @throws UserError application/not-found, aws/* */
  ofPipeline(request: PipelineFactsRequest): Promise<StackFacts>;
}

export interface WithTemplates {
  /** Tell of the deployed stacks as well, with their templates: a comparison needs them. */
  withTemplates?: boolean;
}

export interface FactsRequest extends WithTemplates {
  app: string;
  env: string;
  workload?: string;
  /** Load balancers that manifests name: names or ARNs. */
  loadBalancers?: readonly string[];
  /** The listener rules that the workload is to have. */
  rules?: RulesToPlace;
  /** Tags that the workload's subnets are found by, each with the values that it may have. */
  subnetTags?: Readonly<Record<string, readonly string[]>>;
  /** Whether the environment lets in CloudFront's own addresses. */
  cloudFrontPrefixList?: boolean;
}

/** Rules of listeners, each with a priority for each listener. */
export interface RulesToPlace {
  /** Of the environment; or the name or ARN of another one. */
  loadBalancer: "public" | "internal" | { name: string };
  /** Whether the environment's manifest names certificates for it. */
  certificates: boolean;
  /** Of each rule, in their order: whether it catches all that no other one does. */
  bands: readonly ("root" | "path")[];
}

export interface PipelineFactsRequest extends WithTemplates {
  app: string;
  pipeline: string;
}

export interface GatheredFacts {
  facts: StackFacts;
  application: ApplicationRecord;
  environment: EnvironmentRecord;
  /** Absent while the workload is not registered. */
  workload?: WorkloadRecord;
  /** As they are; absent before their first deployment. */
  environmentStack?: StackDescription;
  workloadStack?: StackDescription;
}
