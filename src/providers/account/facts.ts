import type { ApplicationFacts, StackFacts } from "../../cloudformation/facts.ts";
import type { EnvironmentRecord } from "./records.ts";

/** What AWS knows and a template needs, asked for once and in the shape of `--facts`. */
export interface Facts {
  /** Of an application; undefined when there is none. */
  ofApplication(app: string): Promise<ApplicationFacts | undefined>;
  /** Of an environment, and of a workload's stack in it.
   *  @throws UserError application/not-found, environment/not-found, aws/* */
  ofEnvironment(request: FactsRequest): Promise<GatheredFacts>;
}

export interface FactsRequest {
  app: string;
  env: string;
  workload?: string;
  /** Load balancers that manifests name: names or ARNs. */
  loadBalancers?: readonly string[];
}

export interface GatheredFacts {
  facts: StackFacts;
  environment: EnvironmentRecord;
}
