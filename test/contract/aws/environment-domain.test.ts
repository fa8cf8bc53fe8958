import { ACMClient, ListCertificatesCommand, ListTagsForCertificateCommand } from "@aws-sdk/client-acm";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EnvironmentLocks } from "../../../src/actions/environment-locks.ts";
import { createEnvironment } from "../../../src/actions/create-environment.ts";
import { makeEnvironmentReady } from "../../../src/actions/environment-ready.ts";
import { loadManifest } from "../../../src/actions/load-manifest.ts";
import { settleEnvironment } from "../../../src/actions/settle-environment.ts";
import { removeEnvironmentDomain } from "../../../src/actions/remove-domain.ts";
import { openWorkspace } from "../../../src/actions/open-workspace.ts";
import { isOutsideEvent, outsideEventLine } from "../../../src/cli/render/domain-lines.ts";
import { createAwsAccount } from "../../../src/providers/aws/aws-account.ts";
import { createAwsProvider } from "../../../src/providers/aws/aws-provider.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { impatientTiming } from "../../support/aws/impatient-timing.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { AwsEmulator } from "../../support/aws/emulator.ts";
import { drain } from "../../support/aws/drain.ts";
import { folderWith } from "../../support/files.ts";
import { FakeHost, run } from "../../support/fake-host.ts";

const files = {
  "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
  "copilot/front/manifest.yml": `
name: front
type: Load Balanced Web Service
image: { location: nginx, port: 80 }
http:
  path: /
  alias: [www.example.com, front.test.shop.example.com]
`,
};

