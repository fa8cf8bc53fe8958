import type { ScalingPlan, WorkloadPlan } from "../../plan/workload-plan.ts";
import { getAtt, importEnvironment, join, ref, sub } from "../intrinsics.ts";
import type { Resources, Value } from "../template.ts";
import { backlogPerTask } from "./backlog-per-task.ts";
import { assumedBy } from "./roles.ts";

/** What keeps the number of tasks between two bounds. */
export function autoScaling({ scaling, loadBalancer }: WorkloadPlan): Resources {
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
            ...metric(policy, loadBalancer),
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

function metric({ metric: measured }: Policy, loadBalancer: WorkloadPlan["loadBalancer"]): Record<string, Value> {
  if ("predefined" in measured) return { PredefinedMetricSpecification: { PredefinedMetricType: measured.predefined } };
  if ("backlogOf" in measured) return backlogPerTask(measured.backlogOf);
  const name = loadBalancer === "internal" ? "InternalLoadBalancerFullName" : "PublicLoadBalancerFullName";
  return {
    CustomizedMetricSpecification: {
      Dimensions: [
        { Name: "LoadBalancer", Value: importEnvironment(name) },
        { Name: "TargetGroup", Value: getAtt("TargetGroup.TargetGroupFullName") },
      ],
      MetricName: measured.metricName,
      Namespace: measured.namespace,
      Statistic: measured.statistic,
    },
  };
}
