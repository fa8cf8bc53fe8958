import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { diffStack, type StackDiff } from "../../../../src/actions/diff-stack.ts";
import { factsWithStackSet } from "../../../../src/actions/deployed-stacks.ts";
import { openWorkspace } from "../../../../src/actions/open-workspace.ts";
import { packageApplication } from "../../../../src/actions/package-application.ts";
import { packageEnvironment } from "../../../../src/actions/package-environment.ts";
import { packageRoot } from "../../../../src/actions/package-root.ts";
import { packageWorkload } from "../../../../src/actions/package-workload.ts";
import type { PackagedStack } from "../../../../src/actions/packaged-stack.ts";
import type { DeployedStack, StackFacts } from "../../../../src/cloudformation/facts.ts";
import { readTemplate } from "../../../../src/cloudformation/read-template.ts";
import { detach } from "../../../../src/cloudformation/update/detach.ts";
import { requireDetached } from "../../../../src/cloudformation/update/detach-first.ts";
import { stackUpdate } from "../../../../src/cloudformation/update/stack-update.ts";

/** An application that Copilot deployed, and what deploying its workspace over it would do. */
const folder = join(packageRoot(import.meta.url), "../shared/copilot-app");
const isThere = existsSync(folder);
if (!isThere) process.stderr.write("skipped: no deployed application at ../shared/copilot-app\n");

const setName = "shop-infrastructure";

interface Told extends DeployedStack {
  name: string;
  template: string;
  resources: Record<string, { id: string; type: string }>;
}

const environments = ["test", "prod"];
const workloads = ["api", "front", "orders", "report"];

