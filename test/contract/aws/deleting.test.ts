import { afterEach, beforeEach, expect, test } from "vitest";
import { createAwsAccount } from "../../../src/providers/aws/aws-account.ts";
import { createAwsProvider } from "../../../src/providers/aws/aws-provider.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { impatientTiming } from "../../support/aws/impatient-timing.ts";
import { errorAnswer } from "../../support/aws/answers.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { AwsEmulator } from "../../support/aws/emulator.ts";
import { whatIsLeft } from "../../support/aws/what-is-left.ts";
import { folderWith } from "../../support/files.ts";
import { FakeProvider } from "../../support/fake-provider.ts";
import { FakeHost, run } from "../../support/fake-host.ts";

const files = {
  "copilot/.workspace": "application: shop\n",
  "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
  "copilot/environments/prod/manifest.yml": "name: prod\ntype: Environment\n",
  "copilot/front/manifest.yml": `
name: front
type: Load Balanced Web Service
image: { location: nginx, port: 80 }
http: { path: / }
storage:
  volumes:
    data: { efs: true, path: /data }
`,
  "copilot/api/manifest.yml": `
name: api
type: Backend Service
image: { location: nginx, port: 80 }
`,
  "copilot/report/manifest.yml": `
name: report
type: Scheduled Job
image: { location: nginx }
on: { schedule: "@daily" }
`,
};

