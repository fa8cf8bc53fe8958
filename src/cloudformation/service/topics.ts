import { ref, sub } from "../intrinsics.ts";
import type { Resource, Resources } from "../template.ts";
import type { TaskPlan, TopicPlan } from "../../plan/workload-plan.ts";
import { logicalName } from "./containers.ts";

/** The name that a topic has in the manifest's JSON and in AWS: a FIFO topic's ends in `.fifo`. */
function topicKey({ name, fifo }: TopicPlan): string {
  return fifo ? `${name}.fifo` : name;
}

export function topicId(key: string): string {
  return `${logicalName(key)}SNSTopic`;
}

/** The topics that the workload publishes to, with whom they let subscribe. */
export function topics({ topics: all = [] }: Pick<TaskPlan, "topics">): Resources {
  return Object.fromEntries(
    all.flatMap((topic): [string, Resource][] => {
      const id = topicId(topicKey(topic));
      return [
        [id, topicResource(topic)],
        [`${id}Policy`, policy(id)],
      ];
    }),
  );
}

function topicResource(topic: TopicPlan): Resource {
  const kind = topic.fifo ? "SNS FIFO topic" : "SNS topic";
  const { contentBasedDeduplication, fifo, ...more } = topic;
  const throughput = (more as { throughputScope?: string }).throughputScope;
  return {
    Metadata: { "aws:copilot:description": `A ${kind} to broadcast ${topicKey(topic)} events` },
    Type: "AWS::SNS::Topic",
    Properties: {
      TopicName: sub(`\${AWS::StackName}-${topicKey(topic)}`),
      ...(fifo && { FifoTopic: true }),
      ...(contentBasedDeduplication !== undefined && { ContentBasedDeduplication: contentBasedDeduplication }),
      ...(throughput !== undefined && { FifoThroughputScope: throughput }),
      KmsMasterKeyId: "alias/aws/sns",
    },
  };
}

function policy(topic: string): Resource {
  return {
    Type: "AWS::SNS::TopicPolicy",
    DependsOn: topic,
    Properties: {
      Topics: [ref(topic)],
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root") },
            Action: ["sns:Subscribe"],
            Resource: ref(topic),
            Condition: { StringEquals: { "sns:Protocol": "sqs" } },
          },
        ],
      },
    },
  };
}
