import type { KeyValuePair, PortMapping } from "@aws-sdk/client-ecs";
import type { WorkloadManifest } from "../manifest/load.ts";
import type { Later, Pending } from "./later.ts";
import type { WorkloadPlan } from "./workload-plan.ts";

interface TaskDefinitionInput {
  manifest: WorkloadManifest;
  app: string;
  env: string;
  loadBalancer: WorkloadPlan["loadBalancer"];
}

/** The task definition as Copilot renders it. A container is essential unless it says otherwise, so none says so. */
export function taskDefinition(input: TaskDefinitionInput): WorkloadPlan["taskDefinition"] {
  const { manifest, app, env } = input;
  return {
    family: `${app}-${env}-${manifest.name}`,
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: String(manifest.cpu ?? 256),
    memory: String(manifest.memory ?? 512),
    executionRoleArn: { ref: "execution-role" },
    taskRoleArn: { ref: "task-role" },
    containerDefinitions: [
      {
        name: manifest.name,
        image: { image: manifest.name },
        environment: environment(input),
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-region": { ref: "region" },
            "awslogs-group": { ref: "log-group" },
            "awslogs-stream-prefix": "copilot",
          },
        },
        ...(manifest.image.port !== undefined && { portMappings: [mainPort(manifest.image.port)] }),
      },
    ],
  };
}

/** The port that other services reach is always named, whether or not Service Connect is on. */
function mainPort(containerPort: number): PortMapping {
  return { containerPort, protocol: "tcp", name: "target" };
}

function environment({ manifest, app, env, loadBalancer }: TaskDefinitionInput): Pending<KeyValuePair, Later>[] {
  const output = loadBalancer === "internal" ? "InternalLoadBalancerDNSName" : "PublicLoadBalancerDNSName";
  return [
    { name: "COPILOT_APPLICATION_NAME", value: app },
    { name: "COPILOT_SERVICE_DISCOVERY_ENDPOINT", value: `${env}.${app}.local` },
    { name: "COPILOT_ENVIRONMENT_NAME", value: env },
    { name: "COPILOT_SERVICE_NAME", value: manifest.name },
    ...(loadBalancer ? [{ name: "COPILOT_LB_DNS", value: { env: output } as const }] : []),
    ...Object.entries(manifest.variables ?? {}).map(([name, value]) => ({ name, value })),
  ];
}
