import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { packageRoot } from "../../../src/actions/package-root.ts";
import { packageCase, type ReferenceCase, referenceCases } from "../../support/reference-cases.ts";

/** Templates against those that Copilot renders for the same manifests, read as CloudFormation reads them. What differs:
 *  `LastForceDeployID` is an id that Copilot makes up each time; and the list of CloudFront's addresses is looked up in
 *  the account, where the facts of the case do not give it. */

const root = packageRoot(import.meta.url);
const folder = join(root, "../shared/copilot-cases");
const parity = join(root, "../shared/tools/parity.mjs");
const all = existsSync(parity) ? referenceCases : [];
if (all.length === 0) process.stderr.write("skipped: the reference cases are not at ../shared/copilot-cases\n");
const built = all.filter(({ id }) => /^(lbws|backend|worker|env|rdws|static|job|pipeline)-/.test(id));

/** Why what is left differs:
 *  - rdws-test: this expected template is no output of Copilot's but made from its test files, with no parameters and no name
 *    of the discovery endpoint, and with the `!Sub` of the scaling configuration's ARN left out. Both are as in
 *    rdws-everything-runner-test, which Copilot rendered. */
describe.skipIf(all.length === 0)("a packaged stack is the one that Copilot renders", () => {
  test("every resource, property, output and dependency", async () => {
    const actual = mkdtempSync(join(tmpdir(), "pf-parity-"));
    onTestFinished(() => rmSync(actual, { recursive: true }));
    for (const each of built) await packageInto(join(actual, each.id), each);
    const whole = (path: string | null) => (path === null || isAbsolute(path) ? path : join(folder, path));
    const cases = built.map((each) => ({ ...each, template: whole(each.template), params: whole(each.params) }));
    // The tool takes paths from the list's own folder.
    const list = join(actual, "cases.json");
    writeFileSync(list, JSON.stringify({ cases: cases.map(relativeTo(actual)) }));
    const report = execFileSync(
      process.execPath,
      [realpathSync(parity), "--cases", list, "--actual", actual, "--list"],
      {
        cwd: root,
        encoding: "utf8",
      },
    );
    expect(report).toMatchInlineSnapshot(`
      "env-basic: resources 48/48, properties 470/470 (100.0%), attributes 74/74, extra resources 0, machinery 0
      env-custom-security-group: resources 49/49, properties 489/489 (100.0%), attributes 74/74, extra resources 0, machinery 0
      lbws-staging: resources 17/17, properties 219/219 (100.0%), attributes 10/10, extra resources 0, machinery 0
      lbws-nlb-test: resources 16/16, properties 196/196 (100.0%), attributes 10/10, extra resources 0, machinery 0
      backend-simple: resources 6/6, properties 116/116 (100.0%), attributes 4/4, extra resources 0, machinery 0
      backend-http-path: resources 9/9, properties 151/151 (100.0%), attributes 5/5, extra resources 0, machinery 0
      worker-test: resources 43/43, properties 648/648 (100.0%), attributes 6/6, extra resources 0, machinery 0
      job-test: resources 11/11, properties 248/249 (99.6%), attributes 2/2, extra resources 0, machinery 0
        ExecutionRole.ManagedPolicyArns[0]: expected arn:\${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy, got arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy
      static-site: resources 6/6, properties 69/69 (100.0%), attributes 5/5, extra resources 0, machinery 0
      rdws-test: resources 9/9, properties 114/116 (98.3%), attributes 2/2, extra resources 0, machinery 0
        Service.SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentVariables[COPILOT_SERVICE_DISCOVERY_ENDPOINT].Value: expected null, got test.my-app.local
        Service.AutoScalingConfigurationArn: expected arn:\${AWS::Partition}:apprunner:\${AWS::Region}:\${AWS::AccountId}:autoscalingconfiguration/high-availability/3, got arn:aws:apprunner:us-west-2:123456789123:autoscalingconfiguration/high-availability/3
      backend-internal-http-internal-test: resources 15/15, properties 244/244 (100.0%), attributes 6/6, extra resources 0, machinery 0
      backend-simple-more-store-test: resources 7/7, properties 136/136 (100.0%), attributes 4/4, extra resources 0, machinery 0
      backend-simple-more-store-prod: resources 7/7, properties 136/136 (100.0%), attributes 4/4, extra resources 0, machinery 0
      backend-windows-legacy-test: resources 6/6, properties 94/94 (100.0%), attributes 4/4, extra resources 0, machinery 0
      job-cron-nightly-test: resources 11/11, properties 220/220 (100.0%), attributes 2/2, extra resources 0, machinery 0
      job-cron-nightly-prod: resources 11/11, properties 220/220 (100.0%), attributes 2/2, extra resources 0, machinery 0
      job-none-once-test: resources 8/8, properties 145/145 (100.0%), attributes 1/1, extra resources 0, machinery 0
      job-none-once-prod: resources 8/8, properties 145/145 (100.0%), attributes 1/1, extra resources 0, machinery 0
      lbws-grpc-rpc-test: resources 9/9, properties 145/145 (100.0%), attributes 6/6, extra resources 0, machinery 0
      lbws-nlb-game-test: resources 15/15, properties 190/190 (100.0%), attributes 10/10, extra resources 0, machinery 0
      lbws-nlb-and-http-chat-test: resources 13/13, properties 188/188 (100.0%), attributes 9/9, extra resources 0, machinery 0
      rdws-everything-runner-test: resources 7/7, properties 116/116 (100.0%), attributes 1/1, extra resources 0, machinery 0
      rdws-private-inner-test: resources 3/3, properties 45/45 (100.0%), attributes 0/0, extra resources 0, machinery 0
      static-everything-pages-test: resources 6/6, properties 69/69 (100.0%), attributes 5/5, extra resources 0, machinery 0
      worker-everything-worker-test: resources 27/27, properties 405/405 (100.0%), attributes 2/2, extra resources 0, machinery 0
      worker-fifo-fifo-test: resources 11/11, properties 162/162 (100.0%), attributes 1/1, extra resources 0, machinery 0
      lbws-everything-front-test: resources 28/28, properties 593/594 (99.8%), attributes 12/12, extra resources 0, machinery 0
        TaskDefinition.ContainerDefinitions[helper].Image: expected null, got 
      lbws-everything-front-prod: resources 22/22, properties 523/524 (99.8%), attributes 12/12, extra resources 0, machinery 0
        TaskDefinition.ContainerDefinitions[helper].Image: expected null, got 
      env-cdn-and-logs: resources 52/52, properties 544/546 (99.6%), attributes 76/77, extra resources 0, machinery 0
        output LastForceDeployID Value: expected 17f38b8a-6c17-4445-9e5f-272962d58079, got 
        PublicHTTPLoadBalancerSecurityGroup.SecurityGroupIngress[0].SourcePrefixListId: expected pl-be45868cb621b1f64, got 
        PublicHTTPLoadBalancerSecurityGroup.SecurityGroupIngress[0].Description: expected Allow ingress from prefix list pl-be45868cb621b1f64 on port 80, got Allow ingress from prefix list  on port 80
      env-cdn-terminates-tls: resources 50/50, properties 530/530 (100.0%), attributes 76/77, extra resources 0, machinery 0
        output LastForceDeployID Value: expected 296230c9-2080-486e-82c6-c092d32ef758, got 
      env-imported-vpc: resources 29/29, properties 420/420 (100.0%), attributes 56/57, extra resources 0, machinery 0
        output LastForceDeployID Value: expected f626cbda-e6c1-4411-a18d-9237af5b236f, got 
      env-own-vpc: resources 57/57, properties 501/501 (100.0%), attributes 75/76, extra resources 0, machinery 0
        output LastForceDeployID Value: expected 1347a28d-585d-4ca8-aac5-6d1b8229c424, got 
      env-security-group: resources 45/45, properties 461/461 (100.0%), attributes 71/72, extra resources 0, machinery 0
        output LastForceDeployID Value: expected 7b37aec1-9336-4c50-add2-e04a310ef33d, got 
      pipeline-gh: resources 13/13, properties 507/507 (100.0%), attributes 4/4, extra resources 0, machinery 0
      pipeline-cc: resources 6/6, properties 282/282 (100.0%), attributes 3/3, extra resources 0, machinery 0
      TOTAL: resources 680/680 (100.0%), properties 9741/9748 (99.9%), attributes 635/640 (99.2%), extra resources 0, machinery 0, cases 35
      "
    `);
  }, 60_000);
});

function relativeTo(from: string) {
  const up = from
    .split("/")
    .filter(Boolean)
    .map(() => "..")
    .join("/");
  return <T extends { template: string | null; params: string | null }>(each: T): T => ({
    ...each,
    template: each.template && join(up, each.template),
    params: each.params && join(up, each.params),
  });
}

async function packageInto(target: string, each: ReferenceCase) {
  const stack = await packageCase(each);
  mkdirSync(target);
  writeFileSync(join(target, "stack.yml"), stack.text);
  // Without Copilot's parameters, both templates are compared with what is open left open.
  if (each.params !== null)
    writeFileSync(join(target, "params.json"), JSON.stringify({ Parameters: stack.parameters }));
}
