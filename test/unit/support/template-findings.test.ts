import { expect, test } from "vitest";
import type { Template } from "../../../src/cloudformation/template.ts";
import { templateFindings } from "../../support/template-check/template-findings.ts";

/** Findings in a template whose resources are these, beside a queue, a parameter for text and one for a list. */
function findings(resources: Record<string, unknown>, more: Partial<Template> = {}): string[] {
  return templateFindings({
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "",
    Parameters: { Name: { Type: "String" }, Subnets: { Type: "CommaDelimitedList" } },
    Conditions: { IsOn: { "Fn::Equals": [{ Ref: "Name" }, "on"] } },
    ...more,
    Resources: { Queue: { Type: "AWS::SQS::Queue" }, ...(resources as Template["Resources"]) },
  });
}

const service = (properties: Record<string, unknown>) => ({
  Service: { Type: "AWS::ECS::Service", Properties: properties },
});

test("a template that keeps to the types has no findings", () => {
  const network = {
    AssignPublicIp: { "Fn::If": ["IsOn", "ENABLED", { Ref: "AWS::NoValue" }] },
    Subnets: { Ref: "Subnets" },
    SecurityGroups: [{ "Fn::ImportValue": { "Fn::Sub": "${Name}-Group" } }],
  };
  const properties = {
    DesiredCount: "1",
    EnableECSManagedTags: "true",
    NetworkConfiguration: { AwsvpcConfiguration: network },
    ServiceName: { "Fn::Sub": ["${Name}-${!Literal}-${Queue.Arn}-${Own}", { Own: { Ref: "Queue" } }] },
    Tags: [{ Key: "a", Value: { "Fn::Select": [0, { "Fn::Split": [",", { Ref: "Name" }] }] } }],
  };
  expect(findings(service(properties))).toEqual([]);
});

test("what is no property, or not of its type, is a finding", () => {
  expect(
    findings({
      ...service({
        DesiredCount: "many",
        Sevice: "x",
        LaunchType: { a: "b" },
        LoadBalancers: "x",
        NetworkConfiguration: { AwsvpcConfiguration: { Subnets: { Ref: "Name" }, SecurityGroups: [["x"]] } },
        Tags: [{ Key: { Ref: "Subnets" } }],
        EnableECSManagedTags: "yes",
        TaskDefinition: null,
        DeploymentConfiguration: { MaximumPercent: NaN },
      }),
      Rule: {
        Type: "AWS::ElasticLoadBalancingV2::ListenerRule",
        Properties: { Actions: { "Fn::If": ["IsOn", [{}], []] } },
      },
      Bucket: { Type: "AWS::S3::Buckets", Retain: true },
    }),
  ).toMatchInlineSnapshot(`
    [
      "Resources.Service.Properties.DesiredCount: "many" where an integer belongs",
      "Resources.Service.Properties: unknown property Sevice",
      "Resources.Service.Properties.LaunchType: {"a":"b"} where one of EC2, FARGATE, EXTERNAL belongs",
      "Resources.Service.Properties.LoadBalancers: "x" where a list belongs",
      "Resources.Service.Properties.NetworkConfiguration.AwsvpcConfiguration.Subnets: a text where a list belongs",
      "Resources.Service.Properties.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups[0]: ["x"] where a string belongs",
      "Resources.Service.Properties.Tags[0]: required property Value is missing",
      "Resources.Service.Properties.Tags[0].Key: a list where a string belongs",
      "Resources.Service.Properties.EnableECSManagedTags: "yes" where a boolean belongs",
      "Resources.Service.Properties.TaskDefinition: null where a string belongs",
      "Resources.Service.Properties.DeploymentConfiguration.MaximumPercent: null where an integer belongs",
      "Resources.Rule.Properties: required property Priority is missing",
      "Resources.Rule.Properties: required property Conditions is missing",
      "Resources.Rule.Properties.Actions.Fn::If[1][0]: required property Type is missing",
      "Resources.Bucket: a resource has no Retain",
      "Resources.Bucket: unknown type AWS::S3::Buckets",
      "template.Resources.Service.Properties.TaskDefinition: null is no value",
      "template.Resources.Service.Properties.DeploymentConfiguration.MaximumPercent: NaN is no value",
    ]
  `);
});

test("a name that stands for nothing is a finding", () => {
  expect(
    findings(
      {
        A: {
          Type: "AWS::SNS::Topic",
          Condition: "IsOff",
          DependsOn: ["Queue", "Nobody"],
          Properties: {
            TopicName: { "Fn::Sub": "${Nmae}-${Queue.Arm}-${AWS::Region}-${AWS::Place}-${Nothing.Arn}" },
            DisplayName: { "Fn::GetAtt": ["Queue", "Arm"] },
            KmsMasterKeyId: { "Fn::If": ["IsOf", { Ref: "Keey" }, { "Fn::FindInMap": ["Map", "a", "b"] }] },
            SignatureVersion: { "Fn::Jion": ["", []] },
          },
        },
      },
      { Outputs: { Name: { Condition: "IsOut", Value: { "Fn::GetAtt": "A.Arn" } } } },
    ),
  ).toMatchInlineSnapshot(`
    [
      "Resources.A: no condition IsOff",
      "Resources.A.DependsOn: no resource Nobody",
      "Resources.A.TopicName: no parameter or resource Nmae",
      "Resources.A.TopicName: Queue (AWS::SQS::Queue) has no attribute Arm",
      "Resources.A.TopicName: no parameter or resource AWS::Place",
      "Resources.A.TopicName: no resource Nothing",
      "Resources.A.DisplayName: Queue (AWS::SQS::Queue) has no attribute Arm",
      "Resources.A.KmsMasterKeyId: no condition IsOf",
      "Resources.A.KmsMasterKeyId.Fn::If[1]: no parameter or resource Keey",
      "Resources.A.KmsMasterKeyId.Fn::If[2]: no mapping Map",
      "Resources.A.SignatureVersion: no function Fn::Jion",
      "Outputs.Name: no condition IsOut",
      "Outputs.Name.Value: A (AWS::SNS::Topic) has no attribute Arn",
    ]
  `);
});

test("resources that wait for each other are a finding", () => {
  const topic = (name: string) => ({
    Type: "AWS::SNS::Topic",
    Properties: { TopicName: { "Fn::Sub": `\${${name}}` } },
  });
  expect(findings({ A: topic("B"), B: topic("C.TopicArn"), C: { ...topic("Name"), DependsOn: "A" } })).toEqual([
    "Resources: a circle: A → B → C → A",
  ]);
});

test("what is more than CloudFormation takes is a finding", () => {
  const queue = { Type: "AWS::SQS::Queue", Properties: { QueueName: "x".repeat(2500) } };
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [i === 0 ? "not-this" : `Q${i}`, queue]));
  expect(findings(many)).toMatchInlineSnapshot(`
    [
      "template: 1284129 bytes are more than 1 MB",
      "Resources: 501 are more than 500",
      "Resources: "not-this" is no logical ID",
    ]
  `);
});
