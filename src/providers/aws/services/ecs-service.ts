import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  type Service,
  type Task,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  TargetGroupNotFoundException,
  type TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsSession } from "../session.ts";
import { clusterIn, lastPart } from "./arns.ts";

/** Where a service of ECS is. */
export interface ServiceAddress {
  /** The service's ARN. */
  service: string;
  /** Absent: it stands in the ARN. */
  cluster?: string;
}

/** Tasks are described so many at once. */
const mostTasks = 100;

/** A service of ECS as its API describes it. What cannot change is asked for once: task definitions, and tasks that have
 *  stopped. */
export class EcsService {
  readonly arn: string;
  readonly cluster: string | undefined;
  readonly #session: AwsSession;
  readonly #definitions = new Map<string, Promise<TaskDefinition | undefined>>();
  readonly #stopped = new Map<string, Task>();

  constructor(session: AwsSession, { service, cluster = clusterIn(service) }: ServiceAddress) {
    this.#session = session;
    this.arn = service;
    this.cluster = cluster;
  }

  /** Undefined for one that is not there any more. */
  async describe(): Promise<Service | undefined> {
    const { services = [] } = await this.#ecs.send(
      new DescribeServicesCommand({ cluster: this.cluster, services: [this.arn] }),
    );
    return services[0];
  }

  /** Those that run or are to run, and those that have stopped within about the last hour; newest first. */
  async tasks(): Promise<{ live: Task[]; stopped: Task[] }> {
    const lists = await Promise.all([this.#list("RUNNING"), this.#list("STOPPED")]);
    const arns = [...new Set(lists.flat())];
    const unknown = arns.filter((arn) => !this.#stopped.has(arn));
    const described = await this.#describeTasks(unknown);
    for (const task of described) if (hasStopped(task)) this.#stopped.set(task.taskArn ?? "", task);
    const stopped = arns.flatMap((arn) => this.#stopped.get(arn) ?? []);
    return { live: described.filter((task) => !hasStopped(task)).toSorted(newest), stopped: stopped.toSorted(newest) };
  }

  definition(arn: string): Promise<TaskDefinition | undefined> {
    const known = this.#definitions.get(arn) ?? describeTaskDefinition(this.#session, arn);
    this.#definitions.set(arn, known);
    return known;
  }

  /** By target group; one that is gone has none. */
  async targets(groups: readonly string[]): Promise<Record<string, TargetHealthDescription[]>> {
    const client = this.#session.client(ElasticLoadBalancingV2Client);
    const health = groups.map(async (TargetGroupArn) => {
      const asked = client.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
      const answer = await asked.catch(nothingOfOneThatIsGone);
      return [TargetGroupArn, answer.TargetHealthDescriptions ?? []] as const;
    });
    return Object.fromEntries(await Promise.all(health));
  }

  get #ecs(): ECSClient {
    return this.#session.client(ECSClient);
  }

  async #list(desiredStatus: "RUNNING" | "STOPPED"): Promise<string[]> {
    const serviceName = lastPart(this.arn);
    const arns: string[] = [];
    let nextToken: string | undefined;
    do {
      const request = { cluster: this.cluster, serviceName, desiredStatus, nextToken };
      const page = await this.#ecs.send(new ListTasksCommand(request));
      arns.push(...(page.taskArns ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return arns;
  }

  async #describeTasks(arns: readonly string[]): Promise<Task[]> {
    const found: Task[] = [];
    for (let at = 0; at < arns.length; at += mostTasks) {
      const some = arns.slice(at, at + mostTasks);
      const { tasks = [] } = await this.#ecs.send(new DescribeTasksCommand({ cluster: this.cluster, tasks: some }));
      found.push(...tasks);
    }
    return found;
  }
}

/** @param taskDefinition its ARN, or its family and revision */
export async function describeTaskDefinition(
  session: AwsSession,
  taskDefinition: string,
): Promise<TaskDefinition | undefined> {
  const answer = await session.client(ECSClient).send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  return answer.taskDefinition;
}

/** The stack of a service may take it away while it is followed. */
function nothingOfOneThatIsGone(error: unknown): { TargetHealthDescriptions?: TargetHealthDescription[] } {
  if (error instanceof TargetGroupNotFoundException) return {};
  throw error;
}

function hasStopped({ lastStatus }: Task): boolean {
  return lastStatus === "STOPPED" || lastStatus === "DELETED";
}

function newest(a: Task, b: Task): number {
  return time(b) - time(a);
}

function time({ stoppedAt, createdAt }: Task): number {
  return (stoppedAt ?? createdAt)?.getTime() ?? 0;
}
