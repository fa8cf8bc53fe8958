import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openWorkspace } from "../../../src/actions/open-workspace.ts";
import { packageRoot } from "../../../src/actions/package-root.ts";
import { packageWorkload } from "../../../src/actions/package-workload.ts";
import { jobParameters } from "../../../src/cloudformation/job/job-parameters.ts";
import { jobTemplate } from "../../../src/cloudformation/job/job-template.ts";
import { serviceReferences } from "../../../src/cloudformation/service/references.ts";
import { serviceParameters } from "../../../src/cloudformation/service/service-parameters.ts";
import { serviceTemplate } from "../../../src/cloudformation/service/service-template.ts";
import type { ScheduledJobManifest, WorkerServiceManifest } from "../../../src/manifest/load.ts";
import { planScheduledJob } from "../../../src/plan/plan-scheduled-job.ts";
import { planWorkload } from "../../../src/plan/plan-workload.ts";
import { judged } from "../../support/template-check/judged.ts";

/** Forms that the reference cases do not have. */

const facts = {
  account: "123456789012",
  region: "eu-west-1",
  partition: "aws",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
};

function worker(more: Partial<WorkerServiceManifest>) {
  const manifest: WorkerServiceManifest = { name: "work", type: "Worker Service", image: { location: "w:1" }, ...more };
  const plan = planWorkload({ manifest, app: "shop", env: "test" });
  const input = { plan, facts, manifest: "", references: serviceReferences(plan, facts, plan.images ?? {}) };
  return {
    plan,
    template: judged(serviceTemplate(input)),
    parameters: serviceParameters(input, { dnsDelegated: false }),
  };
}

function job(more: Partial<ScheduledJobManifest>) {
  const manifest: ScheduledJobManifest = {
    name: "nightly",
    type: "Scheduled Job",
    image: { location: "n:1" },
    on: { schedule: "@daily" },
    ...more,
  };
  const plan = planScheduledJob({ manifest, app: "shop", env: "test" });
  const input = { plan, facts, manifest: "", references: serviceReferences(plan, facts, plan.images ?? {}) };
  return { plan, template: judged(jobTemplate(input)), parameters: jobParameters(input, {}) };
}