describe.skipIf(!isThere)("deploying over what Copilot deployed", () => {
  const packaged = new Map<string, PackagedStack>();
  const diffs = new Map<string, StackDiff>();
  let stacks: Record<string, Told> = {};

  beforeAll(async () => {
    const told = JSON.parse(readFileSync(join(folder, "deployed/app.json"), "utf8")) as { stacks: Told[] };
    stacks = Object.fromEntries(
      told.stacks.map((each) => [each.name, { ...each, template: join(folder, "deployed", each.template) }]),
    );
    stacks[setName] = {
      name: setName,
      template: join(folder, "deployed/shop-infrastructure.stackset.yml"),
      resources: {},
    };
    const workspace = await openWorkspace(join(folder, "workspace"));
    for (const env of environments) {
      const facts = factsOf(env, stacks);
      const request = { workspace, env, facts, variables: {} };
      const made = [await packageEnvironment(request)];
      for (const name of workloads) made.push(await packageWorkload({ ...request, name }));
      for (const { stack } of made) {
        packaged.set(stack.name, stack);
        for (const diff of await diffStack({ stack, facts, cwd: folder })) diffs.set(diff.stack, diff);
      }
    }
  }, 60_000);

  /** What changes:
   *  - Custom resources go out of the stacks, and stay: the stacks are detached first. With them go their functions and
   *    the roles of those; the one that may write names becomes the manager's to take on.
   *  - EnabledFeatures: the environment knows the aliases of its workloads; Copilot's function had not told it yet.
   *  - DesiredCount: with scaling, the running number counts (`docs/facts.md`).
   *  - The worker scales on metric math, so that nothing has to compute its metric. What did, goes, with its own log.
   */
  test("changes what custom resources did, and no more", () => {
    const changes = (env: string) =>
      [...diffs].flatMap(([name, diff]) => (name.startsWith(`shop-${env}`) ? listed(diff) : [])).join("\n");
    expect(changes("prod").replaceAll("shop-prod", "shop-test")).toBe(changes("test"));
    expect(changes("test")).toMatchInlineSnapshot(`
      "shop-test
        replaced CustomResourceRole (AWS::IAM::Role)
          AssumeRolePolicyDocument.Statement[0].Principal.Service
          AssumeRolePolicyDocument.Statement[0].Principal.AWS
          AssumeRolePolicyDocument.Statement[0].Action
          Policies[DNSandACMAccess]
          Policies[ManageDomain]
          RoleName
        removed CertificateValidationFunction (AWS::Lambda::Function)
        removed DNSDelegationFunction (AWS::Lambda::Function)
        retained DelegateDNSAction (Custom::DNSDelegationFunction)
        retained HTTPSCert (Custom::CertificateValidationFunction)
        output EnabledFeatures changed
      shop-test-api
        retained EnvControllerAction (Custom::EnvControllerFunction)
        removed EnvControllerFunction (AWS::Lambda::Function)
        removed EnvControllerRole (AWS::IAM::Role)
      shop-test-front
        retained DynamicDesiredCountAction (Custom::DynamicDesiredCountFunction)
        removed DynamicDesiredCountFunction (AWS::Lambda::Function)
        removed DynamicDesiredCountFunctionRole (AWS::IAM::Role)
        retained EnvControllerAction (Custom::EnvControllerFunction)
        removed EnvControllerFunction (AWS::Lambda::Function)
        removed EnvControllerRole (AWS::IAM::Role)
        changed Service (AWS::ECS::Service)
          DesiredCount
        removed RulePriorityFunction (AWS::Lambda::Function)
        removed RulePriorityFunctionRole (AWS::IAM::Role)
        retained HTTPSRulePriorityAction (Custom::RulePriorityFunction)
        retained HTTPRuleWithDomainPriorityAction (Custom::RulePriorityFunction)
      shop-test-front/AddonsStack
      shop-test-orders
        retained DynamicDesiredCountAction (Custom::DynamicDesiredCountFunction)
        removed DynamicDesiredCountFunction (AWS::Lambda::Function)
        removed DynamicDesiredCountFunctionRole (AWS::IAM::Role)
        removed BacklogPerTaskCalculatorLogGroup (AWS::Logs::LogGroup)
        removed BacklogPerTaskCalculatorFunction (AWS::Lambda::Function)
        removed BacklogPerTaskCalculatorRole (AWS::IAM::Role)
        removed BacklogPerTaskScheduledRule (AWS::Events::Rule)
        removed PermissionToInvokeBacklogPerTaskCalculatorLambda (AWS::Lambda::Permission)
        changed AutoScalingPolicyEventsQueue (AWS::ApplicationAutoScaling::ScalingPolicy)
          TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification.Namespace
          TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification.MetricName
          TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification.Statistic
          TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification.Dimensions
          TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification.Unit
          TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification.Metrics
        changed Service (AWS::ECS::Service)
          DesiredCount
        retained EnvControllerAction (Custom::EnvControllerFunction)
        removed EnvControllerFunction (AWS::Lambda::Function)
        removed EnvControllerRole (AWS::IAM::Role)
      shop-test-report
        retained EnvControllerAction (Custom::EnvControllerFunction)
        removed EnvControllerFunction (AWS::Lambda::Function)
        removed EnvControllerRole (AWS::IAM::Role)"
    `);
  });

  test("leaves the application's own stacks as they are", async () => {
    const workspace = await openWorkspace(join(folder, "workspace"));
    const own = { account: "123456789012", region: "us-west-2", managerRoleArn: "", executionRoleArn: "" };
    const facts = await factsWithStackSet(
      { account: own.account, partition: "aws", environments: { test: own, prod: own }, stacks },
      "shop",
      folder,
    );
    const { stacks: made } = await packageApplication({ workspace, facts });
    const changes = [];
    for (const stack of made) changes.push(...(await diffStack({ stack, facts, cwd: folder })).map(listed));
    expect(changes).toEqual([["shop-infrastructure-roles"], [setName]]);
  });

  test("replaces and removes nothing that holds data but the log of a function that goes", () => {
    const losses = [...diffs].flatMap(([name, { resources }]) =>
      resources.flatMap(({ id, action, holds }) =>
        holds !== undefined && (action === "replaced" || action === "removed") ? [`${name}: ${id} (${holds})`] : [],
      ),
    );
    expect(losses).toMatchInlineSnapshot(`
      [
        "shop-test-orders: BacklogPerTaskCalculatorLogGroup (logs)",
        "shop-prod-orders: BacklogPerTaskCalculatorLogGroup (logs)",
      ]
    `);
  });

  test("keeps every output and every export", () => {
    const gone = [...diffs].flatMap(([name, { outputs }]) =>
      outputs.flatMap((each) => {
        const renamed = each.properties.some(({ path }) => path.startsWith("Export"));
        return each.action === "changed" && !renamed ? [] : [`${name}: ${each.name} ${each.action}`];
      }),
    );
    expect(gone).toEqual([]);
    for (const [name, { template }] of packaged) {
      const deployed = Object.keys(stacks[name]?.outputs ?? {});
      expect(Object.keys(template.Outputs ?? {})).toEqual(expect.arrayContaining(deployed));
    }
  });

  test("would have custom resources deleted by their programs, were the stacks not detached first", () => {
    const refusals = [...packaged].map(([name, after]) => {
      const { template: file = "", parameters = {} } = stacks[name] ?? {};
      const before = { template: readTemplate(readFileSync(file, "utf8")), parameters };
      const detached = { ...before, template: detach(before.template) };
      expect(() => requireDetached(detached, after)).not.toThrow();
      const update = stackUpdate({ before: detached, after, schemas: {} });
      expect(update.resources.filter(({ action, custom }) => custom && action !== "retained")).toEqual([]);
      try {
        requireDetached(before, after);
        return `${name}: nothing`;
      } catch (error) {
        return `${name}: ${(error as Error).message}`;
      }
    });
    expect(refusals).toMatchInlineSnapshot(`
      [
        "shop-test: the stack is not detached: this update would delete DelegateDNSAction, HTTPSCert",
        "shop-test-api: the stack is not detached: this update would delete EnvControllerAction",
        "shop-test-front: the stack is not detached: this update would delete DynamicDesiredCountAction, EnvControllerAction, HTTPSRulePriorityAction, HTTPRuleWithDomainPriorityAction",
        "shop-test-orders: the stack is not detached: this update would delete DynamicDesiredCountAction, EnvControllerAction",
        "shop-test-report: the stack is not detached: this update would delete EnvControllerAction",
        "shop-prod: the stack is not detached: this update would delete DelegateDNSAction, HTTPSCert",
        "shop-prod-api: the stack is not detached: this update would delete EnvControllerAction",
        "shop-prod-front: the stack is not detached: this update would delete DynamicDesiredCountAction, EnvControllerAction, HTTPSRulePriorityAction, HTTPRuleWithDomainPriorityAction",
        "shop-prod-orders: the stack is not detached: this update would delete DynamicDesiredCountAction, EnvControllerAction",
        "shop-prod-report: the stack is not detached: this update would delete EnvControllerAction",
      ]
    `);
  });
});

