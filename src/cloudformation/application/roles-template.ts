import type { ApplicationPlan } from "../../plan/application-plan.ts";
import { equals, getAtt, not, ref, sub } from "../intrinsics.ts";
import { type Parameter, type Resource, type Template, templateVersion, type Value } from "../template.ts";
import { accountRoot, allow, policyDocument } from "./statements.ts";

/** The stack `{app}-infrastructure-roles`: the roles with which CloudFormation keeps the stack set, and what delegates the
 *  application's part of its domain. */
export function rolesTemplate(plan: ApplicationPlan): Template {
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description:
      "Configure the AWSCloudFormationStackSetAdministrationRole to enable use of AWS CloudFormation StackSets.",
    Metadata: { TemplateVersion: templateVersion },
    Parameters: parameters,
    Conditions: { [delegateDns]: not(equals(ref("AppDomainName"), "")) },
    Resources: {
      AdministrationRole: administrationRole,
      ExecutionRole: executionRole,
      DNSDelegationRole: delegationRole(plan),
      AppHostedZone: hostedZone,
      AppDomainDelegationRecordSet: delegation,
    },
    Outputs: {
      ExecutionRoleARN: { Value: getAtt("ExecutionRole.Arn"), Description: "The role that sets up each region" },
      AdministrationRoleARN: { Value: getAtt("AdministrationRole.Arn"), Description: "The role of the stack set" },
      TemplateVersion: { Value: templateVersion, Description: "A new version makes the stack update." },
    },
  };
}

export function rolesParameters({ app, domain, delegatedAccounts }: ApplicationPlan): Record<string, string> {
  return {
    AdminRoleName: `${app}-adminrole`,
    ExecutionRoleName: `${app}-executionrole`,
    DNSDelegationRoleName: `${app}-DNSDelegationRole`,
    AppDNSDelegatedAccounts: delegatedAccounts.join(","),
    AppDomainName: domain?.name ?? "",
    AppDomainHostedZoneID: domain?.hostedZoneId ?? "",
    AppName: app,
  };
}

const delegateDns = "DelegateDNS";

const parameters: Record<string, Parameter> = {
  AdminRoleName: { Type: "String" },
  ExecutionRoleName: { Type: "String" },
  DNSDelegationRoleName: { Type: "String", Default: "" },
  AppDNSDelegatedAccounts: { Type: "CommaDelimitedList", Default: "" },
  AppDomainName: { Type: "String", Default: "" },
  AppDomainHostedZoneID: { Type: "String", Default: "" },
  AppName: { Type: "String" },
};

function assumedBy(...principals: Value[]): Value {
  return policyDocument(
    ...principals.map((principal) => ({ Effect: "Allow", Principal: principal, Action: ["sts:AssumeRole"] })),
  );
}

const administrationRole: Resource = {
  Metadata: { "aws:copilot:description": "The role with which CloudFormation manages the regions of the application" },
  Type: "AWS::IAM::Role",
  Properties: {
    RoleName: ref("AdminRoleName"),
    AssumeRolePolicyDocument: assumedBy({ Service: "cloudformation.amazonaws.com" }),
    Path: "/",
    Policies: [
      {
        PolicyName: "AssumeRole-AWSCloudFormationStackSetExecutionRole",
        PolicyDocument: policyDocument(
          allow(["sts:AssumeRole"], [sub("arn:${AWS::Partition}:iam::*:role/${ExecutionRoleName}")]),
        ),
      },
    ],
  },
};

const keyAdministration = ["Create*", "Describe*", "Enable*", "List*", "Put*", "Update*", "Revoke*", "Disable*"]
  .concat(["Get*", "Delete*", "TagResource", "UntagResource", "ScheduleKeyDeletion", "CancelKeyDeletion"])
  .map((action) => `kms:${action}`);

const repositoryManagement = [
  "DescribeImageScanFindings",
  "GetLifecyclePolicyPreview",
  "CreateRepository",
  "GetDownloadUrlForLayer",
  "GetAuthorizationToken",
  "ListTagsForResource",
  "ListImages",
  "DeleteLifecyclePolicy",
  "DeleteRepository",
  "SetRepositoryPolicy",
  "BatchGetImage",
  "DescribeImages",
  "DescribeRepositories",
  "BatchCheckLayerAvailability",
  "GetRepositoryPolicy",
  "GetLifecyclePolicy",
  "TagResource",
].map((action) => `ecr:${action}`);

const executionRole: Resource = {
  Metadata: { "aws:copilot:description": "The role that makes buckets, keys and image repositories in each region" },
  Type: "AWS::IAM::Role",
  Properties: {
    RoleName: ref("ExecutionRoleName"),
    AssumeRolePolicyDocument: assumedBy({ AWS: getAtt("AdministrationRole.Arn") }),
    Path: "/",
    Policies: [
      {
        PolicyName: "ExecutionRolePolicy",
        PolicyDocument: policyDocument(
          allow(["cloudformation:*", "s3:*", "sns:*"], "*", "StackSetRequiredPermissions"),
          allow(keyAdministration, "*", "KeyAdminPermissions"),
          allow(repositoryManagement, "*", "ManageECRRepos"),
        ),
      },
    ],
  },
};

function delegationRole({ delegatedAccounts }: ApplicationPlan): Resource {
  return {
    Metadata: {
      "aws:copilot:description": `The role with which the accounts ${delegatedAccounts.join(", ")} manage the domain`,
    },
    Type: "AWS::IAM::Role",
    Condition: delegateDns,
    Properties: {
      RoleName: ref("DNSDelegationRoleName"),
      AssumeRolePolicyDocument: assumedBy({ AWS: accountRoot() }, { AWS: delegatedAccounts.map(accountRoot) }),
      Path: "/",
      Policies: [
        {
          PolicyName: "DNSDelegationPolicy",
          PolicyDocument: policyDocument(
            allow(["route53:Get*", "route53:List*"], "*", "HostedZoneReadRecords"),
            allow(
              ["route53:ChangeResourceRecordSets"],
              ["AppHostedZone", "AppDomainHostedZoneID"].map((zone) =>
                sub(`arn:\${AWS::Partition}:route53:::hostedzone/\${${zone}}`),
              ),
              "HostedZoneUpdate",
            ),
          ),
        },
      ],
    },
  };
}

const hostedZone: Resource = {
  Metadata: { "aws:copilot:description": "A hosted zone for the application's part of the domain" },
  Type: "AWS::Route53::HostedZone",
  Condition: delegateDns,
  Properties: {
    HostedZoneConfig: {
      Comment: sub("Hosted zone for copilot application ${AppName}: ${AppName}.${AppDomainName}"),
    },
    Name: sub("${AppName}.${AppDomainName}"),
  },
};

const delegation: Resource = {
  Metadata: { "aws:copilot:description": "Name servers in the domain's zone that hand on to the application's" },
  Type: "AWS::Route53::RecordSet",
  Condition: delegateDns,
  Properties: {
    HostedZoneId: sub("${AppDomainHostedZoneID}"),
    Comment: sub("Record for copilot domain delegation for application ${AppDomainName}"),
    Name: sub("${AppName}.${AppDomainName}."),
    Type: "NS",
    TTL: "900",
    ResourceRecords: getAtt("AppHostedZone.NameServers"),
  },
};
