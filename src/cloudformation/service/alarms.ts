import type { WorkloadPlan } from "../../plan/workload-plan.ts";
import { importEnvironment, ref, select, split } from "../intrinsics.ts";
import type { Resources } from "../template.ts";

const kinds = {
  CPUUtilization: { id: "CPURollbackAlarm", title: "CPU" },
  MemoryUtilization: { id: "MemoryRollbackAlarm", title: "memory" },
};

/** The alarms that roll a deployment back. */
export function alarms({ alarms: all = [] }: WorkloadPlan): Resources {
  return Object.fromEntries(
    all.map(({ alarmName, metricName, threshold }) => {
      const { id, title } = kinds[metricName];
      return [
        id,
        {
          Metadata: {
            "aws:copilot:description": `A CloudWatch alarm associated with ${title} utilization for deployment rollbacks`,
          },
          Type: "AWS::CloudWatch::Alarm",
          Properties: {
            AlarmDescription: `Roll back ECS service if ${title} utilization is greater than or equal to ${threshold}% twice in 3 minutes.`,
            AlarmName: alarmName,
            Namespace: "AWS/ECS",
            Dimensions: [
              { Name: "ClusterName", Value: importEnvironment("ClusterId") },
              { Name: "ServiceName", Value: select(2, split("/", ref("Service"))) },
            ],
            MetricName: metricName,
            ComparisonOperator: "GreaterThanOrEqualToThreshold",
            DatapointsToAlarm: 2,
            EvaluationPeriods: 3,
            Period: 60,
            Statistic: "Average",
            Threshold: threshold,
            Unit: "Percent",
          },
        },
      ];
    }),
  );
}
