import type { TaskManifest } from "../manifest/load.ts";
import type { Later, Pending } from "./later.ts";
import { isExecOn } from "./service.ts";
import type { PlanInput } from "./service-plan-input.ts";
import { topics } from "./topics.ts";
import { accessPoint, namedFileSystems, writesManaged } from "./volumes.ts";
import type { EnvFilePlan, PolicyStatement, RolePlan } from "./workload-plan.ts";

type Role = Pending<RolePlan, Later>;
type Statement = Pending<PolicyStatement, Later>;
type Policy = Role["policies"][number];

/** What ECS may do to start a task: pull its images, write its logs, read the secrets that are tagged with this
 *  application and environment, read its own environment files. */
export function executionRole({ manifest, app, env }: PlanInput, envFiles: readonly EnvFilePlan[]): Role {
  const name = `${app}-${env}-${manifest.name}`;
  return {
    managedPolicies: [
      { join: ["arn:", { ref: "partition" }, ":iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"] },
    ],
    policies: [
      { PolicyName: `${name}SecretsPolicy`, Statement: readsSecrets({ app, env }) },
      ...envFiles.map(({ container }) => readsEnvFile(name, manifest.name, container)),
    ],
  };
}

/** The parameters and secrets that are tagged with this application and environment. */
export function readsSecrets({ app, env }: { app: string; env: string }): Statement[] {
  const tags = (service: string) => ({
    StringEquals: {
      [`${service}:ResourceTag/copilot-application`]: app,
      [`${service}:ResourceTag/copilot-environment`]: env,
    },
  });
  return [
    allow(["ssm:GetParameters"], [arn("ssm", "parameter/*")], tags("ssm")),
    allow(["secretsmanager:GetSecretValue"], [arn("secretsmanager", "secret:*")], tags("secretsmanager")),
    allow(["kms:Decrypt"], [{ ref: "artifact-key" }]),
    { Sid: "DecryptTaggedKMSKey", ...allow(["kms:Decrypt"], [arn("kms", "key/*")], tags("aws")) },
  ];
}

function readsEnvFile(name: string, main: string, container: string): Policy {
  const bucket: Later = { join: ["arn:", { ref: "partition" }, ":s3:::", { ref: "artifact-bucket" }] };
  const suffix =
    container === main
      ? "GetEnvFilePolicy"
      : container === "firelens_log_router"
        ? "GetLoggingEnvFilePolicy"
        : `GetEnvFilePolicyFor${container}`;
  return {
    PolicyName: `${name}${suffix}`,
    Statement: [allow(["s3:GetObject"], [{ envFile: container }]), allow(["s3:GetBucketLocation"], [bucket])],
  };
}

/** What the containers of a task may do: nothing about IAM, and what the manifest asks for. */
export function taskRole(input: PlanInput): Role {
  const { manifest } = input;
  return {
    managedPolicies: [...(input.addons?.policies ?? [])],
    policies: [
      { PolicyName: "DenyIAM", Statement: [{ Effect: "Deny", Action: ["iam:*"], Resource: ["*"] }] },
      ...(isExecOn(manifest) ? [executeCommand] : []),
      ...fileSystems(manifest),
      ...publishes(input),
      ...(manifest.observability?.tracing === undefined ? [] : [sendsTraces]),
    ],
  };
}

const executeCommand: Policy = {
  PolicyName: "ExecuteCommand",
  Statement: [
    allow(
      ["CreateControlChannel", "OpenControlChannel", "CreateDataChannel", "OpenDataChannel"].map(
        (action) => `ssmmessages:${action}`,
      ),
      ["*"],
    ),
    allow(
      ["CreateLogStream", "DescribeLogGroups", "DescribeLogStreams", "PutLogEvents"].map((action) => `logs:${action}`),
      ["*"],
    ),
  ],
};

const sendsTraces: Policy = {
  PolicyName: "AWSDistroOpenTelemetryPolicy",
  Statement: [
    allow(
      [
        ...["PutLogEvents", "CreateLogGroup", "CreateLogStream", "DescribeLogStreams", "DescribeLogGroups"].map(
          (action) => `logs:${action}`,
        ),
        ...["PutTraceSegments", "PutTelemetryRecords"].map((action) => `xray:${action}`),
        ...["GetSamplingRules", "GetSamplingTargets", "GetSamplingStatisticSummaries"].map(
          (action) => `xray:${action}`,
        ),
      ],
      ["*"],
    ),
  ],
};

function fileSystems(manifest: TaskManifest): Policy[] {
  const named = namedFileSystems(manifest).map(({ id, accessPoint: point, writes }, i): Policy => ({
    PolicyName: typeof id === "string" ? `GrantEFSAccess${id}-${i}` : { join: ["GrantEFSAccess", id, `-${i}`] },
    Statement: [
      allow(
        mounts(writes),
        [arn("elasticfilesystem", { join: ["file-system/", id] })],
        point === undefined ? undefined : through(arn("elasticfilesystem", `access-point/${point}`)),
      ),
    ],
  }));
  if (!accessPoint(manifest)) return named;
  const managed: Policy = {
    PolicyName: "GrantAccessCopilotManagedEFS",
    Statement: [
      allow(
        mounts(writesManaged(manifest)),
        [arn("elasticfilesystem", { join: ["file-system/", { env: "ManagedFileSystemID" }] })],
        through({ ref: "access-point-arn" }),
      ),
    ],
  };
  return [...named, managed];
}

function mounts(writes: boolean): string[] {
  return ["elasticfilesystem:ClientMount", ...(writes ? ["elasticfilesystem:ClientWrite"] : [])];
}

function through(accessPointArn: Later): NonNullable<Statement["Condition"]> {
  return { StringEquals: { "elasticfilesystem:AccessPointArn": accessPointArn } };
}

/** To send to the topics of the workload. */
export function publishes(input: Parameters<typeof topics>[0]): Policy[] {
  const all = topics(input).map(({ name, fifo }): Later => ({ topic: fifo ? `${name}.fifo` : name }));
  return all.length === 0 ? [] : [{ PolicyName: "Publish2SNS", Statement: [allow(["sns:Publish"], all)] }];
}

function allow(actions: string[], resources: (string | Later)[], condition?: Statement["Condition"]): Statement {
  return { Effect: "Allow", Action: actions, Resource: resources, ...(condition && { Condition: condition }) };
}

/** An ARN in the account and region of the workload. */
function arn(service: string, resource: string | Later): Later {
  return {
    join: ["arn:", { ref: "partition" }, `:${service}:`, { ref: "region" }, ":", { ref: "account" }, ":", resource],
  };
}
