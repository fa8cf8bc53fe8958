import { getAtt, importEnvironment } from "../intrinsics.ts";
import type { Value } from "../template.ts";

/** The messages that wait for each task that runs, rounded up; all of them while none runs. CloudWatch computes it each
 *  minute from what SQS and ECS report by themselves: SQS says how many messages are visible, and ECS gives one sample
 *  a minute of the CPU of each task that runs, and none of a service without tasks (its guide counts running tasks so).
 *  Target tracking looks at periods of one minute; over longer ones the samples would count each task more than once.
 *  No function has to run for it, and Container Insights, which has RunningTaskCount, need not be on.
 *  Sources: Amazon ECS, "CloudWatch metrics"; Application Auto Scaling, "Using metric math", with this very example. */
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
