import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { DescribeTaskDefinitionCommand, DescribeTasksCommand, ECSClient, ListTasksCommand } from "@aws-sdk/client-ecs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { describeWithRegistry } from "../../support/aws/describe-with-registry.ts";
import { ImpatientHost } from "../../support/aws/impatient-host.ts";
import { managerRights } from "../../support/aws/manager-rights.ts";
import { createStack } from "../../support/aws/small-shop.ts";
import { whatIsLeft } from "../../support/aws/what-is-left.ts";
import { writeBusyboxContext } from "../../support/busybox-image.ts";
import { docker } from "../../support/docker.ts";
import { run } from "../../support/fake-host.ts";
import { folderWith } from "../../support/files.ts";

describeWithRegistry("one-off tasks", (aws, registry) => {
  let cwd: string;
  beforeEach(async () => {
    await aws.reset();
    cwd = await folderWith({ "copilot/.workspace": "application: shop\n", "migrate.env": "GREETING=hello\n" });
    await application();
    aws.use(managerRights());
  });

  /** The application `shop` with the environment `test`, as far as tasks need it. */
  async function application(): Promise<void> {
    const role = (name: string) => `arn:aws:iam::123456789012:role/shop-test-${name}`;
    const records = {
      "": { name: "shop", account: "123456789012", version: "1.0", permissionsBoundary: "edge" },
      "/environments/test": {
        app: "shop",
        name: "test",
        region: "us-west-2",
        accountID: "123456789012",
        executionRoleARN: role("CFNExecutionRole"),
        managerRoleARN: role("EnvManagerRole"),
      },
    };
    const ssm = aws.client(SSMClient);
    for (const [path, record] of Object.entries(records)) {
      const Name = `/copilot/applications/shop${path}`;
      await ssm.send(new PutParameterCommand({ Name, Type: "String", Value: JSON.stringify(record) }));
    }
    const subnet = (CidrBlock: string) => ({
      Type: "AWS::EC2::Subnet",
      Properties: { VpcId: { Ref: "VPC" }, CidrBlock, AvailabilityZone: "us-west-2a" },
    });
    const Resources = {
      VPC: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/16" } },
      Public: subnet("10.0.0.0/24"),
      Group: {
        Type: "AWS::EC2::SecurityGroup",
        Properties: { GroupDescription: "shop-test-env", VpcId: { Ref: "VPC" } },
      },
      Cluster: { Type: "AWS::ECS::Cluster", Properties: { ClusterName: "shop-test-Cluster" } },
    };
    const Outputs = {
      ClusterId: { Value: { Ref: "Cluster" } },
      PublicSubnets: { Value: { Ref: "Public" } },
      EnvironmentSecurityGroup: { Value: { "Fn::GetAtt": ["Group", "GroupId"] } },
    };
    await createStack(aws, "shop-test", { Resources, Outputs }, { "copilot-environment": "test" });
  }

  /** What a user sees, without what is another thing each time. */
  async function type(line: string[], more: { answers?: boolean[]; interruptAt?: RegExp } = {}): Promise<string> {
    const { PATH = "", HOME = "", DOCKER_CONFIG = "" } = process.env;
    const terminal = more.answers && { terminal: { columns: 160, rows: 40 } };
    const host = new ImpatientHost({ cwd, env: { PATH, HOME, DOCKER_CONFIG }, ...more, ...terminal });
    if (more.interruptAt !== undefined)
      host.stderr.onWrite = (text) => void (more.interruptAt?.test(text) && host.interrupt());
    return (await run(line, host))
      .replaceAll(/\b[0-9a-f]{8}\b/g, "TASK")
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, "TIME");
  }
  const words = (line: string) => line.split(" ");

  const describeStack = async (name: string) => {
    const { Stacks: [stack] = [] } = await aws
      .client(CloudFormationClient)
      .send(new DescribeStacksCommand({ StackName: name }));
    return stack;
  };

  test("run from a Dockerfile: the image is pushed, the task is one of Copilot's, and nothing of it is left when it is deleted", async () => {
    await writeBusyboxContext(cwd, { command: ["/bin/true"] });
    onTestFinished(async () => {
      const found = await docker("images", "--quiet", "--filter", "label=com.aws.copilot.image.container.name=migrate");
      for (const id of new Set(found.split("\n").filter(Boolean))) await docker("rmi", "--force", id).catch(() => {});
    });
    const before = await whatIsLeft(aws, ["us-west-2"]);
    const ran = await type([
      ...words("task run -n migrate -e test --tag v1 --count 2 --env-file migrate.env --env-vars MODE=a,SIZE=2"),
      ...[
        "--secrets",
        "KEY=/copilot/shop/test/secrets/KEY",
        "--command",
        "sh -c 'echo a, b'",
        "--resource-tags",
        "team=blue",
      ],
    ]);
    expect(ran).toMatchInlineSnapshot(`
      "stderr:
      application shop · environment test · task group migrate · account 123456789012, us-west-2
      stack task-migrate: creating
      stack task-migrate: DefaultExecutionRole (AWS::IAM::Role) CREATE_COMPLETE
      stack task-migrate: DefaultTaskRole (AWS::IAM::Role) CREATE_COMPLETE
      stack task-migrate: ECRRepo (AWS::ECR::Repository) CREATE_COMPLETE
      stack task-migrate: LogGroup (AWS::Logs::LogGroup) CREATE_COMPLETE
      stack task-migrate: S3Bucket (AWS::S3::Bucket) CREATE_COMPLETE
      stack task-migrate: S3BucketPolicy (AWS::S3::BucketPolicy) CREATE_COMPLETE
      stack task-migrate: CREATE_COMPLETE
      image of migrate: building Dockerfile for linux/amd64
        | Sending build context to Docker daemon  1.989MB
        | Step 1/8 : FROM scratch
        |  ---> 
        | Step 2/8 : COPY rootfs/ /
        |  ---> 0a928b09349a
        | Step 3/8 : RUN ["/bin/busybox", "--install", "-s", "/bin"]
        |  ---> Running in 7ffa305f4d82
        | Removing intermediate container 7ffa305f4d82
        |  ---> cfab8f8db6f4
        | Step 4/8 : CMD ["/bin/true"]
        |  ---> Running in dcff5802de85
        | Removing intermediate container dcff5802de85
        |  ---> 462f22643b8c
        | Step 5/8 : LABEL pilotfish.image.builder=pilotfish
        |  ---> Running in ccb9e705af72
        | Removing intermediate container ccb9e705af72
        |  ---> 056a5c77dfd6
        | Step 6/8 : LABEL pilotfish.image.builder.version=0.1.0
        |  ---> Running in 4c2bfccfaa59
        | Removing intermediate container 4c2bfccfaa59
        |  ---> c1073e090b61
        | Step 7/8 : LABEL pilotfish.image.container.name=migrate
        |  ---> Running in eb4905393219
        | Removing intermediate container eb4905393219
        |  ---> 8c454d71476d
        | Step 8/8 : LABEL pilotfish.image.repository=copilot-migrate
        |  ---> Running in afd59d3229bb
        | Removing intermediate container afd59d3229bb
        |  ---> ed354a3c823e
        | Successfully built ed354a3c823e
      image of migrate: built copilot-migrate:v1 (ed354a3c823e) in 0 ms
      image of migrate: pushing 127.0.0.1:37103/copilot-migrate:v1
        | The push refers to repository [127.0.0.1:37103/copilot-migrate]
        | bdd67c47186b: Preparing
        | 8e4e3055cced: Preparing
        | bdd67c47186b: Pushed
        | 8e4e3055cced: Pushed
        | v1: digest: sha256:cfa6231f996d57ac93e5c9b858feeed61813b2dbf543363ffe649e196ffe8c1c size: 736
        | The push refers to repository [127.0.0.1:37103/copilot-migrate]
        | bdd67c47186b: Preparing
        | 8e4e3055cced: Preparing
        | bdd67c47186b: Layer already exists
        | 8e4e3055cced: Layer already exists
        | latest: digest: sha256:cfa6231f996d57ac93e5c9b858feeed61813b2dbf543363ffe649e196ffe8c1c size: 736
      image of migrate: pushed 127.0.0.1:37103/copilot-migrate:v1 (cfa6231f996d) in 0 ms
      stack task-migrate: updating
      stack task-migrate: TaskDefinition (AWS::ECS::TaskDefinition) CREATE_COMPLETE
      stack task-migrate: DefaultExecutionRole (AWS::IAM::Role) UPDATE_COMPLETE
      stack task-migrate: UPDATE_COMPLETE
      tasks of migrate in the cluster shop-test-Cluster: TASK, TASK
      task TASK: PENDING
      task TASK: PENDING
      task TASK: STOPPED
      task TASK stopped: TaskFailedToStart: ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid parameters: /copilot/shop/test/secrets/KEY
        pilotfish secret init -a shop -n KEY
      task TASK: STOPPED
      task TASK stopped: TaskFailedToStart: ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid parameters: /copilot/shop/test/secrets/KEY
        pilotfish secret init -a shop -n KEY
      2 of 2 tasks of migrate failed
        TASK  STOPPED
        TASK  STOPPED
      exit code 1"
    `);
  });
});
