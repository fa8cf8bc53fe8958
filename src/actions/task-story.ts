import type { TaskGroupPlan } from "../plan/task-group-plan.ts";
import type { ProviderTarget } from "../providers/provider.ts";
import type { TaskEvent, TaskPlace } from "../providers/task-groups.ts";
import type { DeployStory } from "./deploy-workload.ts";

/** What is told of one-off tasks: what comes before them as of a deploy, then the tasks themselves. */
export type TaskStory = DeployStory | TaskTarget | TaskEvent;

/** What is run, and where. `app` and `env` are absent beside all environments. */
export interface TaskTarget {
  type: "task-target";
  group: string;
  app?: string;
  env?: string;
  target: ProviderTarget;
}

export interface TaskToRun {
  plan: TaskGroupPlan;
  place: TaskPlace;
  count: number;
  follow: boolean;
  /** A further tag for the image that is built. */
  tag?: string | undefined;
  /** On AWS: further tags of the stack, which CloudFormation puts on what it makes. */
  resourceTags?: Readonly<Record<string, string>> | undefined;
}

/** What tasks are built and run with. */
export interface TaskTools {
  /** The Engine that images are built on; asked for when there is one to build. */
  dockerHost: () => Promise<string | undefined>;
  env: Readonly<Record<string, string | undefined>>;
  /** Paths start here. */
  cwd: string;
  version: string;
  now: () => number;
}
