import type { EnvironmentPlan } from "../../plan/environment-plan.ts";
import { join, ref, sub } from "../intrinsics.ts";
import type { Resource, Resources } from "../template.ts";
import { createEfs } from "./conditions.ts";
import { nameTag, privateSubnets, vpcId } from "./network-values.ts";
import { ingress } from "./security-groups.ts";

/** The file system that workloads keep data in. */
export function fileSystem(plan: EnvironmentPlan): Resources {
  return {
    FileSystem: {
      Condition: createEfs,
      Type: "AWS::EFS::FileSystem",
      Metadata: { "aws:copilot:description": "A file system for what tasks keep" },
      Properties: {
        BackupPolicy: { Status: "ENABLED" },
        Encrypted: true,
        FileSystemPolicy: policy,
        LifecyclePolicies: [{ TransitionToIA: "AFTER_30_DAYS" }],
        PerformanceMode: "generalPurpose",
        ThroughputMode: "bursting",
      },
    },
    EFSSecurityGroup: {
      Metadata: { "aws:copilot:description": "A security group that lets containers reach the file system" },
      Type: "AWS::EC2::SecurityGroup",
      Condition: createEfs,
      Properties: {
        GroupDescription: join("", [ref("AppName"), "-", ref("EnvironmentName"), "EFSSecurityGroup"]),
        VpcId: vpcId(plan),
        Tags: nameTag("-efs"),
      },
    },
    EFSSecurityGroupIngressFromEnvironment: ingress(
      createEfs,
      "Ingress from containers in the Environment Security Group.",
      ["EnvironmentSecurityGroup", "EFSSecurityGroup"],
    ),
    ...Object.fromEntries(
      privateSubnets(plan).map((subnet, i): [string, Resource] => [
        `MountTarget${i + 1}`,
        {
          Type: "AWS::EFS::MountTarget",
          Condition: createEfs,
          Properties: {
            FileSystemId: ref("FileSystem"),
            SubnetId: subnet,
            SecurityGroups: [ref("EFSSecurityGroup")],
          },
        },
      ]),
    ),
  };
}

const policy = {
  Version: "2012-10-17",
  Id: "CopilotEFSPolicy",
  Statement: [
    {
      Sid: "AllowIAMFromTaggedRoles",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["elasticfilesystem:ClientWrite", "elasticfilesystem:ClientMount"],
      Condition: {
        Bool: { "elasticfilesystem:AccessedViaMountTarget": true },
        StringEquals: {
          "iam:ResourceTag/copilot-application": sub("${AppName}"),
          "iam:ResourceTag/copilot-environment": sub("${EnvironmentName}"),
        },
      },
    },
    {
      Sid: "DenyUnencryptedAccess",
      Effect: "Deny",
      Principal: "*",
      Action: "elasticfilesystem:*",
      Condition: { Bool: { "aws:SecureTransport": false } },
    },
  ],
};
