import type { DeployEvent, DeployResult, ImageReference, WorkloadRef, WorkloadStatus } from "../provider.ts";
import type { StackDescription, StackResourceDescription } from "./stacks.ts";

/** Services of ECS while a stack is updated, and beside it. */
export interface Services {
  /** Follows the next deployment of a service: one that is not among those which were there before. The service need not be
   *  there yet. Answers how that deployment ended, or undefined when none came.
   *  @throws UserError aws/* */
  follow(request: DeploymentToFollow, signal: AbortSignal): AsyncGenerator<DeployEvent, DeployResult | undefined, void>;
  /** A workload of any type as `Provider.describeWorkload` tells of it, in fewer questions: of no task, and those that run count
   *  as healthy. @throws UserError environment/not-found, service/not-found */
  glance(workload: WorkloadRef, known: KnownSurroundings): Promise<WorkloadStatus>;
  /** Where a service of ECS answers, best first; nowhere for one without a load balancer.
   *  @throws UserError environment/not-found, service/not-found */
  addresses(workload: WorkloadRef, known: KnownSurroundings): Promise<string[]>;
  /** The ids of the deployments that a service has; none while there is no service. */
  deployments(workload: WorkloadRef, known?: KnownSurroundings): Promise<string[]>;
  /** Has ECS replace all tasks of a service, with what is deployed. @throws UserError service/not-found */
  redeploy(workload: WorkloadRef): Promise<{ deploymentId: string }>;
  /** What a service runs beside what its stack has made; undefined for what has no service of ECS with a task definition. */
  besideStack(workload: WorkloadRef): Promise<ServiceBesideStack | undefined>;
  /** Makes a revision of a task definition that no stack knows of, and answers its ARN. With the rights of whoever asks: those
   *  of the environment's manager role do not reach so far. @throws UserError aws/denied */
  registerDefinition(workload: WorkloadRef, definition: DefinitionToRegister): Promise<string>;
  /** Has ECS bring a service to a revision, and nothing else. Absent: to the one of its stack.
   *  @throws UserError service/not-found */
  moveTo(workload: WorkloadRef, taskDefinition?: string, known?: KnownSurroundings): Promise<{ deploymentId: string }>;
  /** Has a service of App Runner answer no requests any more, and waits for that.
   *  @throws UserError service/not-found, service/cannot-pause for what is none, or when App Runner leaves it otherwise */
  pause(workload: WorkloadRef, signal: AbortSignal): Promise<PauseOutcome>;
  /** The reverse. */
  resume(workload: WorkloadRef, signal: AbortSignal): Promise<PauseOutcome>;
  /** What ECS itself remembers of the deployments of a service, whoever has made them: those of the last 90 days and those
   *  that are there; newest first. None while there is no service. */
  past(workload: WorkloadRef): Promise<ServiceDeployment[]>;
  /** Deregisters all but the newest so many revisions of the workload's task definition. None is touched that a task, a
   *  deployment, the stack or, when it still can be gone back to, the last completed deployment uses; and none at all while
   *  the stack changes. Answers which, as `shop-test-api:3`.
   *  @throws UserError stack/busy, service/not-found */
  pruneRevisions(workload: WorkloadRef, options: { keep: number; inUse: readonly number[] }): Promise<string[]>;
}

/** What has been asked for already. */
export interface KnownSurroundings {
  environmentStack?: StackDescription | undefined;
  /** Of the workload's stack, as {@link Stacks.resources} has them. */
  resources?: Readonly<Record<string, StackResourceDescription>> | undefined;
}

export interface ServiceBesideStack {
  /** ARN of the revision that it runs. */
  runs: string;
  /** ARN of the revision that its stack has made, and that one as ECS describes it. */
  ofStack: string;
  definition: unknown;
  /** What the revision that it runs was marked with when it was registered beside the stack. */
  mark?: string;
  /** Of the stack, by logical ID. */
  resources: Readonly<Record<string, StackResourceDescription>>;
}

export interface DefinitionToRegister {
  /** As RegisterTaskDefinition takes it. */
  request: Readonly<Record<string, unknown>>;
  tags: Readonly<Record<string, string>>;
  /** Says what it was made of; kept as a tag. */
  mark: string;
}

/** A deployment as ECS remembers it. */
export interface ServiceDeployment {
  /** `ecs-svc/…` */
  deploymentId: string;
  /** ISO 8601; when it began. */
  at: string;
  result: "completed" | "failed" | "in-progress";
  reason?: string;
  /** Of the task definition. */
  revision: number;
  /** Container → its image, with the digest where ECS has kept it. */
  images: Record<string, ImageReference>;
  /** Whether its tasks are those that serve. */
  serves: boolean;
}

/** `there`: it was so already. `goes-on`: not waited for to its end. */
export type PauseOutcome = "done" | "there" | "goes-on";

/** What is known of its stack is from before the deployment. */
export interface DeploymentToFollow extends WorkloadRef, KnownSurroundings {
  /** The deployments that were there before; absent: those that are there when this begins. */
  known?: readonly string[];
  /** The one to follow, where it has begun. */
  deploymentId?: string;
  /** Aborts when nothing starts a deployment any more, since CloudFormation is done: one that is there by then is followed to
   *  its end, and when there is none the story ends. Absent: waits until the signal aborts. */
  over?: AbortSignal;
  /** Give up at the first task that stops: roll back. */
  failFast?: boolean;
  /** Milliseconds from the beginning after which it is not followed any more. */
  timeoutMs?: number;
}
