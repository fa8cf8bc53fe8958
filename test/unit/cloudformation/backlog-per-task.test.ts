import * as fc from "fast-check";
import { expect, test } from "vitest";
import { backlogPerTask } from "../../../src/cloudformation/service/backlog-per-task.ts";
import { metricMath } from "../../support/metric-math.ts";

const { CustomizedMetricSpecification } = backlogPerTask("EventsQueue") as {
  CustomizedMetricSpecification: { Metrics: { Expression?: string; MetricStat?: object; ReturnData: boolean }[] };
};
const { Expression: expression = "" } = CustomizedMetricSpecification.Metrics.find((each) => each.ReturnData) ?? {};

/** What the function of Copilot's stacks publishes each minute for a queue. Source: its handler for the metric
 *  BacklogPerTask: all messages over the tasks that run, over one while none does, rounded up. */
function copilotsFunction(messages: number, running: number): number {
  return Math.ceil(messages / (running === 0 ? 1 : running));
}

/** What CloudWatch computes of the policy. It has no sample of a service without tasks, nor of a queue that nobody has
 *  touched for hours. */
function ours(messages: number | undefined, running: number): number | undefined {
  return metricMath(expression, { messages, tasks: running === 0 ? undefined : running });
}

test("the policy tracks the number that Copilot's function gives", () => {
  const rows = [
    [0, 0],
    [0, 3],
    [1, 0],
    [7, 0],
    [7, 1],
    [7, 2],
    [7, 7],
    [7, 8],
    [2400, 1],
    [2401, 1],
    [24_000, 10],
    [120_000, 9],
  ].map(([messages = 0, running = 0]) => ({
    messages,
    running,
    copilot: copilotsFunction(messages, running),
    ours: ours(messages, running),
  }));
  expect(rows.map(({ messages, running, ours: here }) => `${messages} messages, ${running} tasks: ${here}`))
    .toMatchInlineSnapshot(`
    [
      "0 messages, 0 tasks: 0",
      "0 messages, 3 tasks: 0",
      "1 messages, 0 tasks: 1",
      "7 messages, 0 tasks: 7",
      "7 messages, 1 tasks: 7",
      "7 messages, 2 tasks: 4",
      "7 messages, 7 tasks: 1",
      "7 messages, 8 tasks: 1",
      "2400 messages, 1 tasks: 2400",
      "2401 messages, 1 tasks: 2401",
      "24000 messages, 10 tasks: 2400",
      "120000 messages, 9 tasks: 13334",
    ]
  `);
  for (const row of rows) expect(row.ours).toBe(row.copilot);
});

test("for every number of messages and tasks", () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.nat(5000), (messages, running) => {
      expect(ours(messages, running)).toBe(copilotsFunction(messages, running));
    }),
  );
});

test("minute by minute, while a service grows from nothing and shrinks again", () => {
  // What CloudWatch gets: a number of messages each minute, and one sample of CPU for each task that runs.
  const minutes = [
    { messages: 0, cpu: [] },
    { messages: 950, cpu: [] },
    { messages: 1900, cpu: [12.5] },
    { messages: 2100, cpu: [99, 3] },
    { messages: 1200, cpu: [98, 97, 0, 0] },
    { messages: 130, cpu: [96, 95, 94, 93] },
    { messages: 3, cpu: [20, 10] },
    { messages: 0, cpu: [0] },
    { messages: 0, cpu: [] },
  ];
  const line = minutes.map(({ messages, cpu }) => {
    expect(ours(messages, cpu.length)).toBe(copilotsFunction(messages, cpu.length));
    return ours(messages, cpu.length);
  });
  expect(line.join(" ")).toMatchInlineSnapshot(`"0 950 1900 1050 300 33 2 0 0"`);
});

test("only over one minute: samples of longer periods count a task more than once", () => {
  const perMinute = 4;
  const inFiveMinutes = 5 * perMinute;
  expect([ours(1200, perMinute), ours(1200, inFiveMinutes)]).toEqual([300, 60]);
  // Target tracking cannot be given another period.
  const stats = CustomizedMetricSpecification.Metrics.flatMap(({ MetricStat: stat }) =>
    stat ? [Object.keys(stat)] : [],
  );
  expect(stats).toEqual([
    ["Metric", "Stat"],
    ["Metric", "Stat"],
  ]);
});

test("a queue that SQS has stopped reporting is empty", () => {
  expect(ours(undefined, 0)).toBe(0);
  expect(ours(undefined, 4)).toBe(0);
});

test("the numbers come from what SQS and ECS report without being asked", () => {
  expect(backlogPerTask("EventsQueue")).toMatchInlineSnapshot(`
    {
      "CustomizedMetricSpecification": {
        "Metrics": [
          {
            "Id": "messages",
            "MetricStat": {
              "Metric": {
                "Dimensions": [
                  {
                    "Name": "QueueName",
                    "Value": {
                      "Fn::GetAtt": [
                        "EventsQueue",
                        "QueueName",
                      ],
                    },
                  },
                ],
                "MetricName": "ApproximateNumberOfMessagesVisible",
                "Namespace": "AWS/SQS",
              },
              "Stat": "Average",
            },
            "ReturnData": false,
          },
          {
            "Id": "tasks",
            "MetricStat": {
              "Metric": {
                "Dimensions": [
                  {
                    "Name": "ClusterName",
                    "Value": {
                      "Fn::ImportValue": {
                        "Fn::Sub": "\${AppName}-\${EnvName}-ClusterId",
                      },
                    },
                  },
                  {
                    "Name": "ServiceName",
                    "Value": {
                      "Fn::GetAtt": [
                        "Service",
                        "Name",
                      ],
                    },
                  },
                ],
                "MetricName": "CPUUtilization",
                "Namespace": "AWS/ECS",
              },
              "Stat": "SampleCount",
            },
            "ReturnData": false,
          },
          {
            "Expression": "CEIL(FILL(messages, 0) / IF(FILL(tasks, 0) > 0, FILL(tasks, 0), 1))",
            "Id": "backlog",
            "Label": "BacklogPerTask",
            "ReturnData": true,
          },
        ],
      },
    }
  `);
});
