import { type QueuePlan, idOf, sharedQueue, type SubscriptionPlan } from "../../plan/queues.ts";
import type { WorkloadPlan } from "../../plan/workload-plan.ts";
import { getAtt, ref, sub } from "../intrinsics.ts";
import type { Resource, Resources, Value } from "../template.ts";

/** The queues of a Worker Service with their key, and what fills them. */
export function queues({ subscribe }: WorkloadPlan): Resources {
  if (subscribe === undefined) return {};
  const { queue, subscriptions } = subscribe;
  const shared = subscriptions.filter(({ queueKey }) => queueKey === sharedQueue);
  return {
    EventsKMSKey: key(),
    ...queueResources(queue, "", shared, "the topics that share it"),
    ...Object.assign({}, ...subscriptions.map(subscription)),
  };
}

function subscription(each: SubscriptionPlan): Resources {
  const { service, topic, filterPolicy, queue, queueKey } = each;
  const id = idOf(service, topic);
  return {
    [`${id}SNSTopicSubscription`]: {
      Metadata: { "aws:copilot:description": `A subscription to the topic ${topic} of the service ${service}` },
      Type: "AWS::SNS::Subscription",
      Properties: {
        TopicArn: topicArn(each),
        Protocol: "sqs",
        ...(filterPolicy && { FilterPolicy: filterPolicy as Value }),
        Endpoint: getAtt(`${queueKey}.Arn`),
      },
    },
    ...(queue && queueResources(queue, id, [each], `the topic ${topic}`)),
  };
}

function topicArn({ topicName }: SubscriptionPlan): Value {
  return sub(`arn:\${AWS::Partition}:sns:\${AWS::Region}:\${AWS::AccountId}:${topicName}`);
}

/** A queue, its dead letters, and who may do what with them. @param prefix of the logical IDs; empty: the shared one */
function queueResources(
  queue: QueuePlan,
  prefix: string,
  sources: readonly SubscriptionPlan[],
  what: string,
): Resources {
  const { fifo, deadLetter, messageRetentionPeriod, delaySeconds, visibilityTimeout } = queue;
  const id = `${prefix}EventsQueue`;
  const deadId = `${prefix}DeadLetterQueue`;
  return {
    [id]: {
      Metadata: { "aws:copilot:description": `${kind(fifo)} for messages of ${what}` },
      Type: "AWS::SQS::Queue",
      Properties: {
        KmsMasterKeyId: ref("EventsKMSKey"),
        ...(fifo && { FifoQueue: true }),
        ...(fifo?.fifoThroughputLimit !== undefined && { FifoThroughputLimit: fifo.fifoThroughputLimit }),
        ...(fifo?.deduplicationScope !== undefined && { DeduplicationScope: fifo.deduplicationScope }),
        ...(fifo?.contentBasedDeduplication !== undefined && {
          ContentBasedDeduplication: fifo.contentBasedDeduplication,
        }),
        ...(messageRetentionPeriod !== undefined && { MessageRetentionPeriod: messageRetentionPeriod }),
        ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
        ...(visibilityTimeout !== undefined && { VisibilityTimeout: visibilityTimeout }),
        ...(deadLetter && {
          RedrivePolicy: {
            deadLetterTargetArn: getAtt(`${deadId}.Arn`),
            maxReceiveCount: deadLetter.maxReceiveCount,
          },
        }),
      },
    },
    ...(deadLetter && {
      [deadId]: {
        Metadata: { "aws:copilot:description": `${kind(fifo)} for messages of ${what} that failed` },
        Type: "AWS::SQS::Queue",
        Properties: {
          KmsMasterKeyId: ref("EventsKMSKey"),
          ...(fifo && { FifoQueue: true }),
          MessageRetentionPeriod: deadLetter.messageRetentionPeriod,
        },
      },
      [`${prefix}DeadLetterPolicy`]: policy(deadId, [receives(deadId)]),
    }),
    [`${prefix}QueuePolicy`]: policy(id, [receives(id), ...sources.map((source) => sends(id, source))]),
  };
}

function kind(fifo: QueuePlan["fifo"]): string {
  return fifo ? "A FIFO queue" : "A queue";
}

function policy(queue: string, statements: Value[]): Resource {
  return {
    Type: "AWS::SQS::QueuePolicy",
    Properties: { Queues: [ref(queue)], PolicyDocument: { Version: "2012-10-17", Statement: statements } },
  };
}

function receives(queue: string): Value {
  return {
    Effect: "Allow",
    Principal: { AWS: [getAtt("TaskRole.Arn")] },
    Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage"],
    Resource: getAtt(`${queue}.Arn`),
  };
}

function sends(queue: string, source: SubscriptionPlan): Value {
  return {
    Effect: "Allow",
    Principal: { Service: "sns.amazonaws.com" },
    Action: ["sqs:SendMessage"],
    Resource: getAtt(`${queue}.Arn`),
    Condition: { ArnEquals: { "aws:SourceArn": topicArn(source) } },
  };
}

const manages = (
  "Create* Describe* Enable* List* Put* Update* Revoke* Disable* Get* Delete* ScheduleKeyDeletion CancelKeyDeletion " +
  "Tag* UntagResource Encrypt Decrypt ReEncrypt* GenerateDataKey*"
).split(" ");

/** The key that messages are encrypted with. */
function key(): Resource {
  const statement = (sid: string, principal: Record<string, Value>, actions: readonly string[]): Value => ({
    Sid: sid,
    Effect: "Allow",
    Principal: principal,
    Action: actions.map((action) => `kms:${action}`),
    Resource: "*",
  });
  return {
    Metadata: { "aws:copilot:description": "A KMS key to encrypt messages in your queues" },
    Type: "AWS::KMS::Key",
    Properties: {
      KeyPolicy: {
        Version: "2012-10-17",
        Statement: [
          statement("Allow key use", { AWS: sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root") }, manages),
          statement("Allow SNS encryption", { Service: "sns.amazonaws.com" }, ["Decrypt", "GenerateDataKey*"]),
          statement("Allow SQS encryption", { Service: "sqs.amazonaws.com" }, [
            "Encrypt",
            "Decrypt",
            "ReEncrypt*",
            "GenerateDataKey*",
          ]),
          statement("Allow task role encrypt/decrypt", { AWS: [getAtt("TaskRole.Arn")] }, ["Encrypt", "Decrypt"]),
        ],
      },
    },
  };
}
