import type { WorkloadRef } from "../provider.ts";
import type { ArtifactPlace } from "./artifacts.ts";

/** What deploys of workloads have left behind, in the application's bucket: enough to deploy a former one again without
 *  building anything. */
export interface History {
  /** Keeps what a deploy was, and the stack that it deployed.
   *  @throws UserError artifacts/no-bucket, aws/* */
  record(deployment: PastDeployment, stack: DeployedStack, where: ArtifactPlace): Promise<void>;
  /** Newest first, at most so many (20). */
  list(workload: WorkloadRef, where: ArtifactPlace, limit?: number): Promise<PastDeployment[]>;
  /** The stack that one of them deployed. @throws UserError history/gone when it is not kept any more */
  stackOf(deployment: PastDeployment, where: ArtifactPlace): Promise<DeployedStack>;
  /** Forgets all but the newest so many, with their templates; those that `inUse` names, by deployment or by when they
   *  began, stay. Only under the lock of the workload. Answers how many it forgot. */
  prune(
    workload: WorkloadRef,
    options: { keep: number; inUse: readonly string[] },
    where: ArtifactPlace,
  ): Promise<number>;
}

/** A deploy, as its record has it. */
export interface PastDeployment extends WorkloadRef {
  /** ISO 8601; when it began. */
  at: string;
  /** Of ECS, `ecs-svc/…`; absent for what is no service of ECS. */
  deploymentId?: string;
  /** Of the task definition. */
  revision?: number;
  /** Container → its image, with the digest where it is known. */
  images: Record<string, { name: string; id?: string }>;
  /** What `git describe --always` said, with `+` after it for a tree with changes; absent where there is no repository. */
  commit?: string;
  /** ARN of who deployed. */
  by: string;
  /** Where: the job of a CI, or who on which machine. */
  from?: string;
  /** `svc rollback`: when the deploy was that this one repeats. */
  repeats?: string;
  /** It went past CloudFormation, to a revision that its stack does not know. */
  hotswap?: true;
  result: "completed" | "failed" | "superseded" | "interrupted" | "timeout" | "detached";
  reason?: string;
  /** SHA-256 of the template, under which it is kept. */
  template: string;
}

/** What a stack was given. */
export interface DeployedStack {
  template: string;
  parameters: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
}
