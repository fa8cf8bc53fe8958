import type { ScalingPlan, WorkloadPlan } from "../../plan/workload-plan.ts";
import type { StackFacts } from "../facts.ts";
import { getAtt, importEnvironment, join, ref, sub } from "../intrinsics.ts";
import type { Resources, Value } from "../template.ts";
import { backlogPerTask } from "./backlog-per-task.ts";
import { knownLoadBalancer, metricName } from "./imported-load-balancer.ts";
import { assumedBy } from "./roles.ts";
import { targetGroupId } from "./target-groups.ts";

/** What keeps the number of tasks between two bounds. */
export function autoScaling(plan: WorkloadPlan, facts: StackFacts): Resources {
  const { scaling } = plan;
  if (scaling === undefined) return {};
  const policies = scaling.policies.map((policy) => {
    const id = metricId(policy);
    return [
      `AutoScalingPolicy${id}`,
      {
        Type: "AWS::ApplicationAutoScaling::ScalingPolicy",
        Properties: {
          PolicyName: join("-", [ref("WorkloadName"), ...policyName(policy)]),
          PolicyType: "TargetTrackingScaling",
          ScalingTargetId: ref("AutoScalingTarget"),
          TargetTrackingScalingPolicyConfiguration: {
            ...metric(policy, plan, facts),
            ScaleInCooldown: policy.scaleInCooldown,
            ScaleOutCooldown: policy.scaleOutCooldown,
            TargetValue: policy.targetValue,
          },
        },
      },
    ] as const;
  });
  return {
    AutoScalingRole: {
      Metadata: { "aws:copilot:description": "An IAM role for container auto scaling" },
      Type: "AWS::IAM::Role",
      Properties: {
        AssumeRolePolicyDocument: assumedBy("ecs-tasks.amazonaws.com"),
        ManagedPolicyArns: [
          sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonEC2ContainerServiceAutoscaleRole"),
        ],
      },
    },
    AutoScalingTarget: {
      Metadata: { "aws:copilot:description": "An autoscaling target to scale your service's desired count" },
      Type: "AWS::ApplicationAutoScaling::ScalableTarget",
      Properties: {
        MinCapacity: scaling.minCapacity,
        MaxCapacity: scaling.maxCapacity,
        ResourceId: join("/", ["service", importEnvironment("ClusterId"), getAtt("Service.Name")]),
        ScalableDimension: "ecs:service:DesiredCount",
        ServiceNamespace: "ecs",
        RoleARN: getAtt("AutoScalingRole.Arn"),
      },
    },
    ...Object.fromEntries(policies),
  };
}

type Policy = ScalingPlan["policies"][number];

function metricId({ metric: measured }: Policy): string {
  if ("predefined" in measured) return measured.predefined;
  if ("backlogOf" in measured) return measured.backlogOf;
  return measured.metricName === "RequestCountPerTarget" ? "ALBSumRequestCountPerTarget" : "ALBAverageResponseTime";
}

function policyName(policy: Policy): Value[] {
  const { metric: measured } = policy;
  if ("backlogOf" in measured) return ["BacklogPerTask", getAtt(`${measured.backlogOf}.QueueName`)];
  return [metricId(policy), "ScalingPolicy"];
}

function metric({ metric: measured }: Policy, plan: WorkloadPlan, facts: StackFacts): Record<string, Value> {
  if ("predefined" in measured) return { PredefinedMetricSpecification: { PredefinedMetricType: measured.predefined } };
  if ("backlogOf" in measured) return backlogPerTask(measured.backlogOf);
  return {
    CustomizedMetricSpecification: {
      Dimensions: [
        { Name: "LoadBalancer", Value: loadBalancerName(plan, facts) },
        { Name: "TargetGroup", Value: getAtt(`${targetGroupId(plan, measured.targetGroup)}.TargetGroupFullName`) },
      ],
      MetricName: measured.metricName,
      Namespace: measured.namespace,
      Statistic: measured.statistic,
    },
  };
}

function loadBalancerName({ loadBalancer, importedLoadBalancer: imported }: WorkloadPlan, facts: StackFacts): Value {
  if (imported !== undefined)
    return metricName(knownLoadBalancer(imported, facts) ?? { arn: imported, name: imported });
  return importEnvironment(loadBalancer === "internal" ? "InternalLoadBalancerFullName" : "PublicLoadBalancerFullName");
}