describe("a worker", () => {
  test("without topics has a queue with nothing of the manifest's, and a fixed number of tasks", () => {
    const { template, parameters, plan } = worker({ subscribe: { queue: { retention: "1h", fifo: true } } });
    expect(Object.keys(template.Resources).join(" ")).toMatchInlineSnapshot(
      `"LogGroup TaskDefinition ExecutionRole TaskRole Service AddonsStack EventsKMSKey EventsQueue QueuePolicy"`,
    );
    expect(template.Resources["EventsQueue"]?.Properties).toEqual({ KmsMasterKeyId: { Ref: "EventsKMSKey" } });
    expect(template.Outputs).toEqual({});
    expect(Object.keys(template.Parameters)).toEqual(expect.arrayContaining(Object.keys(parameters)));
    expect(parameters).toMatchInlineSnapshot(`
      {
        "AddonsTemplateURL": "",
        "AppName": "shop",
        "ArtifactKeyARN": "arn:aws:kms:eu-west-1:123456789012:key/1",
        "ContainerImage": "",
        "EnvFileARN": "",
        "EnvName": "test",
        "LogRetention": "30",
        "TaskCPU": "256",
        "TaskCount": "1",
        "TaskMemory": "512",
        "WorkloadName": "work",
      }
    `);
    expect(plan.discovery).toBeUndefined();
    expect(template.Resources["Service"]?.Properties?.["ServiceRegistries"]).toEqual({ Ref: "AWS::NoValue" });
  });

  test("has dead letters in order for a queue in order, and subscribes each topic once", () => {
    const { template } = worker({
      subscribe: {
        topics: [
          { name: "my-news", service: "web-eu", queue: { dead_letter: { tries: 3 }, fifo: { high_throughput: true } } },
          { name: "giveDogs", service: "dogs", queue: true },
          { name: "plain", service: "web", filter_policy: { $or: [{ a: [1] }, { b: [{ exists: false }] }] } },
        ],
        queue: { dead_letter: { tries: 5 }, fifo: true, delay: "1500ms", timeout: "0s" },
      },
    });
    const queues = Object.entries(template.Resources).filter(([id]) => /Queue$|Subscription$/.test(id));
    expect(Object.fromEntries(queues.map(([id, { Properties }]) => [id, Properties]))).toMatchInlineSnapshot(`
      {
        "DeadLetterQueue": {
          "FifoQueue": true,
          "KmsMasterKeyId": {
            "Ref": "EventsKMSKey",
          },
          "MessageRetentionPeriod": 1209600,
        },
        "EventsQueue": {
          "DelaySeconds": 1,
          "FifoQueue": true,
          "KmsMasterKeyId": {
            "Ref": "EventsKMSKey",
          },
          "RedrivePolicy": {
            "deadLetterTargetArn": {
              "Fn::GetAtt": [
                "DeadLetterQueue",
                "Arn",
              ],
            },
            "maxReceiveCount": 5,
          },
          "VisibilityTimeout": 0,
        },
        "dogsgiveDogsEventsQueue": {
          "KmsMasterKeyId": {
            "Ref": "EventsKMSKey",
          },
        },
        "dogsgiveDogsSNSTopicSubscription": {
          "Endpoint": {
            "Fn::GetAtt": [
              "dogsgiveDogsEventsQueue",
              "Arn",
            ],
          },
          "Protocol": "sqs",
          "TopicArn": {
            "Fn::Sub": "arn:\${AWS::Partition}:sns:\${AWS::Region}:\${AWS::AccountId}:shop-test-dogs-giveDogs",
          },
        },
        "webeumynewsfifoDeadLetterQueue": {
          "FifoQueue": true,
          "KmsMasterKeyId": {
            "Ref": "EventsKMSKey",
          },
          "MessageRetentionPeriod": 1209600,
        },
        "webeumynewsfifoEventsQueue": {
          "DeduplicationScope": "messageGroup",
          "FifoQueue": true,
          "FifoThroughputLimit": "perMessageGroupId",
          "KmsMasterKeyId": {
            "Ref": "EventsKMSKey",
          },
          "RedrivePolicy": {
            "deadLetterTargetArn": {
              "Fn::GetAtt": [
                "webeumynewsfifoDeadLetterQueue",
                "Arn",
              ],
            },
            "maxReceiveCount": 3,
          },
        },
        "webeumynewsfifoSNSTopicSubscription": {
          "Endpoint": {
            "Fn::GetAtt": [
              "webeumynewsfifoEventsQueue",
              "Arn",
            ],
          },
          "Protocol": "sqs",
          "TopicArn": {
            "Fn::Sub": "arn:\${AWS::Partition}:sns:\${AWS::Region}:\${AWS::AccountId}:shop-test-web-eu-my-news.fifo",
          },
        },
        "webplainfifoSNSTopicSubscription": {
          "Endpoint": {
            "Fn::GetAtt": [
              "EventsQueue",
              "Arn",
            ],
          },
          "FilterPolicy": {
            "$or": [
              {
                "a": [
                  1,
                ],
              },
              {
                "b": [
                  {
                    "exists": false,
                  },
                ],
              },
            ],
          },
          "Protocol": "sqs",
          "TopicArn": {
            "Fn::Sub": "arn:\${AWS::Partition}:sns:\${AWS::Region}:\${AWS::AccountId}:shop-test-web-plain.fifo",
          },
        },
      }
    `);
    expect(variablesOf(template)).toMatchInlineSnapshot(`
      [
        {
          "Name": "COPILOT_QUEUE_URI",
          "Value": {
            "Ref": "EventsQueue",
          },
        },
        {
          "Name": "COPILOT_TOPIC_QUEUE_URIS",
          "Value": {
            "Fn::Sub": [
              "{"dogsGivedogsEventsQueue":"\${dogsgiveDogsURL}","webeuMynewsfifoEventsQueue":"\${webeumynewsfifoURL}"}",
              {
                "dogsgiveDogsURL": {
                  "Ref": "dogsgiveDogsEventsQueue",
                },
                "webeumynewsfifoURL": {
                  "Ref": "webeumynewsfifoEventsQueue",
                },
              },
            ],
          },
        },
      ]
    `);
  });

  test("tells its queues to sidecars, too", () => {
    const { plan } = worker({ sidecars: { helper: { image: "h:1" } } });
    const [main, helper] = plan.taskDefinition.containerDefinitions ?? [];
    const queue = { name: "COPILOT_QUEUE_URI", value: { queue: "EventsQueue" } };
    expect(main?.environment).toContainEqual(queue);
    expect(helper?.environment).toContainEqual(queue);
  });

  test("scales on CPU, memory and each of its queues, to the next whole message", () => {
    const { plan } = worker({
      count: {
        range: "0-4",
        cpu_percentage: 50,
        memory_percentage: { value: 60, cooldown: { in: "10s" } },
        queue_delay: { acceptable_latency: "1s", msg_processing_time: "300ms", cooldown: { out: "5s" } },
        cooldown: { in: "90s" },
      },
      subscribe: { topics: [{ name: "orders", service: "web", queue: true }] },
    });
    expect(
      plan.scaling?.policies.map(({ policyName, targetValue, scaleInCooldown, scaleOutCooldown }) =>
        [policyName, targetValue, scaleInCooldown, scaleOutCooldown].join(" "),
      ),
    ).toMatchInlineSnapshot(`
      [
        "work-ECSServiceAverageCPUUtilization-ScalingPolicy 50 90 60",
        "work-ECSServiceAverageMemoryUtilization-ScalingPolicy 60 10 60",
        "work-BacklogPerTask-EventsQueue 4 90 5",
        "work-BacklogPerTask-webordersEventsQueue 4 90 5",
      ]
    `);
    expect(plan.service.desiredCount).toBe(0);
  });

  test("subscribes to a topic by its publisher's name, which is cut where its stack's is", () => {
    const service = `a${"b".repeat(130)}`;
    const { plan } = worker({ subscribe: { topics: [{ name: "orders", service }] } });
    const [topic] = plan.subscribe?.subscriptions ?? [];
    expect(topic?.topicName).toBe(`${`shop-test-${service}`.slice(0, 128)}-orders`);
  });
});

