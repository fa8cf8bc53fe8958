import { expect, test } from "vitest";
import {
  taskGroupParameters,
  taskGroupTags,
  taskGroupTemplate,
} from "../../../src/cloudformation/task-group/task-group-template.ts";
import { writeTemplate } from "../../../src/cloudformation/write-template.ts";
import type { TaskGroupPlan } from "../../../src/plan/task-group-plan.ts";

const secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf:password::";
const plan: TaskGroupPlan = {
  group: "migrate",
  image: { dockerfile: "Dockerfile", context: ".", args: {} },
  cpu: 512,
  memory: 1024,
  variables: {},
  secrets: {},
};
const inEnvironment = { ...plan, app: "shop", env: "test" };

test("the stack of a task group is Copilot's", () => {
  const whole = { ...inEnvironment, command: ["sh", "-c", "echo a, b"], variables: { B: "2", A: "yes" } };
  expect(writeTemplate(taskGroupTemplate(whole))).toMatchInlineSnapshot(`
    "AWSTemplateFormatVersion: "2010-09-09"
    Description: CloudFormation template that represents a task on Amazon ECS.
    Parameters:
      TaskName:
        Type: String
      TaskCPU:
        Type: String
      TaskMemory:
        Type: String
      LogRetention:
        Type: Number
      ContainerImage:
        Type: String
      TaskRole:
        Type: String
      EnvFileARN:
        Type: String
      OS:
        Type: String
      Arch:
        Type: String
    Conditions:
      HasImage: !Not
        - !Equals
          - !Ref ContainerImage
          - ""
      HasTaskRole: !Not
        - !Equals
          - !Ref TaskRole
          - ""
      HasEnvFile: !Not
        - !Equals
          - !Ref EnvFileARN
          - ""
      HasCustomPlatform: !Not
        - !Equals
          - !Ref OS
          - ""
    Resources:
      TaskDefinition:
        Metadata:
          aws:copilot:description: An ECS task definition to run your container on ECS
        Condition: HasImage
        Type: AWS::ECS::TaskDefinition
        DependsOn: ECRRepo
        Properties:
          ContainerDefinitions:
            - Image: !Ref ContainerImage
              Command:
                - sh
                - -c
                - echo a, b
              EnvironmentFiles:
                - !If
                  - HasEnvFile
                  - Type: s3
                    Value: !Ref EnvFileARN
                  - !Ref AWS::NoValue
              LogConfiguration:
                LogDriver: awslogs
                Options:
                  awslogs-region: !Ref AWS::Region
                  awslogs-group: !Ref LogGroup
                  awslogs-stream-prefix: copilot-task
              Name: !Ref TaskName
              Environment:
                - Name: A
                  Value: "yes"
                - Name: B
                  Value: "2"
          Family: !Join
            - "-"
            - - copilot
              - !Ref TaskName
          RuntimePlatform: !If
            - HasCustomPlatform
            - OperatingSystemFamily: !Ref OS
              CpuArchitecture: !Ref Arch
            - !Ref AWS::NoValue
          RequiresCompatibilities:
            - FARGATE
          NetworkMode: awsvpc
          Cpu: !Ref TaskCPU
          Memory: !Ref TaskMemory
          ExecutionRoleArn: !GetAtt DefaultExecutionRole.Arn
          TaskRoleArn: !If
            - HasTaskRole
            - !Ref TaskRole
            - !GetAtt DefaultTaskRole.Arn
      DefaultExecutionRole:
        Metadata:
          aws:copilot:description: An IAM Role for the Fargate agent to make AWS API calls on your behalf
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Principal:
                  Service: ecs-tasks.amazonaws.com
                Action: sts:AssumeRole
          ManagedPolicyArns:
            - !Sub arn:\${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy
          Policies:
            - !If
              - HasEnvFile
              - PolicyName: !Join
                  - ""
                  - - !Ref TaskName
                    - GetEnvFilePolicy
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Action:
                        - s3:GetObject
                      Resource:
                        - !Ref EnvFileARN
                    - Effect: Allow
                      Action:
                        - s3:GetBucketLocation
                      Resource:
                        - !Join
                          - ""
                          - - "arn:"
                            - !Ref AWS::Partition
                            - ":s3:::"
                            - !Select
                              - 0
                              - !Split
                                - /
                                - !Select
                                  - 5
                                  - !Split
                                    - ":"
                                    - !Ref EnvFileARN
              - !Ref AWS::NoValue
      DefaultTaskRole:
        Metadata:
          aws:copilot:description: An IAM Role for the task to make AWS API calls on your behalf. Policies are required by ECS Exec
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Principal:
                  Service: ecs-tasks.amazonaws.com
                Action: sts:AssumeRole
          Policies:
            - PolicyName: ExecuteCommand
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Action:
                      - ssmmessages:CreateControlChannel
                      - ssmmessages:OpenControlChannel
                      - ssmmessages:CreateDataChannel
                      - ssmmessages:OpenDataChannel
                    Resource: "*"
                  - Effect: Allow
                    Action:
                      - logs:CreateLogStream
                      - logs:DescribeLogGroups
                      - logs:DescribeLogStreams
                      - logs:PutLogEvents
                    Resource: "*"
      ECRRepo:
        Metadata:
          aws:copilot:description: An ECR repository to store your container images
        Type: AWS::ECR::Repository
        Properties:
          RepositoryName: !Join
            - "-"
            - - copilot
              - !Ref TaskName
          EmptyOnDelete: true
          RepositoryPolicyText:
            Version: "2012-10-17"
            Statement:
              - Sid: AllowPushPull
                Effect: Allow
                Principal:
                  AWS: !Sub arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root
                Action:
                  - ecr:GetDownloadUrlForLayer
                  - ecr:BatchGetImage
                  - ecr:BatchCheckLayerAvailability
                  - ecr:PutImage
                  - ecr:InitiateLayerUpload
                  - ecr:UploadLayerPart
                  - ecr:CompleteLayerUpload
          LifecyclePolicy:
            LifecyclePolicyText: '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":5},"action":{"type":"expire"}}]}'
      LogGroup:
        Metadata:
          aws:copilot:description: A CloudWatch log group to hold your task logs
        Type: AWS::Logs::LogGroup
        Properties:
          LogGroupName: !Join
            - ""
            - - /copilot/
              - !Ref TaskName
          RetentionInDays: !Ref LogRetention
      S3Bucket:
        Metadata:
          aws:copilot:description: An S3 bucket to hold .env files
        Type: AWS::S3::Bucket
        Properties:
          VersioningConfiguration:
            Status: Enabled
          BucketEncryption:
            ServerSideEncryptionConfiguration:
              - ServerSideEncryptionByDefault:
                  SSEAlgorithm: AES256
          PublicAccessBlockConfiguration:
            BlockPublicAcls: true
            BlockPublicPolicy: true
            IgnorePublicAcls: true
            RestrictPublicBuckets: true
          LifecycleConfiguration:
            Rules:
              - Id: DeleteEnvFilesRule
                Status: Enabled
                Prefix: manual/env-files
                ExpirationInDays: 1
                NoncurrentVersionExpirationInDays: 1
                AbortIncompleteMultipartUpload:
                  DaysAfterInitiation: 1
      S3BucketPolicy:
        Metadata:
          aws:copilot:description: A policy to allow file uploads to the S3 bucket
        Type: AWS::S3::BucketPolicy
        Properties:
          Bucket: !Ref S3Bucket
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Action:
                  - s3:*
                Effect: Allow
                Resource:
                  - !Sub arn:\${AWS::Partition}:s3:::\${S3Bucket}
                  - !Sub arn:\${AWS::Partition}:s3:::\${S3Bucket}/*
                Principal:
                  AWS: !Sub arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root
    Outputs:
      ECRRepo:
        Description: ECR Repo used to store images of task.
        Value: !GetAtt ECRRepo.Arn
      S3Bucket:
        Description: S3 Bucket used to store env files.
        Value: !Ref S3Bucket
    "
  `);
  const arm = { operatingSystemFamily: "LINUX", cpuArchitecture: "ARM64" } as const;
  expect(taskGroupParameters({ ...whole, platform: arm, taskRole: "runs" }, { image: "example/app:1" }))
    .toMatchInlineSnapshot(`
    {
      "Arch": "ARM64",
      "ContainerImage": "example/app:1",
      "EnvFileARN": "",
      "LogRetention": "1",
      "OS": "LINUX",
      "TaskCPU": "512",
      "TaskMemory": "1024",
      "TaskName": "migrate",
      "TaskRole": "runs",
    }
  `);
  expect([taskGroupTags(whole), taskGroupTags(plan)]).toMatchInlineSnapshot(`
    [
      {
        "copilot-application": "shop",
        "copilot-environment": "test",
        "copilot-task": "migrate",
      },
      {
        "copilot-task": "migrate",
      },
    ]
  `);
});

