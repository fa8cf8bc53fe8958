import { mkdir, readdir, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { FakeHost, run } from "../support/fake-host.ts";
import { folderWith } from "../support/files.ts";
import { demoWorkspace } from "./workspaces.ts";

const facts = JSON.stringify({
  account: "123456789012",
  region: "eu-west-1",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
});

test("facts and the folder to write to may lie anywhere", async () => {
  const elsewhere = await folderWith({ "facts.json": facts });
  const cwd = await demoWorkspace();
  const args = ["svc", "package", "-n", "api", "-e", "test", "--facts", join(elsewhere, "facts.json")];
  expect(await run([...args, "--output-dir", join(elsewhere, "out")], new FakeHost({ cwd }))).toMatch(/exit code 0$/);
  expect(await readdir(join(elsewhere, "out"))).toEqual(["api-test.params.json", "api-test.stack.yml"]);
});

test("svc package writes the template and its parameters under Copilot's names", async () => {
  const cwd = await demoWorkspace({ "facts.json": facts });
  const args = ["svc", "package", "-n", "api", "-e", "test", "--facts", "facts.json", "--output-dir", "infrastructure"];
  expect(await run(args, new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    wrote infrastructure/api-test.stack.yml
    wrote infrastructure/api-test.params.json
    exit code 0"
  `);
  expect(await readdir(join(cwd, "infrastructure"))).toEqual(["api-test.params.json", "api-test.stack.yml"]);
  expect(await readFile(join(cwd, "infrastructure/api-test.params.json"), "utf8")).toMatchInlineSnapshot(`
    "{
      "Parameters": {
        "AddonsTemplateURL": "",
        "AppName": "demo",
        "ArtifactKeyARN": "arn:aws:kms:eu-west-1:123456789012:key/1",
        "ContainerImage": "demo/api:1",
        "ContainerPort": "8080",
        "DNSDelegated": "false",
        "EnvFileARN": "",
        "EnvName": "test",
        "HTTPSEnabled": "false",
        "LogRetention": "30",
        "RulePath": "/",
        "TargetContainer": "api",
        "TargetPort": "8080",
        "TaskCPU": "256",
        "TaskCount": "1",
        "TaskMemory": "512",
        "WorkloadName": "api"
      },
      "Tags": {
        "copilot-application": "demo",
        "copilot-environment": "test",
        "copilot-service": "api"
      }
    }
    "
  `);
  expect(await readFile(join(cwd, "infrastructure/api-test.stack.yml"), "utf8")).toMatchInlineSnapshot(`
    "AWSTemplateFormatVersion: "2010-09-09"
    Description: CloudFormation template that represents a load balanced web service on Amazon ECS.
    Metadata:
      Version: v1.34.1
      Manifest: |
        name: api
        type: Load Balanced Web Service
        image:
          location: demo/api:1
          port: 8080
        http:
          path: /
    Parameters:
      AppName:
        Type: String
      EnvName:
        Type: String
      WorkloadName:
        Type: String
      ContainerImage:
        Type: String
      ContainerPort:
        Type: Number
      TaskCPU:
        Type: String
      TaskMemory:
        Type: String
      TaskCount:
        Type: Number
      DNSDelegated:
        Type: String
        AllowedValues:
          - true
          - false
      LogRetention:
        Type: Number
      AddonsTemplateURL:
        Type: String
        Description: URL of the addons nested stack template within the S3 bucket.
        Default: ""
      EnvFileARN:
        Type: String
        Description: ARN of an environment file.
        Default: ""
      ArtifactKeyARN:
        Type: String
        Description: KMS Key used for encrypting artifacts
      TargetContainer:
        Type: String
      TargetPort:
        Type: Number
      HTTPSEnabled:
        Type: String
        AllowedValues:
          - true
          - false
      RulePath:
        Type: String
      HTTPRulePriority:
        Type: Number
        Description: Priority of a rule of the load balancer.
    Conditions:
      IsGovCloud: !Equals
        - !Ref AWS::Partition
        - aws-us-gov
      HasAssociatedDomain: !Equals
        - !Ref DNSDelegated
        - true
      HasAddons: !Not
        - !Equals
          - !Ref AddonsTemplateURL
          - ""
      HasEnvFile: !Not
        - !Equals
          - !Ref EnvFileARN
          - ""
    Resources:
      LogGroup:
        Metadata:
          aws:copilot:description: A CloudWatch log group to hold your service logs
        Type: AWS::Logs::LogGroup
        Properties:
          LogGroupName: !Join
            - ""
            - - /copilot/
              - !Ref AppName
              - "-"
              - !Ref EnvName
              - "-"
              - !Ref WorkloadName
          RetentionInDays: !Ref LogRetention
      TaskDefinition:
        Metadata:
          aws:copilot:description: An ECS task definition to group your containers and run them on ECS
        Type: AWS::ECS::TaskDefinition
        DependsOn: LogGroup
        Properties:
          Family: !Join
            - ""
            - - !Ref AppName
              - "-"
              - !Ref EnvName
              - "-"
              - !Ref WorkloadName
          NetworkMode: awsvpc
          RequiresCompatibilities:
            - FARGATE
          Cpu: !Ref TaskCPU
          Memory: !Ref TaskMemory
          ExecutionRoleArn: !GetAtt ExecutionRole.Arn
          TaskRoleArn: !GetAtt TaskRole.Arn
          ContainerDefinitions:
            - Name: api
              Image: !Ref ContainerImage
              Environment:
                - Name: COPILOT_APPLICATION_NAME
                  Value: demo
                - Name: COPILOT_SERVICE_DISCOVERY_ENDPOINT
                  Value: test.demo.local
                - Name: COPILOT_ENVIRONMENT_NAME
                  Value: test
                - Name: COPILOT_SERVICE_NAME
                  Value: api
                - Name: COPILOT_LB_DNS
                  Value:
                    Fn::ImportValue: !Sub \${AppName}-\${EnvName}-PublicLoadBalancerDNS
              LogConfiguration:
                LogDriver: awslogs
                Options:
                  awslogs-region: !Ref AWS::Region
                  awslogs-group: !Ref LogGroup
                  awslogs-stream-prefix: copilot
              PortMappings:
                - ContainerPort: 8080
                  Protocol: tcp
                  Name: target
              EnvironmentFiles:
                - !If
                  - HasEnvFile
                  - Type: s3
                    Value: !Ref EnvFileARN
                  - !Ref AWS::NoValue
      ExecutionRole:
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
          Policies:
            - PolicyName: demo-test-apiSecretsPolicy
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Action:
                      - ssm:GetParameters
                    Resource:
                      - !Sub arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/*
                    Condition:
                      StringEquals:
                        ssm:ResourceTag/copilot-application: demo
                        ssm:ResourceTag/copilot-environment: test
                  - Effect: Allow
                    Action:
                      - secretsmanager:GetSecretValue
                    Resource:
                      - !Sub arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:*
                    Condition:
                      StringEquals:
                        secretsmanager:ResourceTag/copilot-application: demo
                        secretsmanager:ResourceTag/copilot-environment: test
                  - Effect: Allow
                    Action:
                      - kms:Decrypt
                    Resource:
                      - !Ref ArtifactKeyARN
                  - Sid: DecryptTaggedKMSKey
                    Effect: Allow
                    Action:
                      - kms:Decrypt
                    Resource:
                      - !Sub arn:\${AWS::Partition}:kms:\${AWS::Region}:\${AWS::AccountId}:key/*
                    Condition:
                      StringEquals:
                        aws:ResourceTag/copilot-application: demo
                        aws:ResourceTag/copilot-environment: test
            - !If
              - HasEnvFile
              - PolicyName: !Join
                  - ""
                  - - !Ref AppName
                    - "-"
                    - !Ref EnvName
                    - "-"
                    - !Ref WorkloadName
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
          ManagedPolicyArns:
            - !Sub arn:\${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy
      TaskRole:
        Metadata:
          aws:copilot:description: An IAM role to control permissions for the containers in your tasks
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
            - PolicyName: DenyIAM
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny
                    Action: iam:*
                    Resource: "*"
      DiscoveryService:
        Metadata:
          aws:copilot:description: Service discovery for your services to communicate within the VPC
        Type: AWS::ServiceDiscovery::Service
        Properties:
          Description: Discovery Service for the Copilot services
          DnsConfig:
            RoutingPolicy: MULTIVALUE
            DnsRecords:
              - TTL: 10
                Type: A
              - TTL: 10
                Type: SRV
          HealthCheckCustomConfig:
            FailureThreshold: 1
          Name: !Ref WorkloadName
          NamespaceId:
            Fn::ImportValue: !Sub \${AppName}-\${EnvName}-ServiceDiscoveryNamespaceID
      Service:
        Metadata:
          aws:copilot:description: An ECS service to run and maintain your tasks in the environment cluster
        Type: AWS::ECS::Service
        DependsOn:
          - HTTPListenerRule
        Properties:
          LaunchType: FARGATE
          PlatformVersion: LATEST
          PropagateTags: SERVICE
          Cluster:
            Fn::ImportValue: !Sub \${AppName}-\${EnvName}-ClusterId
          TaskDefinition: !Ref TaskDefinition
          DesiredCount: !Ref TaskCount
          DeploymentConfiguration:
            MinimumHealthyPercent: 100
            MaximumPercent: 200
            DeploymentCircuitBreaker:
              Enable: true
              Rollback: true
            Alarms: !If
              - IsGovCloud
              - !Ref AWS::NoValue
              - AlarmNames: []
                Enable: false
                Rollback: true
          ServiceConnectConfiguration: !If
            - IsGovCloud
            - !Ref AWS::NoValue
            - Enabled: false
          NetworkConfiguration:
            AwsvpcConfiguration:
              AssignPublicIp: ENABLED
              SecurityGroups:
                - Fn::ImportValue: !Sub \${AppName}-\${EnvName}-EnvironmentSecurityGroup
              Subnets: !Split
                - ","
                - Fn::ImportValue: !Sub \${AppName}-\${EnvName}-PublicSubnets
          HealthCheckGracePeriodSeconds: 60
          LoadBalancers:
            - ContainerName: api
              ContainerPort: 8080
              TargetGroupArn: !Ref TargetGroup
          ServiceRegistries:
            - RegistryArn: !GetAtt DiscoveryService.Arn
              Port: !Ref TargetPort
      TargetGroup:
        Metadata:
          aws:copilot:description: A target group to connect the load balancer to your service on port 8080
        Type: AWS::ElasticLoadBalancingV2::TargetGroup
        Properties:
          Protocol: HTTP
          Port: 8080
          TargetType: ip
          HealthCheckPath: /
          TargetGroupAttributes:
            - Key: deregistration_delay.timeout_seconds
              Value: "60"
            - Key: stickiness.enabled
              Value: "false"
          VpcId:
            Fn::ImportValue: !Sub \${AppName}-\${EnvName}-VpcId
      HTTPListenerRule:
        Metadata:
          aws:copilot:description: An HTTP listener rule for path \`/\` that forwards HTTP traffic to your tasks
        Type: AWS::ElasticLoadBalancingV2::ListenerRule
        Properties:
          Actions:
            - TargetGroupArn: !Ref TargetGroup
              Type: forward
          Conditions:
            - Field: path-pattern
              PathPatternConfig:
                Values:
                  - /*
          ListenerArn:
            Fn::ImportValue: !Sub \${AppName}-\${EnvName}-HTTPListenerArn
          Priority: !Ref HTTPRulePriority
      AddonsStack:
        Metadata:
          aws:copilot:description: An Addons CloudFormation Stack for your additional AWS resources
        Type: AWS::CloudFormation::Stack
        Condition: HasAddons
        Properties:
          Parameters:
            App: !Ref AppName
            Env: !Ref EnvName
            Name: !Ref WorkloadName
          TemplateURL: !Ref AddonsTemplateURL
    Outputs:
      DiscoveryServiceARN:
        Description: ARN of the Discovery Service.
        Value: !GetAtt DiscoveryService.Arn
        Export:
          Name: !Sub \${AWS::StackName}-DiscoveryServiceARN
    "
  `);
});

test("a file is written whole or not at all, and a link to it stays one", async () => {
  const cwd = await demoWorkspace({ "facts.json": facts, "elsewhere.yml": "old", "taken/api-test.stack.yml/x": "" });
  await mkdir(join(cwd, "out"));
  await symlink(join(cwd, "elsewhere.yml"), join(cwd, "out/api-test.stack.yml"));
  const packaged = (folder: string) =>
    run(
      ["svc", "package", "-n", "api", "-e", "test", "--facts", "facts.json", "--output-dir", folder],
      new FakeHost({ cwd }),
    );
  expect(await packaged("out")).toMatchInlineSnapshot(`
    "stderr:
    wrote out/api-test.stack.yml
    wrote out/api-test.params.json
    exit code 0"
  `);
  expect(await readFile(join(cwd, "elsewhere.yml"), "utf8")).toMatch(/^AWSTemplateFormatVersion/);
  expect(await readdir(join(cwd, "out"))).toEqual(["api-test.params.json", "api-test.stack.yml"]);
  expect(await packaged("taken")).toMatchInlineSnapshot(`
    "stderr:
    taken/api-test.stack.yml  error  could not be written: a folder stands where the file is to be  (workspace/write-failed)
                                     name another folder with --output-dir, or make room in this one
    exit code 1"
  `);
  expect(await packaged("facts.json")).toMatchInlineSnapshot(`
    "stderr:
    facts.json/api-test.stack.yml  error  could not be written: a file stands where a folder is needed  (workspace/write-failed)
                                          name another folder with --output-dir, or make room in this one
    exit code 1"
  `);
  expect(await readdir(join(cwd, "taken"))).toEqual(["api-test.stack.yml"]);
});

test("without flags and a terminal, what is missing is asked for at once; an environment that nobody knows is told", async () => {
  const more = {
    "facts.json": facts,
    "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
    "copilot/web/manifest.yml":
      "name: web\ntype: Backend Service\nimage: { location: a }\nenvironments: { prod: {} }\n",
  };
  const cwd = await demoWorkspace(more);
  const packaged = async (...given: string[]) =>
    (await run(["svc", "package", "--facts", "facts.json", ...given], new FakeHost({ cwd }))).replace(
      /AWSTemplate[^]*?\n(?=exit|\n)/,
      "…\n",
    );
  expect(await packaged()).toMatchInlineSnapshot(`
    "stderr:
    error  --name is needed: api, web; --env is needed: prod, test  (usage/missing-input)
           pilotfish svc package --facts facts.json -n api -e prod
    exit code 2"
  `);
  expect(await packaged("-n", "api", "-e", "tset")).toMatchInlineSnapshot(`
    "stderr:
    copilot/environments:1:1  warning  neither the workspace nor the facts know an environment \`tset\`  (environment/unknown)
                                       did you mean \`test\`?
    stdout:
    …
    exit code 0"
  `);
  expect(await packaged("-n", "api", "-e", "prod")).toMatchInlineSnapshot(`
    "stdout:
    …
    exit code 0"
  `);
  await rm(join(cwd, "copilot/web"), { recursive: true });
  expect(await packaged()).toMatchInlineSnapshot(`
    "stderr:
    template of api in test
    stdout:
    …
    exit code 0"
  `);
  await rm(join(cwd, "copilot/environments"), { recursive: true });
  expect(await packaged()).toMatchInlineSnapshot(`
    "stderr:
    error  --env is needed: the environment's name  (usage/missing-input)
           pilotfish svc package --facts facts.json -e test
    exit code 2"
  `);
});

test.for([
  ["no facts", []],
  ["facts that are not there", ["--facts", "none.json"]],
  ["facts without an account", ["--facts", "facts.json"]],
  ["facts that are no JSON", ["--facts", "copilot/api/manifest.yml"]],
] as [string, string[]][])("%s: svc package says what is missing", async ([, flags]) => {
  const cwd = await demoWorkspace({ "facts.json": `{"region": ""}` });
  expect(await run(["svc", "package", "-n", "api", "-e", "test", ...flags], new FakeHost({ cwd }))).toMatchSnapshot();
});

test("a template keeps the manifest with the values of variables, before any overlay", async () => {
  const manifest = `
name: api
type: Backend Service
image: { location: "demo/api:\${TAG}" } # built elsewhere
variables: { WHERE: "\${COPILOT_ENVIRONMENT_NAME}" }
environments: { test: { count: 2 } }
`;
  const cwd = await demoWorkspace({ "facts.json": facts, "copilot/api/manifest.yml": manifest });
  const host = new FakeHost({ cwd, env: { TAG: "7" } });
  const output = await run(["svc", "package", "-n", "api", "-e", "test", "--facts", "facts.json"], host);
  const { Metadata } = parse(output.slice(output.indexOf("AWSTemplateFormatVersion")), { logLevel: "silent" });
  expect(Metadata.Manifest).toMatchInlineSnapshot(`
    "
    name: api
    type: Backend Service
    image: { location: "demo/api:7" } # built elsewhere
    variables: { WHERE: "test" }
    environments: { test: { count: 2 } }
    "
  `);
});

test("a stack with more resources than CloudFormation takes is written with a warning", async () => {
  const topics = Array.from({ length: 300 }, (_, i) => `    - name: topic${i}\n`).join("");
  const manifest = `name: api\ntype: Backend Service\nimage: { location: api }\npublish:\n  topics:\n${topics}`;
  const cwd = await demoWorkspace({ "facts.json": facts, "copilot/api/manifest.yml": manifest });
  const args = ["svc", "package", "-n", "api", "-e", "test", "--facts", "facts.json", "--output-dir", "out"];
  expect(await run(args, new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    copilot/api/manifest.yml:1:1  warning  the stack has 607 resources, and CloudFormation takes 500 at most  (stack/limits)
                                           spread it over several workloads: CloudFormation refuses the stack
    wrote out/api-test.stack.yml
    wrote out/api-test.params.json
    exit code 0"
  `);
});