function factsOf(env: string, stacks: Record<string, Told>): StackFacts {
  const { PipelineBucket = "", KMSKeyARN = "" } = stacks["StackSet-shop-infrastructure"]?.outputs ?? {};
  return {
    account: "123456789012",
    region: "us-west-2",
    partition: "aws",
    domain: "example.com",
    artifacts: { bucket: PipelineBucket, kmsKeyArn: KMSKeyARN },
    certificates: { loadBalancer: stacks[`shop-${env}`]?.resources["HTTPSCert"]?.id },
    // As their listeners say; a rule for every path is the last one.
    rulePriorities: { HTTPSRulePriority: 50_000, HTTPRuleWithDomainPriority: 50_000 },
    stacks,
  };
}

function listed({ stack, resources, outputs, tags }: StackDiff): string[] {
  const lines = resources.flatMap(({ action, certain, id, type, properties, attributes }) => [
    `  ${certain ? "" : "may be "}${action} ${id} (${type})`,
    ...[...properties, ...attributes].map(
      ({ path, because }) => `    ${path}${because ? ` since ${because.join(", ")} is replaced` : ""}`,
    ),
  ]);
  return [
    stack,
    ...lines,
    ...outputs.map(({ name, action }) => `  output ${name} ${action}`),
    ...tags.map(({ path }) => `  tag ${path}`),
  ];
}
