import { getAtt, importEnvironment } from "../intrinsics.ts";
import type { Value } from "../template.ts";

/** The messages that wait for each task that runs, rounded up; all of them while none runs. CloudWatch computes it each
 *  minute from what SQS and ECS report by themselves: SQS says how many messages are visible, and ECS gives one sample
 *  a minute of the CPU of each task that runs. No function has to run for it, and Container Insights need not be on. */
const backlogExpression = "CEIL(FILL(messages, 0) / IF(FILL(tasks, 0) > 0, FILL(tasks, 0), 1))";

/** What a policy tracks to keep the backlog of a queue at a number of messages per task. @param queue its logical ID */
export function backlogPerTask(queue: string): Record<string, Value> {
  return {
    CustomizedMetricSpecification: {
      Metrics: [
        {
          Id: "messages",
          MetricStat: {
            Metric: {
              Namespace: "AWS/SQS",
              MetricName: "ApproximateNumberOfMessagesVisible",
              Dimensions: [{ Name: "QueueName", Value: getAtt(`${queue}.QueueName`) }],
            },
            Stat: "Average",
          },
          ReturnData: false,
        },
        {
          Id: "tasks",
          MetricStat: {
            Metric: {
              Namespace: "AWS/ECS",
              MetricName: "CPUUtilization",
              Dimensions: [
                { Name: "ClusterName", Value: importEnvironment("ClusterId") },
                { Name: "ServiceName", Value: getAtt("Service.Name") },
              ],
            },
            Stat: "SampleCount",
          },
          ReturnData: false,
        },
        { Id: "backlog", Label: "BacklogPerTask", Expression: backlogExpression, ReturnData: true },
      ],
    },
  };
}
