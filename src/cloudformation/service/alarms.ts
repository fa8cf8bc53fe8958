import type { WorkloadPlan } from "../../plan/workload-plan.ts";
import { sharedQueue } from "../../plan/queues.ts";
import { getAtt, importEnvironment, ref, select, split } from "../intrinsics.ts";
import type { Resources, Value } from "../template.ts";

const kinds = {
  CPUUtilization: { id: "CPURollbackAlarm", title: "CPU" },
  MemoryUtilization: { id: "MemoryRollbackAlarm", title: "memory" },
};

type Alarm = NonNullable<WorkloadPlan["alarms"]>[number];

/** The alarms that roll a deployment back. */
export function alarms({ alarms: all = [] }: WorkloadPlan): Resources {
  return Object.fromEntries(
    all.map((alarm) => {
      const { alarmName, metricName, threshold } = alarm;
      const { id, subject, ...measured } = measuredBy(alarm);
      return [
        id,
        {
          Metadata: {
            "aws:copilot:description": `A CloudWatch alarm associated with ${subject} for deployment rollbacks`,
          },
          Type: "AWS::CloudWatch::Alarm",
          Properties: {
            ...measured,
            AlarmName: alarmName,
            MetricName: metricName,
            ComparisonOperator: "GreaterThanOrEqualToThreshold",
            DatapointsToAlarm: 2,
            EvaluationPeriods: 3,
            Period: 60,
            Statistic: "Average",
            Threshold: threshold,
          },
        },
      ];
    }),
  );
}

/** What an alarm watches: the service itself, or the queue that its topics share. */
function measuredBy({ metricName, threshold }: Alarm): { id: string; subject: string } & Record<string, Value> {
  if (metricName === "ApproximateNumberOfMessagesDelayed")
    return {
      id: "MessagesDelayedRollbackAlarm",
      subject: "number of messages delayed",
      AlarmDescription: `Roll back worker service if number of messages delayed is greater than or equal to ${threshold} twice in 3 minutes.`,
      Namespace: "AWS/SQS",
      Dimensions: [{ Name: "QueueName", Value: getAtt(`${sharedQueue}.QueueName`) }],
      Unit: "Count",
    };
  const { id, title } = kinds[metricName];
  return {
    id,
    subject: `${title} utilization`,
    AlarmDescription: `Roll back ECS service if ${title} utilization is greater than or equal to ${threshold}% twice in 3 minutes.`,
    Namespace: "AWS/ECS",
    Dimensions: [
      { Name: "ClusterName", Value: importEnvironment("ClusterId") },
      { Name: "ServiceName", Value: select(2, split("/", ref("Service"))) },
    ],
    Unit: "Percent",
  };
}
