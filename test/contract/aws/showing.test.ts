import { beforeAll, expect, test } from "vitest";
import { createAwsAccount } from "../../../src/providers/aws/aws-account.ts";
import { createAwsProvider } from "../../../src/providers/aws/aws-provider.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { impatientTiming } from "../../support/aws/impatient-timing.ts";
import { copilotWorkspace, loadCopilotApp, missingCopilotApp } from "../../support/aws/copilot-app.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { FakeHost, run } from "../../support/fake-host.ts";
import { FakeProvider } from "../../support/fake-provider.ts";
import { folderWith } from "../../support/files.ts";
import { withoutIds } from "../../support/aws/without-ids.ts";

describeWithAws(
  "showing an application that Copilot deployed",
  (aws) => {
    beforeAll(async () => {
      await loadCopilotApp(aws);
    });

    /** What a command prints, and how often it asked what. */
    const show = async (line: string, cwd = copilotWorkspace) => {
      const session = new AwsSession({ region: "us-west-2" });
      const account = createAwsAccount(session, impatientTiming());
      aws.calls.length = 0;
      try {
        const provider = new FakeProvider({});
        const host = new FakeHost({ cwd, provider, aws: { account, provider: createAwsProvider(account, session) } });
        const shown = await run(line.split(" "), host);
        const names = aws.calls.map(({ name }) => name).toSorted();
        const calls = [...new Set(names)].map((each) => `${names.filter((name) => name === each).length} ${each}`);
        return `${withoutIds(shown)}\n${calls.join("\n")}`;
      } finally {
        session.close();
      }
    };

    test("app ls, also outside of the workspace", async () => {
      expect(await show("app ls", await folderWith({}))).toMatchInlineSnapshot(`
        "stdout:
        shop
        exit code 0
        1 ssm:GetParametersByPath"
      `);
    });

    test("app show, with and without the workspace", async () => {
      expect(await show("app show")).toMatchInlineSnapshot(`
        "stdout:
        About
          Name  shop

        Environments
          NAME   PROVIDER
          local  simulator on this machine
          prod   AWS, account 123456789012, us-west-2
          test   AWS, account 123456789012, us-west-2

        Services
          NAME    TYPE                       DEPLOYED TO
          api     Backend Service            prod, test
          front   Load Balanced Web Service  prod, test
          orders  Worker Service             prod, test
          report  Scheduled Job              prod, test
        exit code 0
        1 cloudformation:DescribeStacks
        1 ssm:GetParameter
        2 ssm:GetParametersByPath
        1 sts:AssumeRole"
      `);
      expect(await show("app show --name shop --json", await folderWith({}))).toMatchInlineSnapshot(`
        "stdout:
        {
          "name": "shop",
          "environments": [
            {
              "app": "shop",
              "name": "local",
              "provider": "local"
            },
            {
              "app": "shop",
              "name": "prod",
              "provider": "aws",
              "account": "123456789012",
              "region": "us-west-2"
            },
            {
              "app": "shop",
              "name": "test",
              "provider": "aws",
              "account": "123456789012",
              "region": "us-west-2"
            }
          ],
          "services": [
            {
              "name": "api",
              "type": "Backend Service",
              "environments": [
                "prod",
                "test"
              ]
            },
            {
              "name": "front",
              "type": "Load Balanced Web Service",
              "environments": [
                "prod",
                "test"
              ]
            },
            {
              "name": "orders",
              "type": "Worker Service",
              "environments": [
                "prod",
                "test"
              ]
            },
            {
              "name": "report",
              "type": "Scheduled Job",
              "environments": [
                "prod",
                "test"
              ]
            }
          ]
        }
        exit code 0
        1 cloudformation:DescribeStacks
        1 ssm:GetParameter
        3 ssm:GetParametersByPath
        1 sts:AssumeRole"
      `);
      expect(await show("app show --name depot", await folderWith({}))).toMatchInlineSnapshot(`
        "stderr:
        error  there is no application depot in this folder, on this machine or on AWS  (application/not-found)
               pilotfish app ls
        exit code 1
        1 ssm:GetParametersByPath"
      `);
    });

    test("env ls", async () => {
      expect(await show("env ls")).toMatchInlineSnapshot(`
        "stdout:
        local
        prod
        test
        exit code 0
        1 ssm:GetParametersByPath"
      `);
      expect(await show("env ls --json")).toMatchInlineSnapshot(`
        "stdout:
        {
          "environments": [
            {
              "app": "shop",
              "name": "local",
              "provider": "local"
            },
            {
              "app": "shop",
              "name": "prod",
              "provider": "aws",
              "account": "123456789012",
              "region": "us-west-2"
            },
            {
              "app": "shop",
              "name": "test",
              "provider": "aws",
              "account": "123456789012",
              "region": "us-west-2"
            }
          ]
        }
        exit code 0
        1 ssm:GetParametersByPath"
      `);
    });

    test("env show", async () => {
      expect(await show("env show -n test")).toMatchInlineSnapshot(`
        "stdout:
        About
          Name         test
          Application  shop
          Provider     AWS, account 123456789012, us-west-2

        Services
          NAME    TYPE                       STATUS  RUNNING  URL
          api     Backend Service            ACTIVE  2 of 2
          front   Load Balanced Web Service  ACTIVE  0 of 2   https://www.example.com/
          orders  Worker Service             ACTIVE  1 of 1
          report  Scheduled Job              ACTIVE  0 of 0
        exit code 0
        4 cloudformation:DescribeStackResources
        1 cloudformation:DescribeStacks
        3 ecs:DescribeServices
        3 ecs:DescribeTaskDefinition
        3 ecs:DescribeTasks
        6 ecs:ListTasks
        1 elasticloadbalancing:DescribeRules
        1 elasticloadbalancing:DescribeTargetHealth
        2 ssm:GetParametersByPath
        1 sts:AssumeRole"
      `);
      expect(await show("env show -n staging --aws")).toMatchInlineSnapshot(`
        "stderr:
        error  the application shop has no environment staging on AWS  (environment/not-found)
               pilotfish env ls --app shop
        exit code 1
        1 ssm:GetParametersByPath"
      `);
      expect(await show("env show -n test --manifest")).toMatchInlineSnapshot(`
        "stdout:
        # The manifest for the "test" environment.
        # Read the full specification for the "Environment" type at:
        #  https://aws.github.io/copilot-cli/docs/manifest/environment/

        # Your environment name will be used in naming your resources like VPC, cluster, etc.
        name: test
        type: Environment
        # Import your own VPC and subnets or configure how they should be created.
        # network:
        #   vpc:
        #     id:

        # Configure the load balancers in your environment, once created.
        # http:
        #   public:
        #   private:

        # Configure observability for your environment resources.
        observability:
          container_insights: false
        exit code 0
        1 cloudformation:GetTemplate
        1 ssm:GetParameter
        1 sts:AssumeRole"
      `);
      expect(await show("env show -n prod --resources --json")).toMatchSnapshot();
    });

    test("svc ls", async () => {
      expect(await show("svc ls")).toMatchInlineSnapshot(`
        "stdout:
        NAME    TYPE                       DEPLOYED
        api     Backend Service            prod, test
        front   Load Balanced Web Service  prod, test
        orders  Worker Service             prod, test
        exit code 0
        1 cloudformation:DescribeStacks
        1 ssm:GetParameter
        2 ssm:GetParametersByPath
        1 sts:AssumeRole"
      `);
    });

    test("svc show", async () => {
      expect(await show("svc show -n api")).toMatchInlineSnapshot(`
        "stdout:
        api of shop: Backend Service

        Configurations
          ENVIRONMENT  TASKS  CPU (vCPU)  MEMORY (MiB)  PLATFORM      PORT
          prod         2      0.5         1024          LINUX/X86_64  8081
          test         2      0.5         1024          LINUX/X86_64  8081

        Internal endpoints
          ENDPOINT                  ENVIRONMENT  TYPE
          api.prod.shop.local:8081  prod         Service Discovery
          api.test.shop.local:8081  test         Service Discovery

        Variables
          NAME                                CONTAINER  ENVIRONMENT  VALUE
          COPILOT_APPLICATION_NAME            api        prod         shop
          COPILOT_APPLICATION_NAME            api        test         shop
          COPILOT_ENVIRONMENT_NAME            api        prod         prod
          COPILOT_ENVIRONMENT_NAME            api        test         test
          COPILOT_SERVICE_DISCOVERY_ENDPOINT  api        prod         prod.shop.local
          COPILOT_SERVICE_DISCOVERY_ENDPOINT  api        test         test.shop.local
          COPILOT_SERVICE_NAME                api        prod         api
          COPILOT_SERVICE_NAME                api        test         api
          COPILOT_SNS_TOPIC_ARNS              api        prod         {"orders":"arn:aws:sns:us-west-2:123456789012:shop-prod-api-orders"}
          COPILOT_SNS_TOPIC_ARNS              api        test         {"orders":"arn:aws:sns:us-west-2:123456789012:shop-test-api-orders"}
        exit code 0
        2 cloudformation:DescribeStackResources
        2 cloudformation:GetTemplate
        2 ecs:DescribeServices
        2 ecs:DescribeTaskDefinition
        4 ssm:GetParametersByPath
        2 sts:AssumeRole"
      `);
      expect(await show("svc show -n front --resources --json")).toMatchSnapshot();
      expect(await show("svc show -n front --manifest prod")).toMatchInlineSnapshot(`
        "stdout:
        name: front
        type: Load Balanced Web Service
        http:
          path: '/'
          alias: www.example.com
          healthcheck:
            path: /healthz
            interval: 10s
          deregistration_delay: 5s
        image:
          location: public.ecr.aws/example/front:1
          port: 8080
        cpu: 256
        memory: 512
        count:
          range: 2-6
          cpu_percentage: 60
        exec: true
        variables:
          LOG_LEVEL: info
        secrets:
          TOKEN: /copilot/shop/test/secrets/token
        storage:
          volumes:
            shared:
              efs: true
              path: /data
              read_only: false
        sidecars:
          proxy:
            image: public.ecr.aws/example/proxy:1
            port: 9000
        exit code 0
        1 cloudformation:GetTemplate
        1 ssm:GetParameter
        1 sts:AssumeRole"
      `);
      expect(await show("svc show -n ghost --manifest prod")).toMatchInlineSnapshot(`
        "stderr:
        error  ghost of the application shop is not deployed to prod  (service/not-found)
               pilotfish svc deploy -n ghost -e prod
        exit code 1
        1 cloudformation:GetTemplate
        1 ssm:GetParameter
        1 sts:AssumeRole"
      `);
    });
  },
  missingCopilotApp,
);