describe("a job", () => {
  test("without retries and a time-out runs once and as long as it likes, in subnets that it names", () => {
    const { template, parameters } = job({
      platform: "windows/amd64",
      network: {
        vpc: {
          placement: { subnets: ["subnet-1", "subnet-2"] },
          security_groups: { groups: [{ from_cfn: "DbGroup" }] },
        },
      },
    });
    expect(Object.keys(template.Resources).join(" ")).toMatchInlineSnapshot(
      `"LogGroup TaskDefinition ExecutionRole TaskRole Rule RuleRole StateMachine StateMachineRole AddonsStack"`,
    );
    const { DefinitionSubstitutions, DefinitionString } = template.Resources["StateMachine"]?.Properties ?? {};
    expect(DefinitionSubstitutions).toMatchInlineSnapshot(`
      {
        "AssignPublicIp": "DISABLED",
        "Cluster": {
          "Fn::ImportValue": {
            "Fn::Sub": "\${AppName}-\${EnvName}-ClusterId",
          },
        },
        "ContainerName": {
          "Ref": "WorkloadName",
        },
        "Partition": {
          "Ref": "AWS::Partition",
        },
        "SecurityGroups": {
          "Fn::Join": [
            "","",
            [
              {
                "Fn::ImportValue": {
                  "Fn::Sub": "\${AppName}-\${EnvName}-EnvironmentSecurityGroup",
                },
              },
              {
                "Fn::ImportValue": "DbGroup",
              },
            ],
          ],
        },
        "Subnets": {
          "Fn::Join": [
            "","",
            [
              "subnet-1",
              "subnet-2",
            ],
          ],
        },
        "TaskDefinition": {
          "Ref": "TaskDefinition",
        },
      }
    `);
    expect(JSON.parse(String(DefinitionString))).toMatchInlineSnapshot(`
      {
        "Comment": "Run AWS Fargate task",
        "StartAt": "Run Fargate Task",
        "States": {
          "Run Fargate Task": {
            "End": true,
            "Parameters": {
              "Cluster": "\${Cluster}",
              "Group.$": "$$.Execution.Name",
              "LaunchType": "FARGATE",
              "NetworkConfiguration": {
                "AwsvpcConfiguration": {
                  "AssignPublicIp": "\${AssignPublicIp}",
                  "SecurityGroups": [
                    "\${SecurityGroups}",
                  ],
                  "Subnets": [
                    "\${Subnets}",
                  ],
                },
              },
              "PlatformVersion": "1.0.0",
              "PropagateTags": "TASK_DEFINITION",
              "TaskDefinition": "\${TaskDefinition}",
            },
            "Resource": "arn:\${Partition}:states:::ecs:runTask.sync",
            "Type": "Task",
          },
        },
        "Version": "1.0",
      }
    `);
    expect(parameters).toMatchInlineSnapshot(`
      {
        "AddonsTemplateURL": "",
        "AppName": "shop",
        "ArtifactKeyARN": "arn:aws:kms:eu-west-1:123456789012:key/1",
        "ContainerImage": "",
        "EnvFileARN": "",
        "EnvName": "test",
        "LogRetention": "30",
        "Schedule": "cron(0 0 * * ? *)",
        "TaskCPU": "256",
        "TaskCount": "1",
        "TaskMemory": "512",
        "WorkloadName": "nightly",
      }
    `);
  });

  test("that is run by hand has a rule that is off", () => {
    const { template, parameters } = job({ on: { schedule: "none" } });
    const { ScheduleExpression, State } = template.Resources["Rule"]?.Properties ?? {};
    expect([ScheduleExpression, State, parameters["Schedule"]]).toEqual(["rate(5 minutes)", "DISABLED", "none"]);
  });

  test("cannot have a name that no state machine has", () => {
    const name = "n".repeat(71);
    expect(() => job({ name })).toThrow(
      `the state machine would be named shop-test-${name}, and 81 characters are more than the 80 that AWS takes`,
    );
    expect(job({ name: "n".repeat(70) }).plan.type).toBe("Scheduled Job");
  });
});