describeWithAws("an environment of an application with a domain", (aws) => {
  let cwd: string;
  let session: AwsSession;

  beforeEach(async () => {
    await aws.reset();
    await aws.hurry();
    cwd = await folderWith({ "copilot/.workspace": "application: shop\n", ...files });
    session = new AwsSession({ region: AwsEmulator.region });
    const zone = { Name: "example.com", CallerReference: "example.com" };
    await aws.client(Route53Client).send(new CreateHostedZoneCommand(zone));
  });
  afterEach(() => session.close());

  const type = (line: string) => {
    const timing = impatientTiming();
    const account = createAwsAccount(session, timing);
    const provider = createAwsProvider(account, session, timing);
    return run(line.split(" "), new FakeHost({ cwd, aws: { account, provider } }));
  };

  async function records(): Promise<string[]> {
    const route53 = aws.client(Route53Client);
    const { HostedZones = [] } = await route53.send(new ListHostedZonesCommand({}));
    const all = HostedZones.filter(({ Config }) => !Config?.PrivateZone).map(async ({ Id, Name }) => {
      const { ResourceRecordSets = [] } = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: Id }));
      return ResourceRecordSets.filter(
        (each) => each.Type !== "SOA" && !(each.Type === "NS" && each.Name === Name),
      ).map((each) => `${Name} ${each.Name} ${each.Type} ${each.AliasTarget?.DNSName ?? "…"}`);
    });
    return (await Promise.all(all)).flat().toSorted();
  }

  test("gets its zone first, then a certificate, then the listener that stands on it, then its names; all goes again", async () => {
    await type("app init shop --domain example.com --resource-tags team=web");
    const ofApplication = await records();
    await type("env init -n test --default-config");
    aws.calls.length = 0;
    const said = await type("env deploy -n test");
    const order = aws.calls
      .map(({ name }) => name)
      .filter((name) => /ExecuteChangeSet|RequestCertificate|ChangeResourceRecordSets/.test(name));
    expect(order).toMatchInlineSnapshot(`
      [
        "cloudformation:ExecuteChangeSet",
        "route53:ChangeResourceRecordSets",
        "acm:RequestCertificate",
        "route53:ChangeResourceRecordSets",
        "route53:ChangeResourceRecordSets",
        "cloudformation:ExecuteChangeSet",
        "route53:ChangeResourceRecordSets",
        "route53:ChangeResourceRecordSets",
      ]
    `);
    const { LoadBalancers: [balancer] = [] } = await aws
      .client(ElasticLoadBalancingV2Client)
      .send(new DescribeLoadBalancersCommand({}));
    const normal = (line: string) =>
      line
        .replace(String(balancer?.DNSName), "LOAD-BALANCER")
        .replace(/_[0-9a-f]{32}/g, "_TOKEN")
        .replace(/certificate\/\S+/, "certificate/ID");
    expect(
      said
        .split("\n")
        .filter((line) => /^(certificate|record)/.test(line))
        .map(normal),
    ).toMatchInlineSnapshot(`
      [
        "record test.shop.example.com NS: written, leads to ns-2048.awsdns-64.com, ns-2049.awsdns-65.net, ns-2050.awsdns-66.org, ns-2051.awsdns-67.co.uk",
        "certificate for test.shop.example.com: requested",
        "record _TOKEN.test.shop.example.com CNAME: written, leads to _TOKEN.ykybfrwcxw.acm-validations.aws.",
        "record _TOKEN.www.example.com CNAME: written, leads to _TOKEN.ykybfrwcxw.acm-validations.aws.",
        "certificate for test.shop.example.com: waiting until Amazon has seen its records",
        "certificate for test.shop.example.com: issued",
        "record www.example.com A: written, leads to LOAD-BALANCER",
        "record front.test.shop.example.com A: written, leads to LOAD-BALANCER",
      ]
    `);
    const elb = aws.client(ElasticLoadBalancingV2Client);
    const { Listeners = [] } = await elb.send(
      new DescribeListenersCommand({ LoadBalancerArn: balancer?.LoadBalancerArn }),
    );
    const { CertificateSummaryList = [] } = await aws.client(ACMClient).send(new ListCertificatesCommand({}));
    const arns = CertificateSummaryList.map(({ CertificateArn }) => CertificateArn);
    expect(arns).toHaveLength(1);
    expect(Listeners.flatMap(({ Certificates = [] }) => Certificates.map((each) => each.CertificateArn))).toEqual(arns);
    expect((await records()).map(normal)).toMatchInlineSnapshot(`
      [
        "example.com. _TOKEN.www.example.com. CNAME …",
        "example.com. shop.example.com. NS …",
        "example.com. www.example.com. A LOAD-BALANCER",
        "shop.example.com. test.shop.example.com. NS …",
        "test.shop.example.com. _TOKEN.test.shop.example.com. CNAME …",
        "test.shop.example.com. front.test.shop.example.com. A LOAD-BALANCER",
      ]
    `);

    // It is deployed again without another update, certificate or record.
    const before = await records();
    aws.calls.length = 0;
    expect(await type("env deploy -n test")).toContain("nothing has changed");
    expect(await records()).toEqual(before);
    const changing = /ExecuteChangeSet|RequestCertificate|ChangeResourceRecordSets|DeleteCertificate/;
    expect(aws.calls.map(({ name }) => name).filter((name) => changing.test(name))).toEqual([]);

    // What no stack holds is told with what the stack holds, and the certificate has the application's tags.
    const shown = (await type("env show -n test --resources")).split("\n").map((line) => line.trim());
    expect(shown.filter((line) => /Certificate|RecordSet/.test(line)).map(normal)).toMatchInlineSnapshot(`
      [
        "AWS::CertificateManager::Certificate        arn:aws:acm:us-west-2:123456789012:certificate/ID",
        "AWS::Route53::RecordSet                     test.shop.example.com NS",
        "AWS::Route53::RecordSet                     www.example.com A",
        "AWS::Route53::RecordSet                     front.test.shop.example.com A",
        "AWS::Route53::RecordSet                     _TOKEN.test.shop.example.com CNAME",
        "AWS::Route53::RecordSet                     _TOKEN.www.example.com CNAME",
      ]
    `);
    const acm = aws.client(ACMClient);
    const { Tags } = await acm.send(new ListTagsForCertificateCommand({ CertificateArn: arns[0] }));
    expect(Tags).toContainEqual({ Key: "team", Value: "web" });

    // Before its stack is deleted it is rid of everything that no stack holds; the application's stays.
    const account = createAwsAccount(session, impatientTiming());
    const gathered = await account.facts.ofEnvironment({ app: "shop", env: "test" });
    const removal = removeEnvironmentDomain(gathered, account, new AbortController().signal);
    const { events } = await drain(removal);
    expect(events.filter(({ type: each }) => each === "domain-record")).toHaveLength(5);
    expect([await records(), await certificates()]).toEqual([ofApplication, []]);
    const again = removeEnvironmentDomain(gathered, account, new AbortController().signal);
    expect(await drain(again)).toEqual({ events: [] });
  });

  test("that was interrupted anywhere is finished by the next deployment, with one certificate", async () => {
    await type("app init shop --domain example.com");
    await type("env init -n test --default-config");
    for (const stopAt of ["acm:RequestCertificate", "route53:ChangeResourceRecordSets", "acm:DescribeCertificate"]) {
      let passed = false;
      const killed = aws.use.bind(aws);
      killed(async (call, pass) => {
        if (passed || call.name !== stopAt) return pass();
        passed = true;
        await pass();
        // It was done, and whoever asked was gone before the answer came.
        return {
          status: 403,
          headers: { "content-type": "application/x-amz-json-1.1" },
          body: Buffer.from(JSON.stringify({ __type: "ExpiredTokenException", message: "The token has expired." })),
        };
      });
      expect(await type("env deploy -n test")).toContain("exit code 1");
    }
    expect(await type("env deploy -n test")).toContain("exit code 0");
    const { CertificateSummaryList = [] } = await aws.client(ACMClient).send(new ListCertificatesCommand({}));
    expect(CertificateSummaryList).toHaveLength(1);
    const { Stacks: [stack] = [] } = await aws
      .client(CloudFormationClient)
      .send(new DescribeStacksCommand({ StackName: "shop-test" }));
    const parameters = Object.fromEntries(
      (stack?.Parameters ?? []).map((each) => [each.ParameterKey, each.ParameterValue]),
    );
    expect([parameters["ALBWorkloads"], parameters["HTTPSCertificateARN"]]).toEqual([
      "front",
      CertificateSummaryList[0]?.CertificateArn,
    ]);
  });

  test("takes a further name with the service that has it: another certificate, the listener's, and its record", async () => {
    await type("app init shop --domain example.com");
    await type("env init -n test --default-config");
    await type("env deploy -n test");
    const account = createAwsAccount(session, impatientTiming());
    const [before] = await certificates();
    const workspace = await openWorkspace(cwd);
    const manifest = files["copilot/front/manifest.yml"].replace(
      "[www.example.com",
      "[blog.example.com, www.example.com",
    );
    await writeFile(join(cwd, "copilot/front/manifest.yml"), manifest);
    const loaded = await loadManifest({ workspace, variables: {}, name: "front", env: "test" });
    const gathered = await account.facts.ofEnvironment({ app: "shop", env: "test" });
    const locking = { account, from: "a test", now: Date.now, wait: async () => {}, lockTimeoutMs: 0 };
    const locks = new EnvironmentLocks({ app: "shop", env: "test", name: "front" }, "deploy", locking);
    const tools = { account, app: "shop", env: "test", locks };
    const ready = makeEnvironmentReady(loaded.manifest, gathered, tools, new AbortController().signal);
    const { events } = await drain(ready);
    await locks.release();
    const told = events.flatMap((event) => (isOutsideEvent(event) ? [outsideEventLine(event)] : []));
    expect(told.filter((line) => !line.includes("_")).map((line) => line.replace(/leads to .*/, "leads to …")))
      .toMatchInlineSnapshot(`
      [
        "certificate for test.shop.example.com: requested",
        "certificate for test.shop.example.com: waiting until Amazon has seen its records",
        "certificate for test.shop.example.com: issued",
        "record blog.example.com A: written, leads to …",
        "certificate for *.test.shop.example.com: deleted",
      ]
    `);
    const [after, ...others] = await certificates();
    expect([others, after === before]).toEqual([[], false]);
    const { Stacks: [stack] = [] } = await aws
      .client(CloudFormationClient)
      .send(new DescribeStacksCommand({ StackName: "shop-test" }));
    const certificate = stack?.Parameters?.find(({ ParameterKey }) => ParameterKey === "HTTPSCertificateARN");
    expect(certificate?.ParameterValue).toBe(after);
    expect((await records()).filter((line) => line.includes(" blog.example.com. A "))).toHaveLength(1);

    // The service is deployed without the name, and another one, too, has been turned elsewhere meanwhile.
    await writeFile(join(cwd, "copilot/front/manifest.yml"), manifest.replace(/alias: .*/, "alias: www.example.com"));
    const fewer = await loadManifest({ workspace, variables: {}, name: "front", env: "test" });
    await elsewhere("front.test.shop.example.com");
    const now = await account.facts.ofEnvironment({ app: "shop", env: "test" });
    const settled = await drain(settleEnvironment(fewer.manifest, now, locking, new AbortController().signal));
    const removed = settled.events.flatMap((event) => (isOutsideEvent(event) ? [outsideEventLine(event)] : []));
    expect(removed.map((line) => line.replace(/led to .*/, "led to …"))).toMatchInlineSnapshot(`
      [
        "record blog.example.com A: removed, led to …",
      ]
    `);
    const left = (await records()).filter((line) => line.includes(" A ")).map((line) => line.split(" ")[1]);
    expect(left).toEqual(["www.example.com.", "front.test.shop.example.com."]);
    expect((await account.stacks.describe("shop-test", {}))?.parameters["Aliases"]).toBe(
      '{"front":["www.example.com"]}',
    );
    const again = await account.facts.ofEnvironment({ app: "shop", env: "test" });
    aws.calls.length = 0;
    await drain(settleEnvironment(fewer.manifest, again, locking, new AbortController().signal));
    expect(aws.calls).toEqual([]);
  });

  /** Somebody lets a name lead to a load balancer of theirs. */
  async function elsewhere(Name: string): Promise<void> {
    const route53 = aws.client(Route53Client);
    const { HostedZones = [] } = await route53.send(new ListHostedZonesCommand({}));
    const zone = HostedZones.find((each) => each.Name === "test.shop.example.com." && !each.Config?.PrivateZone);
    const AliasTarget = { DNSName: "theirs.example.org", HostedZoneId: "Z1H1FL5HABSF5", EvaluateTargetHealth: true };
    const ResourceRecordSet = { Name, Type: "A" as const, AliasTarget };
    const ChangeBatch = { Changes: [{ Action: "UPSERT" as const, ResourceRecordSet }] };
    await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zone?.Id, ChangeBatch }));
  }

  test("in another account and region is made, deployed and deleted there, with files and records in the application's", async () => {
    const theirs = "222233334444";
    const somebody = session.as(`arn:aws:iam::${theirs}:role/somebody`, "eu-west-1");
    await type("app init shop --domain example.com");
    const ofApplication = await records();
    const timing = impatientTiming();
    const [account, environmentAccount] = [createAwsAccount(session, timing), createAwsAccount(somebody, timing)];
    const both = { account, environmentAccount };
    await drain(createEnvironment({ app: "shop", env: "test" }, both, new AbortController().signal));
    const said = await type("env deploy -n test");
    expect(said).toContain("exit code 0");
    expect(said).toContain(`application shop · environment test · account ${theirs}, eu-west-1`);

    const stacksIn = async (client: CloudFormationClient) =>
      ((await client.send(new DescribeStacksCommand({}))).Stacks ?? [])
        .map(({ StackName = "" }) => StackName.replace(/-[0-9a-f-]{36}$/, "-ID"))
        .toSorted();
    expect({
      theirs: await stacksIn(somebody.client(CloudFormationClient)),
      own: await stacksIn(aws.client(CloudFormationClient)),
      ownInTheirRegion: await stacksIn(aws.client(CloudFormationClient, "eu-west-1")),
      record: await account.records.environment("shop", "test"),
    }).toMatchInlineSnapshot(`
      {
        "own": [
          "shop-infrastructure-roles",
        ],
        "ownInTheirRegion": [
          "StackSet-shop-infrastructure",
        ],
        "record": {
          "accountID": "222233334444",
          "app": "shop",
          "executionRoleARN": "arn:aws:iam::222233334444:role/shop-test-CFNExecutionRole",
          "managerRoleARN": "arn:aws:iam::222233334444:role/shop-test-EnvManagerRole",
          "name": "test",
          "region": "eu-west-1",
          "registryURL": "",
        },
        "theirs": [
          "shop-test",
        ],
      }
    `);
    const { CertificateSummaryList: made = [] } = await somebody
      .client(ACMClient)
      .send(new ListCertificatesCommand({}));
    expect([made.length, await certificates()]).toEqual([1, []]);
    expect((await records()).map((line) => line.split(" ").slice(0, 3).join(" "))).toMatchInlineSnapshot(`
      [
        "example.com. _d930b28be6c5927595552b219965053e.www.example.com. CNAME",
        "example.com. shop.example.com. NS",
        "example.com. www.example.com. A",
        "shop.example.com. test.shop.example.com. NS",
      ]
    `);

    expect(await type("env delete -n test --yes")).toContain("exit code 0");
    expect(await stacksIn(somebody.client(CloudFormationClient))).toEqual([]);
    expect(await stacksIn(aws.client(CloudFormationClient, "eu-west-1"))).toEqual([]);
    const { records: now } = createAwsAccount(session, timing);
    expect([await now.environment("shop", "test"), await records()]).toEqual([undefined, ofApplication]);
  });

  async function certificates(): Promise<(string | undefined)[]> {
    const { CertificateSummaryList = [] } = await aws.client(ACMClient).send(new ListCertificatesCommand({}));
    return CertificateSummaryList.map(({ CertificateArn }) => CertificateArn);
  }
});
