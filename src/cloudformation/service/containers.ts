import type { TaskPlan } from "../../plan/workload-plan.ts";

const logRouter = "firelens_log_router";
const traceCollector = "aws-otel-collector";

/** The containers of a task whose environment files have parameters: all but the one that collects traces. */
export function containersWithEnvFile({
  name,
  taskDefinition,
}: Pick<TaskPlan, "name" | "taskDefinition">): EnvFileContainer[] {
  return (taskDefinition.containerDefinitions ?? []).flatMap((container) => {
    const id = typeof container.name === "string" ? container.name : "";
    if (id === traceCollector) return [];
    if (id === name)
      return [{ container: id, parameter: "EnvFileARN", condition: "HasEnvFile", policy: "GetEnvFilePolicy" }];
    if (id === logRouter)
      return [
        {
          container: id,
          parameter: "LoggingEnvFileARN",
          condition: "HasLoggingEnvFile",
          policy: "GetLoggingEnvFilePolicy",
        },
      ];
    const logical = logicalName(id);
    return [
      {
        container: id,
        parameter: `EnvFileARNFor${logical}`,
        condition: `HasEnvFileFor${logical}`,
        policy: `GetEnvFilePolicyFor${id}`,
      },
    ];
  });
}

export interface EnvFileContainer {
  container: string;
  /** The parameter that takes the ARN of its environment file. */
  parameter: string;
  /** The condition that it has one. */
  condition: string;
  /** The end of the name of the policy that lets it be read. */
  policy: string;
}

/** As it may stand in a logical ID: letters and digits alone. */
export function logicalName(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9]/g, "");
}
