import { UserError } from "../../errors.ts";
import { resolveTaskValues } from "../neighbours/resolve-task-values.ts";
import { UnresolvedValue } from "../neighbours/resolve-secrets.ts";
import type { ValueStore } from "../neighbours/value-store.ts";
import { RuntimeError, type AccessPoint, type TaskToRun, type TaskValues } from "../runtime/runtime.ts";

type Plan = TaskToRun["plan"];

/** What tasks are given beside their plans. A task's values are fetched when it starts, and all its containers get the
 *  same; a daemon that comes meanwhile fetches them once more. They are kept in memory alone. */
export class ValuesOfTasks {
  readonly #values: ValueStore;
  readonly #known = new Map<string, TaskValues>();

  constructor(values: ValueStore) {
    this.#values = values;
  }

  /** @throws RuntimeError ResourceInitializationError in ECS's words */
  of(task: string, plan: Plan): TaskValues {
    const known = this.#known.get(task) ?? this.#resolve(plan);
    this.#known.set(task, known);
    return known;
  }

  forget(task: string): void {
    this.#known.delete(task);
  }

  #resolve({ taskDefinition }: Plan): TaskValues {
    try {
      return resolveTaskValues(taskDefinition.containerDefinitions ?? [], this.#values);
    } catch (error) {
      if (error instanceof UnresolvedValue) throw new RuntimeError("ResourceInitializationError", error.message);
      if (error instanceof UserError)
        throw new RuntimeError(
          "ResourceInitializationError",
          `unable to pull secrets or registry auth: ${error.message}`,
        );
      throw error;
    }
  }
}

/** Of the access point that the environment's file system has for this workload; the managed volume names it, and
 *  stands before all others. */
export function accessPointsOf({ accessPoint, taskDefinition }: Plan): Record<string, AccessPoint> {
  const ids = (taskDefinition.volumes ?? []).map(
    ({ efsVolumeConfiguration }) => efsVolumeConfiguration?.authorizationConfig?.accessPointId,
  );
  const id = ids.find((one) => one !== undefined);
  return accessPoint === undefined || id === undefined ? {} : { [id]: accessPoint };
}