test("in an environment a task may read what has its tags, and beside all what is named", () => {
  const secrets = { KEY: "/migrate/key", PLAIN: "plain", PASSWORD: secret };
  const policies = (given: TaskGroupPlan) =>
    taskGroupTemplate(given).Resources["DefaultExecutionRole"]?.Properties?.["Policies"];
  expect(policies({ ...inEnvironment, secrets })).toMatchObject([{}, tagged("shop", "test")]);
  expect(JSON.stringify((policies({ ...plan, secrets }) as unknown[])[1], undefined, 1)).toMatchInlineSnapshot(`
    "{
     "PolicyName": "PullSecrets",
     "PolicyDocument": {
      "Version": "2012-10-17",
      "Statement": [
       {
        "Effect": "Allow",
        "Action": [
         "ssm:GetParameters"
        ],
        "Resource": [
         {
          "Fn::Sub": "arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/migrate/key"
         },
         {
          "Fn::Sub": "arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/plain"
         }
        ]
       },
       {
        "Effect": "Allow",
        "Action": [
         "secretsmanager:GetSecretValue"
        ],
        "Resource": [
         "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
        ]
       }
      ]
     }
    }"
  `);
});

test("a role that is given takes the place of the group's own, and the boundary is on all roles that are made", () => {
  const given = taskGroupTemplate({ ...plan, executionRole: "arn:aws:iam::111122223333:role/starts" }, "limits");
  const roles = Object.entries(given.Resources).filter(([, { Type }]) => Type === "AWS::IAM::Role");
  expect(roles.map(([id, { Properties }]) => [id, Properties?.["PermissionsBoundary"]])).toMatchInlineSnapshot(`
    [
      [
        "DefaultTaskRole",
        {
          "Fn::Sub": "arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy/limits",
        },
      ],
    ]
  `);
  expect(given.Resources["TaskDefinition"]?.Properties?.["ExecutionRoleArn"]).toBe(
    "arn:aws:iam::111122223333:role/starts",
  );
});

function tagged(app: string, env: string) {
  const statement = (service: string) => ({
    Condition: {
      StringEquals: {
        [`${service}:ResourceTag/copilot-application`]: app,
        [`${service}:ResourceTag/copilot-environment`]: env,
      },
    },
  });
  return { PolicyName: "PullSecrets", PolicyDocument: { Statement: [statement("ssm"), statement("secretsmanager")] } };
}
