import { expect, test } from "vitest";
import { formerNames } from "../../../src/actions/former-names.ts";
import { removeWorkloadCertificates, removeWorkloadNames } from "../../../src/actions/remove-domain.ts";
import { domainPlaceOf } from "../../../src/actions/domain-place.ts";
import { type DeployedForNames, settleWorkloadNames } from "../../../src/actions/workload-domain.ts";
import type { Account } from "../../../src/providers/account.ts";
import type { GatheredFacts } from "../../../src/providers/account/facts.ts";

/** Names of workloads that belong to no stack: what is asked of AWS for them, in order. */

interface Given {
  manifest: object;
  /** Of the stack as it was. */
  before?: { parameters?: Record<string, string>; outputs?: Record<string, string>; manifest?: string };
  /** Of the stack as it is now; the same, when nothing is said. */
  after?: { parameters?: Record<string, string>; alias?: string };
  /** Logical id → physical id, before and now. */
  resources?: Record<string, string>[];
  /** Names that App Runner has for the service. */
  associated?: string[];
  certificates?: object;
}

const environment = {
  app: "shop",
  name: "test",
  region: "us-west-2",
  accountID: "123456789012",
  managerRoleARN: "arn:aws:iam::123456789012:role/shop-test-EnvManagerRole",
};

/** An account that tells what it is asked to do. */
function account({ before, resources = [{}], associated = [] }: Given) {
  const asked: string[] = [];
  const left = [...resources];
  const doing = (what: string) =>
    async function* (request: Record<string, unknown>) {
      const { place: _, ...rest } = request;
      asked.push(`${what} ${JSON.stringify(rest)}`);
      yield* [];
    };
  const domains = {
    ...Object.fromEntries(
      ["associate", "disassociate", "writeAliases", "removeAliases", "removeRecords", "deleteCertificates"].map(
        (each) => [each, doing(each)],
      ),
    ),
    associated: async () => associated,
    loadBalancer: async (arn: string) => ({ dnsName: `${arn}.elb.amazonaws.com`, hostedZoneId: "Z1" }),
  };
  const stacks = {
    template: async () => JSON.stringify({ Metadata: { Manifest: before?.manifest }, Resources: {} }),
    describe: async () => ({ outputs: before?.outputs ?? {} }),
    resources: async () => {
      const found = (left.length > 1 ? left.shift() : left[0]) ?? {};
      return Object.fromEntries(Object.entries(found).map(([id, physicalId]) => [id, { physicalId }]));
    },
  };
  const sites = { empty: doing("empty") };
  return { asked, account: { domains, stacks, sites } as unknown as Account };
}

function deployed({ manifest, before, after, certificates }: Given): Omit<DeployedForNames, "former"> {
  const parameters = after?.parameters ?? before?.parameters ?? {};
  const gathered = {
    environment,
    facts: { account: "123456789012", region: "us-west-2", partition: "aws", domain: "example.com", ...certificates },
    workloadStack: { name: "shop-test-web", parameters: before?.parameters ?? {}, outputs: before?.outputs ?? {} },
  } as unknown as GatheredFacts;
  const template = {
    Parameters: Object.fromEntries(Object.keys(parameters).map((name) => [name, {}])),
    Resources: {},
    ...(after?.alias && { Outputs: { CloudFrontDistributionAlternativeDomainName: { Value: after.alias } } }),
  };
  return {
    manifest: { name: "web", ...manifest } as DeployedForNames["manifest"],
    stack: { name: "shop-test-web", template, parameters },
    gathered,
  };
}

/** What a deployment does for the names of a workload. */
async function settled(given: Given): Promise<string[]> {
  const { asked, account: aws } = account(given);
  const one = deployed(given);
  const former = await formerNames(one.manifest, one.gathered, aws);
  for await (const _ of settleWorkloadNames({ ...one, former }, { account: aws }, new AbortController().signal));
  return asked;
}

/** What the removal of a workload does for them. */
async function removed(given: Given): Promise<string[]> {
  const { asked, account: aws } = account(given);
  const { gathered } = deployed(given);
  const place = domainPlaceOf(gathered)!;
  const { signal } = new AbortController();
  for await (const _ of removeWorkloadNames({ gathered, place }, aws, signal));
  for await (const _ of removeWorkloadCertificates({ name: "web", gathered, place }, aws, signal));
  return asked;
}

const appRunner = (alias?: string) => `
name: web
type: Request-Driven Web Service
image: { location: public.ecr.aws/example/web, port: 80 }
${alias === undefined ? "" : `http: { alias: ${alias} }`}
environments:
  prod:
    http: { alias: prod.example.com }
`;
const runs = { type: "Request-Driven Web Service" };
const service = [{ Service: "arn:service" }];

test("an alias of App Runner that changes is associated, and the former one is no more", async () => {
  const before = { manifest: appRunner("old.example.com"), parameters: { InstanceCPU: "256" } };
  const http = { alias: "new.example.com" };
  expect(await settled({ manifest: { ...runs, http }, before, resources: service })).toMatchInlineSnapshot(`
    [
      "associate {"serviceArn":"arn:service","name":"new.example.com"}",
      "disassociate {"serviceArn":"arn:service","name":"old.example.com"}",
    ]
  `);
  expect(await settled({ manifest: runs, before, resources: service })).toMatchInlineSnapshot(`
    [
      "disassociate {"serviceArn":"arn:service","name":"old.example.com"}",
    ]
  `);
});