function variablesOf(template: ReturnType<typeof worker>["template"]): unknown {
  const properties = template.Resources["TaskDefinition"]?.Properties ?? {};
  const [main] = properties["ContainerDefinitions"] as { Environment: { Name: string; Value: unknown }[] }[];
  return main?.Environment.filter(({ Name }) => Name.includes("QUEUE"));
}

/** An application that Copilot deployed. */
const root = packageRoot(import.meta.url);
const app = join(root, "../shared/copilot-app");
const parity = join(root, "../shared/tools/parity.mjs");
const isHere = existsSync(app) && existsSync(parity);
if (!isHere) process.stderr.write("skipped: an application that Copilot deployed is not at ../shared/copilot-app\n");

describe.skipIf(!isHere)("beside the stacks that Copilot deployed", () => {
  test("a worker and a job keep every resource, property and dependency", async () => {
    const actual = mkdtempSync(join(tmpdir(), "pf-deployed-"));
    onTestFinished(() => rmSync(actual, { recursive: true }));
    const deployed: { name: string; parameters: Record<string, string> }[] = JSON.parse(
      readFileSync(join(app, "deployed/app.json"), "utf8"),
    ).stacks;
    const workspace = await openWorkspace(join(app, "workspace"));
    const cases = [];
    for (const env of ["test", "prod"])
      for (const name of ["orders", "report"]) {
        const id = `shop-${env}-${name}`;
        const { parameters = {} } = deployed.find((stack) => stack.name === id) ?? {};
        const kmsKeyArn = parameters["ArtifactKeyARN"] ?? "";
        const there = { ...facts, region: "us-west-2", artifacts: { bucket: "artifacts", kmsKeyArn } };
        const { stack } = await packageWorkload({ workspace, name, env, facts: there, variables: {} });
        expect(stack.parameters).toEqual(parameters);
        mkdirSync(join(actual, id));
        writeFileSync(join(actual, id, "stack.yml"), stack.text);
        writeFileSync(join(actual, id, "params.json"), JSON.stringify({ Parameters: stack.parameters }));
        writeFileSync(join(actual, `${id}.params.json`), JSON.stringify({ Parameters: parameters }));
        const template = relative(actual, join(realpathSync(app), "deployed", `${id}.stack.yml`));
        cases.push({ id, app: "shop", env, name, template, params: `${id}.params.json` });
      }
    const list = join(actual, "cases.json");
    writeFileSync(list, JSON.stringify({ cases }));
    const tool = [realpathSync(parity), "--cases", list, "--actual", actual, "--list"];
    expect(execFileSync(process.execPath, tool, { cwd: root, encoding: "utf8" })).toMatchInlineSnapshot(`
      "shop-test-orders: resources 14/14, properties 212/212 (100.0%), attributes 1/1, extra resources 0, machinery 0
      shop-test-report: resources 8/8, properties 150/150 (100.0%), attributes 1/1, extra resources 0, machinery 0
      shop-prod-orders: resources 14/14, properties 212/212 (100.0%), attributes 1/1, extra resources 0, machinery 0
      shop-prod-report: resources 8/8, properties 150/150 (100.0%), attributes 1/1, extra resources 0, machinery 0
      TOTAL: resources 44/44 (100.0%), properties 724/724 (100.0%), attributes 4/4 (100.0%), extra resources 0, machinery 0, cases 4
      "
    `);
  });
});
