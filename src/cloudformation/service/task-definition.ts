import type { StackFacts } from "../facts.ts";
import { fromPlan } from "../from-plan.ts";
import { ifCondition, join, ref } from "../intrinsics.ts";
import type { Resource, Value } from "../template.ts";
import { writtenOut } from "../written-out.ts";
import { containersWithEnvFile } from "./containers.ts";
import type { TaskInput } from "./service-input.ts";

/** The stack's own name for things: `{app}-{env}-{workload}`. */
const stackName: Value = join("", [ref("AppName"), "-", ref("EnvName"), "-", ref("WorkloadName")]);

export function taskDefinition({ plan, facts, references }: TaskInput): Resource {
  const rendered = fromPlan(withKnownTopics(plan.taskDefinition, facts), references) as Record<string, Value>;
  const files = new Map(containersWithEnvFile(plan).map((each) => [each.container, each]));
  const containers = (rendered["ContainerDefinitions"] as Record<string, Value>[]).map((container) => {
    const file = files.get(String(container["Name"]));
    if (file === undefined) return container;
    const given = { Type: "s3", Value: ref(file.parameter) };
    return { ...container, EnvironmentFiles: [ifCondition(file.condition, given)] };
  });
  return {
    Metadata: { "aws:copilot:description": "An ECS task definition to group your containers and run them on ECS" },
    Type: "AWS::ECS::TaskDefinition",
    DependsOn: "LogGroup",
    Properties: {
      ...rendered,
      Family: stackName,
      Cpu: ref("TaskCPU"),
      Memory: ref("TaskMemory"),
      ContainerDefinitions: containers,
    },
  };
}

type TaskDefinition = TaskInput["plan"]["taskDefinition"];

function withKnownTopics(definition: TaskDefinition, facts: StackFacts): TaskDefinition {
  return {
    ...definition,
    containerDefinitions: definition.containerDefinitions?.map((container) => ({
      ...container,
      ...(container.environment && {
        environment: container.environment.map((variable) => ({
          ...variable,
          value: writtenOut(variable.value, facts),
        })),
      }),
    })),
  };
}

export function logGroup(): Resource {
  return {
    Metadata: { "aws:copilot:description": "A CloudWatch log group to hold your service logs" },
    Type: "AWS::Logs::LogGroup",
    Properties: {
      LogGroupName: join("", ["/copilot/", ref("AppName"), "-", ref("EnvName"), "-", ref("WorkloadName")]),
      RetentionInDays: ref("LogRetention"),
    },
  };
}