test("an alias of App Runner that stays is looked after, and what somebody else gave the service is left", async () => {
  const before = { manifest: appRunner("web.example.com"), parameters: { InstanceCPU: "256" } };
  const given = { manifest: { ...runs, http: { alias: "web.example.com" } }, before, resources: service };
  expect(await settled({ ...given, associated: ["by-hand.example.com"] })).toMatchInlineSnapshot(`
    [
      "associate {"serviceArn":"arn:service","name":"web.example.com"}",
    ]
  `);
  expect(await settled({ manifest: runs, before: { manifest: appRunner() }, resources: service })).toEqual([]);
});

test("a service of App Runner loses all of its names before its stack is deleted", async () => {
  const before = { manifest: appRunner("web.example.com"), parameters: { InstanceCPU: "256" } };
  const associated = ["web.example.com", "by-hand.example.com"];
  expect(await removed({ manifest: runs, before, resources: service, associated })).toMatchInlineSnapshot(`
    [
      "disassociate {"serviceArn":"arn:service","name":"web.example.com"}",
      "disassociate {"serviceArn":"arn:service","name":"by-hand.example.com"}",
      "removeRecords {"service":"web","certificates":[]}",
      "deleteCertificates {"service":"web","certificates":[]}",
    ]
  `);
});

const nlb = { type: "Load Balanced Web Service" };
const balancer = (id: string) => ({ PublicNetworkLoadBalancerV2: id });

test("a name taken from a network load balancer leads nowhere, and a certificate that was replaced is deleted", async () => {
  const given = {
    manifest: nlb,
    before: { parameters: { NLBAliases: "a.example.com,b.example.com", NLBCertificateARN: "arn:old" } },
    after: { parameters: { NLBAliases: "b.example.com", NLBCertificateARN: "arn:new" } },
    resources: [balancer("first")],
    certificates: { certificates: { networkLoadBalancer: "arn:old" } },
  };
  expect(await settled(given)).toMatchInlineSnapshot(`
    [
      "removeAliases {"names":["a.example.com"],"ours":["first.elb.amazonaws.com"]}",
      "writeAliases {"names":["b.example.com"],"target":{"dnsName":"first.elb.amazonaws.com","hostedZoneId":"Z1"},"ours":["first.elb.amazonaws.com"]}",
      "deleteCertificates {"service":"web","certificates":["arn:old"],"keep":["arn:new"]}",
    ]
  `);
});

test("names of a network load balancer follow it when another takes its place, and go when none does", async () => {
  const before = { parameters: { NLBAliases: "a.example.com", NLBCertificateARN: "arn:old" } };
  const certificates = { certificates: { networkLoadBalancer: "arn:old" } };
  const given = { manifest: nlb, before, certificates };
  expect(await settled({ ...given, resources: [balancer("first"), balancer("second")] })).toMatchInlineSnapshot(`
    [
      "writeAliases {"names":["a.example.com"],"target":{"dnsName":"second.elb.amazonaws.com","hostedZoneId":"Z1"},"ours":["first.elb.amazonaws.com","second.elb.amazonaws.com"]}",
    ]
  `);
  expect(await settled({ ...given, after: { parameters: {} }, resources: [balancer("first"), {}] }))
    .toMatchInlineSnapshot(`
    [
      "removeAliases {"names":["a.example.com"],"ours":["first.elb.amazonaws.com"]}",
      "deleteCertificates {"service":"web","certificates":["arn:old"],"keep":[]}",
    ]
  `);
});

test("a site that gets another name leaves the former one and its certificate", async () => {
  const distribution = "d1.cloudfront.net";
  const given = {
    manifest: { type: "Static Site" },
    before: {
      parameters: { AliasCertificateARN: "arn:old" },
      outputs: {
        CloudFrontDistributionDomainName: distribution,
        CloudFrontDistributionAlternativeDomainName: "old.example.com",
      },
    },
    after: { parameters: { AliasCertificateARN: "arn:new" }, alias: "new.example.com" },
    certificates: { siteCertificates: { "old.example.com": "arn:old" } },
  };
  expect(await settled(given)).toMatchInlineSnapshot(`
    [
      "removeAliases {"names":["old.example.com"],"ours":["d1.cloudfront.net"]}",
      "writeAliases {"names":["new.example.com"],"target":{"dnsName":"d1.cloudfront.net","hostedZoneId":"Z2FDTNDATAQYW2"}}",
      "deleteCertificates {"service":"web","certificates":["arn:old"],"keep":["arn:new"]}",
    ]
  `);
  expect(await removed({ ...given, resources: [{ Bucket: "bucket" }] })).toMatchInlineSnapshot(`
    [
      "empty {"bucket":"bucket","where":{"region":"us-west-2","managerRoleArn":"arn:aws:iam::123456789012:role/shop-test-EnvManagerRole"}}",
      "removeAliases {"names":["old.example.com"],"ours":["d1.cloudfront.net"]}",
      "removeRecords {"service":"web","certificates":["arn:old"]}",
      "deleteCertificates {"service":"web","certificates":["arn:old"]}",
    ]
  `);
});