describeWithAws("deleting on AWS", (aws) => {
  let cwd: string;
  let session: AwsSession;

  beforeEach(async () => {
    await aws.reset();
    await aws.hurry();
    cwd = await folderWith(files);
    session = new AwsSession({ region: AwsEmulator.region });
  });
  afterEach(() => session.close());

  const host = (more: Partial<ConstructorParameters<typeof FakeHost>[0]> = {}) => {
    const account = createAwsAccount(session, impatientTiming());
    return new FakeHost({ cwd, aws: { account, provider: createAwsProvider(account, session) }, ...more });
  };
  const type = (line: string) => run(line.split(" "), host());
  const made = async (...lines: string[]) => {
    for (const line of lines) expect(await type(line)).toContain("exit code 0");
  };

  test("svc delete from one environment leaves the application its record and its repository", async () => {
    await made(
      "app init shop",
      "env init -n test --default-config",
      "env deploy -n test",
      "svc deploy -n front -e test",
    );
    expect(await type("svc delete -n front -e test")).toMatchInlineSnapshot(`
      "stderr:
      application shop · environment test · service front · account 123456789012, us-west-2
      this removes
        the service front from test (account 123456789012, us-west-2) with its logs, and what test has for it alone: the public load balancer, the file system with all data in it
      error  this cannot be undone, and there is nobody to ask: --yes is needed  (usage/missing-input)
             pilotfish svc delete -n front -e test --yes
      exit code 2"
    `);
    expect(await type("svc delete -n front -e test --yes")).toMatchInlineSnapshot(`
      "stderr:
      application shop · environment test · service front · account 123456789012, us-west-2
      this removes
        the service front from test (account 123456789012, us-west-2) with its logs, and what test has for it alone: the public load balancer, the file system with all data in it
      stack shop-test-front: deleting
      stack shop-test-front: DELETE_COMPLETE
      stack shop-test: updating
      stack shop-test: PublicHTTPLoadBalancerSecurityGroup (AWS::EC2::SecurityGroup) DELETE_COMPLETE
      stack shop-test: EnvironmentHTTPSecurityGroupIngressFromPublicALB (AWS::EC2::SecurityGroupIngress) DELETE_COMPLETE
      stack shop-test: PublicLoadBalancer (AWS::ElasticLoadBalancingV2::LoadBalancer) DELETE_COMPLETE
      stack shop-test: DefaultHTTPTargetGroup (AWS::ElasticLoadBalancingV2::TargetGroup) DELETE_COMPLETE
      stack shop-test: HTTPListener (AWS::ElasticLoadBalancingV2::Listener) DELETE_COMPLETE
      stack shop-test: FileSystem (AWS::EFS::FileSystem) DELETE_COMPLETE
      stack shop-test: EFSSecurityGroup (AWS::EC2::SecurityGroup) DELETE_COMPLETE
      stack shop-test: EFSSecurityGroupIngressFromEnvironment (AWS::EC2::SecurityGroupIngress) DELETE_COMPLETE
      stack shop-test: MountTarget1 (AWS::EFS::MountTarget) DELETE_COMPLETE
      stack shop-test: MountTarget2 (AWS::EFS::MountTarget) DELETE_COMPLETE
      stack shop-test: UPDATE_COMPLETE
      deleted the service front from test
      stdout:
      front is deleted from test; its manifest is still there
      exit code 0"
    `);
    expect(await whatIsLeft(aws, [AwsEmulator.region])).toMatchInlineSnapshot(`
      [
        "bucket stackset-shop-infrastr-pipelinebuiltartifactbucket-ID",
        "cluster shop-test-Cluster-ID",
        "parameter /copilot/applications/shop",
        "parameter /copilot/applications/shop/components/front",
        "parameter /copilot/applications/shop/environments/test",
        "repository shop/front in us-west-2",
        "role shop-adminrole",
        "role shop-executionrole",
        "role shop-test-CFNExecutionRole",
        "role shop-test-EnvManagerRole",
        "stack StackSet-shop-infrastructure UPDATE_COMPLETE",
        "stack of shop-infrastructure in us-west-2",
        "stack set shop-infrastructure",
        "stack shop-infrastructure-roles CREATE_COMPLETE",
        "stack shop-test UPDATE_COMPLETE",
      ]
    `);
    expect(await type("svc delete -n front -e test --yes")).toMatchInlineSnapshot(`
      "stderr:
      error  the application shop has no service front on AWS in test  (service/not-found)
             pilotfish svc ls --app shop
      exit code 1"
    `);
    expect(await type("svc delete -n front --yes")).toMatchInlineSnapshot(`
      "stderr:
      application shop · environment none · service front · account 123456789012, us-west-2
      this removes
        its image repositories shop/front with all images, and its record
      stack set shop-infrastructure: updating
      stack set shop-infrastructure: done
      deleted the record /copilot/applications/shop/components/front
      stdout:
      front is deleted from the application shop; its manifest is still there
      exit code 0"
    `);
  });

  test("env delete is refused while workloads are there, then leaves nothing of the environment", async () => {
    await made("app init shop", "env init -n test --default-config", "env deploy -n test", "svc deploy -n api -e test");
    expect(await type("env delete -n test --yes")).toMatchInlineSnapshot(`
      "stderr:
      error  workloads of shop are deployed to test: api  (environment/in-use)
             pilotfish svc delete --app shop --name api --env test
      exit code 1"
    `);
    await made("svc delete -n api -e test --yes");
    expect(await type("env delete -n test")).toMatchInlineSnapshot(`
      "stderr:
      application shop · environment test · account 123456789012, us-west-2
      this removes
        the environment test (account 123456789012, us-west-2)
        its network, its roles, its names and certificates, and its record
      error  this cannot be undone, and there is nobody to ask: --yes is needed  (usage/missing-input)
             pilotfish env delete -n test --yes
      exit code 2"
    `);
    expect(await type("env delete -n test --yes")).toMatchInlineSnapshot(`
      "stderr:
      application shop · environment test · account 123456789012, us-west-2
      this removes
        the environment test (account 123456789012, us-west-2)
        its network, its roles, its names and certificates, and its record
      stack shop-test: deleting
      stack shop-test: DELETE_COMPLETE
      deleted the role shop-test-CFNExecutionRole
      deleted the role shop-test-EnvManagerRole
      stack set shop-infrastructure: removing a stack in us-west-2
      stack set shop-infrastructure: done
      deleted the environment test
      stdout:
      the environment test is deleted; its manifest is still there
      exit code 0"
    `);
    expect(await whatIsLeft(aws, [AwsEmulator.region])).toMatchInlineSnapshot(`
      [
        "parameter /copilot/applications/shop",
        "parameter /copilot/applications/shop/components/api",
        "role shop-adminrole",
        "role shop-executionrole",
        "stack set shop-infrastructure",
        "stack shop-infrastructure-roles CREATE_COMPLETE",
      ]
    `);
  });

  test("app delete leaves nothing but the manifests", async () => {
    await made("app init shop", "env init -n test --default-config", "env deploy -n test", "svc deploy -n api -e test");
    await made("svc deploy -n front -e test", "svc deploy -n report -e test");
    expect(await run(["app", "delete", "--yes"], host({ provider: new FakeProvider({}) }))).toMatchInlineSnapshot(`
  "stderr:
  application shop · environment local · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
  this removes, with logs and file systems
    environment  local  no services
    file copilot/.workspace; manifests stay
  application shop · environment test · account 123456789012, us-west-2
  this removes from AWS, with logs, file systems and images
    environment  test  account 123456789012, us-west-2  with api, front, report
    the application's buckets, keys and roles, and the repositories of api, front, report
    its records; secrets stay: aws ssm get-parameters-by-path --path /copilot/shop/ --recursive
  stack shop-test-api: deleting
  stack shop-test-api: DELETE_COMPLETE
  deleted the service api from test
  stack shop-test-front: deleting
  stack shop-test-front: DELETE_COMPLETE
  stack shop-test: updating
  stack shop-test: PublicHTTPLoadBalancerSecurityGroup (AWS::EC2::SecurityGroup) DELETE_COMPLETE
  stack shop-test: EnvironmentHTTPSecurityGroupIngressFromPublicALB (AWS::EC2::SecurityGroupIngress) DELETE_COMPLETE
  stack shop-test: PublicLoadBalancer (AWS::ElasticLoadBalancingV2::LoadBalancer) DELETE_COMPLETE
  stack shop-test: DefaultHTTPTargetGroup (AWS::ElasticLoadBalancingV2::TargetGroup) DELETE_COMPLETE
  stack shop-test: HTTPListener (AWS::ElasticLoadBalancingV2::Listener) DELETE_COMPLETE
  stack shop-test: FileSystem (AWS::EFS::FileSystem) DELETE_COMPLETE
  stack shop-test: EFSSecurityGroup (AWS::EC2::SecurityGroup) DELETE_COMPLETE
  stack shop-test: EFSSecurityGroupIngressFromEnvironment (AWS::EC2::SecurityGroupIngress) DELETE_COMPLETE
  stack shop-test: MountTarget1 (AWS::EFS::MountTarget) DELETE_COMPLETE
  stack shop-test: MountTarget2 (AWS::EFS::MountTarget) DELETE_COMPLETE
  stack shop-test: UPDATE_COMPLETE
  deleted the service front from test
  stack shop-test-report: deleting
  stack shop-test-report: DELETE_COMPLETE
  deleted the job report from test
  stack shop-test: deleting
  stack shop-test: DELETE_COMPLETE
  deleted the role shop-test-CFNExecutionRole
  deleted the role shop-test-EnvManagerRole
  stack set shop-infrastructure: removing a stack in us-west-2
  stack set shop-infrastructure: done
  deleted the environment test
  stack set shop-infrastructure: deleting
  stack set shop-infrastructure: done
  stack shop-infrastructure-roles: deleting
  stack shop-infrastructure-roles: DELETE_COMPLETE
  deleted the record /copilot/applications/shop
  deleted the environment local
  deleted the file copilot/.workspace
  stdout:
  the application shop is deleted; its manifests are still there
  exit code 0"
`);
    expect(await whatIsLeft(aws, [AwsEmulator.region])).toEqual([]);
  });

  test("a removal that was broken off anywhere is finished by the next one", async () => {
    await made("app init shop", "env init -n test --default-config", "env deploy -n test", "svc deploy -n api -e test");
    const all = [
      "cloudformation:DeleteStack",
      "cloudformation:DeleteStackInstances",
      "ssm:DeleteParameter",
      "cloudformation:DeleteStackSet",
    ];
    for (const stopAt of all) {
      let passed = false;
      aws.use(async (call, pass) => {
        if (passed || call.name !== stopAt) return pass();
        passed = true;
        await pass();
        // It was done, and whoever asked was gone before the answer came.
        return errorAnswer(call, { code: "ExpiredTokenException", message: "The token has expired.", status: 403 });
      });
      await run(["app", "delete", "--yes"], host({ provider: new FakeProvider({}) }));
      expect(passed, stopAt).toBe(true);
    }
    const last = host({ provider: new FakeProvider({}) });
    expect(await run(["app", "delete", "-n", "shop", "--yes"], last)).toContain("exit code 0");
    expect(await whatIsLeft(aws, [AwsEmulator.region])).toEqual([]);
  });
});
