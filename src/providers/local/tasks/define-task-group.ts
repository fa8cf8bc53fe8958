import { createHash } from "node:crypto";
import type { TaskGroupPlan } from "../../../plan/task-group-plan.ts";
import type { ResolvedWorkloadPlan } from "../../../plan/workload-plan.ts";
import type { SimulatorClient } from "../../../simulator/client.ts";
import { taskFamily } from "../../../plan/task-group-plan.ts";
import type { TaskGroupDefinition } from "../../task-groups.ts";
import { uploads } from "../env-file-uploads.ts";
import { environmentOf } from "./group-id.ts";

/** Tells the simulator what the tasks of a group are to run. */
export async function defineTaskGroup(
  client: SimulatorClient,
  { plan, place, image, envFile }: TaskGroupDefinition,
): Promise<void> {
  const { app, env } = environmentOf(place);
  const { group } = plan;
  const file = plan.envFile;
  const { arns, objects } = uploads(
    app,
    file === undefined ? [] : [{ container: group, path: file }],
    file === undefined ? {} : { [group]: envFile ?? "" },
  );
  await client.call("update-service", {
    plan: resolved(plan, { app, env, image: image.name, envFileArn: arns[group] }),
    images: image.id === undefined ? {} : { [group]: image.id },
    envFiles: objects,
    force: false,
    noRollback: true,
    taskGroup: true,
  });
}

/** In the words of the simulator, which keeps a group as it keeps a service: one that is asked for no tasks. */
function resolved(
  plan: TaskGroupPlan,
  { app, env, image, envFileArn }: { app: string; env: string; image: string; envFileArn: string | undefined },
): ResolvedWorkloadPlan {
  const { group, cpu, memory, platform, entryPoint, command, variables, secrets } = plan;
  return {
    app,
    env,
    name: group,
    type: "Backend Service",
    main: { container: group },
    builds: [],
    taskDefinition: {
      family: taskFamily(group),
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: String(cpu),
      memory: String(memory),
      ...(platform && { runtimePlatform: platform as { operatingSystemFamily: "LINUX"; cpuArchitecture: "X86_64" } }),
      taskRoleArn: plan.taskRole ?? role(app, env, group, "DefaultTaskRole"),
      executionRoleArn: plan.executionRole ?? role(app, env, group, "DefaultExecutionRole"),
      containerDefinitions: [
        {
          name: group,
          image,
          ...(entryPoint && { entryPoint: [...entryPoint] }),
          ...(command && { command: [...command] }),
          environment: Object.entries(variables).map(([name, value]) => ({ name, value })),
          secrets: Object.entries(secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
          ...(envFileArn !== undefined && { environmentFiles: [{ type: "s3", value: envFileArn }] }),
          logConfiguration: {
            logDriver: "awslogs",
            options: {
              "awslogs-region": "local",
              "awslogs-group": `/copilot/${group}`,
              "awslogs-stream-prefix": "copilot-task",
            },
          },
        },
      ],
    },
    service: {
      desiredCount: 0,
      enableExecuteCommand: true,
      deploymentConfiguration: {
        minimumHealthyPercent: 0,
        maximumPercent: 100,
        deploymentCircuitBreaker: { enable: false, rollback: false },
      },
    },
    targetGroups: [],
    listenerRules: [],
    logRetentionDays: 1,
  };
}

function role(...names: string[]): string {
  const [app = "", env = "", ...rest] = names;
  const mark = createHash("sha256").update(`${app}/${env}`).digest("hex").slice(0, 8);
  return `arn:aws:iam::000000000000:role/task-${rest.join("-")}-${mark}`;
}
