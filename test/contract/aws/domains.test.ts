import {
  ACMClient,
  DescribeCertificateCommand,
  ListCertificatesCommand,
  ListTagsForCertificateCommand,
} from "@aws-sdk/client-acm";
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { beforeEach, expect, test } from "vitest";
import type { UserError } from "../../../src/errors.ts";
import type { CertificateRequest, DomainPlace } from "../../../src/providers/account/domains.ts";
import { createDomains } from "../../../src/providers/aws/domains/domains.ts";
import { usualPaces } from "../../../src/providers/aws/domains/poll.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { AwsEmulator } from "../../support/aws/emulator.ts";
import { scripted } from "../../support/aws/script.ts";
import { customDomain } from "../../support/aws/scripts/custom-domain.ts";
import { unissuedCertificate } from "../../support/aws/scripts/unissued-certificate.ts";

const { account, region } = AwsEmulator;
const place: DomainPlace = {
  app: "shop",
  env: "test",
  domain: "example.com",
  environment: { region, managerRoleArn: `arn:aws:iam::${account}:role/shop-test-EnvManagerRole` },
  domainRoleArn: `arn:aws:iam::${account}:role/shop-test-DomainRole`,
  dnsRoleArn: `arn:aws:iam::${account}:role/shop-DNSDelegationRole`,
};
const loadBalancer = { dnsName: "shop-Publi-1.us-west-2.elb.amazonaws.com", hostedZoneId: "Z1H1FL5HABSF5" };
const names = ["test.shop.example.com", "*.test.shop.example.com", "www.example.com"];
const never = new AbortController().signal;
const quick = Object.fromEntries(
  Object.keys(usualPaces).map((key) => [key, { first: 20, most: 5000 }]),
) as unknown as typeof usualPaces;

/** All events, then what came out, as lines. */
async function story(events: AsyncGenerator<object, unknown, void>): Promise<string[]> {
  const lines: string[] = [];
  for (;;) {
    const { value, done } = await events.next();
    if (done === true) return value === undefined ? lines : [...lines, `= ${normal(value)}`];
    const { type, at: _, ...rest } = value as Record<string, unknown>;
    lines.push(`${String(type)}: ${Object.values(rest).map(normal).join(" | ")}`);
  }
}

function normal(value: unknown): string {
  return String(value)
    .replace(/certificate\/[0-9a-f-]{36}/g, "certificate/ID")
    .replace(/_[0-9a-f]{32}/g, "_TOKEN");
}

describeWithAws("names below a domain", (aws) => {
  let session: AwsSession;
  let zones: Record<"environment" | "application" | "domain", string>;
  const domains = () => createDomains(session, quick);

  beforeEach(async () => {
    await aws.reset();
    session = new AwsSession({ region });
    const ids = await Promise.all(["test.shop.example.com", "shop.example.com", "example.com"].map(createZone));
    zones = { environment: ids[0]!, application: ids[1]!, domain: ids[2]! };
  });

  async function createZone(name: string): Promise<string> {
    const { HostedZone } = await aws
      .client(Route53Client)
      .send(new CreateHostedZoneCommand({ Name: name, CallerReference: name }));
    return HostedZone?.Id ?? "";
  }

  async function put(zone: string, set: ResourceRecordSet): Promise<void> {
    const ChangeBatch = { Changes: [{ Action: "UPSERT" as const, ResourceRecordSet: set }] };
    await aws.client(Route53Client).send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zone, ChangeBatch }));
  }

  /** What is in the zones, read with the plain SDK; without what each zone begins with. */
  async function records(): Promise<string[]> {
    const all = await Promise.all(
      Object.entries(zones).map(async ([kind, HostedZoneId]) => {
        const { ResourceRecordSets = [] } = await aws
          .client(Route53Client)
          .send(new ListResourceRecordSetsCommand({ HostedZoneId }));
        const apex = ResourceRecordSets.find(({ Type }) => Type === "SOA")?.Name;
        return ResourceRecordSets.filter(({ Name, Type }) => Name !== apex || (Type !== "SOA" && Type !== "NS")).map(
          ({ Name, Type, TTL, AliasTarget, ResourceRecords = [] }) =>
            `${kind}: ${Name} ${Type} ${TTL ?? "alias"} ${AliasTarget?.DNSName ?? ResourceRecords.map(({ Value }) => Value).join(" ")}`,
        );
      }),
    );
    return all.flat().map(normal);
  }

  const certificate: CertificateRequest = {
    place,
    names,
    region,
    purpose: "load-balancer",
    tags: { team: "web" },
  };

  test("a certificate is requested, validated in the zones of its names, and issued", async () => {
    expect(await story(domains().ensureCertificate(certificate, never))).toMatchInlineSnapshot(`
      [
        "certificate: requested | arn:aws:acm:us-west-2:123456789012:certificate/ID | test.shop.example.com,*.test.shop.example.com,www.example.com",
        "domain-record: written | _TOKEN.test.shop.example.com | CNAME | _TOKEN.ykybfrwcxw.acm-validations.aws.",
        "domain-record: written | _TOKEN.www.example.com | CNAME | _TOKEN.ykybfrwcxw.acm-validations.aws.",
        "certificate: waiting | arn:aws:acm:us-west-2:123456789012:certificate/ID | test.shop.example.com,*.test.shop.example.com,www.example.com",
        "certificate: issued | arn:aws:acm:us-west-2:123456789012:certificate/ID | test.shop.example.com,*.test.shop.example.com,www.example.com",
        "= arn:aws:acm:us-west-2:123456789012:certificate/ID",
      ]
    `);
    expect(await records()).toMatchInlineSnapshot(`
      [
        "environment: _TOKEN.test.shop.example.com. CNAME 60 _TOKEN.ykybfrwcxw.acm-validations.aws.",
        "domain: _TOKEN.www.example.com. CNAME 60 _TOKEN.ykybfrwcxw.acm-validations.aws.",
      ]
    `);
    const acm = aws.client(ACMClient);
    const { CertificateSummaryList: [made] = [] } = await acm.send(new ListCertificatesCommand({}));
    const { Tags } = await acm.send(new ListTagsForCertificateCommand({ CertificateArn: made?.CertificateArn }));
    expect(Tags).toMatchInlineSnapshot(`
      [
        {
          "Key": "team",
          "Value": "web",
        },
        {
          "Key": "copilot-application",
          "Value": "shop",
        },
        {
          "Key": "copilot-environment",
          "Value": "test",
        },
        {
          "Key": "pilotfish-purpose",
          "Value": "load-balancer",
        },
      ]
    `);
  });

  test("the next deployment finds it again, writes nothing, and takes the stack's own while that serves all names", async () => {
    const arn = (await story(domains().ensureCertificate(certificate, never))).at(-1);
    aws.calls.length = 0;
    expect((await story(domains().ensureCertificate(certificate, never))).at(-1)).toBe(arn);
    const first = aws.calls.map(({ name }) => name);
    const { CertificateSummaryList: [made] = [] } = await aws.client(ACMClient).send(new ListCertificatesCommand({}));
    aws.calls.length = 0;
    const existing = made?.CertificateArn ?? "";
    const fewer = { ...certificate, names: names.slice(0, 2), existing };
    expect(await story(domains().ensureCertificate(fewer, never))).toHaveLength(1);
    expect({ first, second: aws.calls.map(({ name }) => name) }).toMatchInlineSnapshot(`
      {
        "first": [
          "acm:ListCertificates",
          "acm:ListTagsForCertificate",
          "acm:DescribeCertificate",
        ],
        "second": [
          "acm:DescribeCertificate",
        ],
      }
    `);
  });

  test("a deployment that ends while a certificate is validated leaves one that the next goes on with", async () => {
    const stop = new AbortController();
    const events = domains().ensureCertificate(certificate, stop.signal);
    await events.next();
    stop.abort();
    await expect(events.next()).rejects.toMatchObject({ code: "interrupted", exitCode: 130 });
    expect((await story(domains().ensureCertificate(certificate, never)))[0]).toContain("domain-record: written");
    const { CertificateSummaryList = [] } = await aws.client(ACMClient).send(new ListCertificatesCommand({}));
    expect(CertificateSummaryList).toHaveLength(1);
  });

  test("a certificate that does not come says why, and what to look at", async () => {
    const told = async (how: { Status: string; FailureReason?: string }) => {
      aws.use(scripted(unissuedCertificate(names, how)));
      const shortly = createDomains(session, { ...quick, certificate: { first: 10, most: 50 } });
      const failure = await story(shortly.ensureCertificate(certificate, never)).catch((error: unknown) => error);
      const { code, message, hint, details } = failure as UserError;
      return [code, message, hint, ...details].join("\n");
    };
    expect(await told({ Status: "FAILED", FailureReason: "CAA_ERROR" })).toMatchInlineSnapshot(`
      "certificate/failed
      the certificate for test.shop.example.com was not issued: CAA_ERROR
      dig +short CAA example.com
      A CAA record of one of its names, or of a domain above it, lets no one at Amazon issue certificates.
      The next deployment requests another one, for these names:
      - test.shop.example.com
      - *.test.shop.example.com
      - www.example.com"
    `);
    expect(await told({ Status: "FAILED", FailureReason: "DOMAIN_NOT_ALLOWED" })).toMatchInlineSnapshot(`
      "certificate/failed
      the certificate for test.shop.example.com was not issued: DOMAIN_NOT_ALLOWED
      aws acm describe-certificate --certificate-arn arn:aws:acm:us-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012
      Amazon holds one of its names to be unsafe: lists of malware or phishing have it.
      The next deployment requests another one, for these names:
      - test.shop.example.com
      - *.test.shop.example.com
      - www.example.com"
    `);
    expect(await told({ Status: "VALIDATION_TIMED_OUT" })).toMatchInlineSnapshot(`
      "certificate/failed
      the certificate for test.shop.example.com was not issued: VALIDATION_TIMED_OUT
      dig +short NS test.shop.example.com
      Amazon has not seen its records for three days. Are the domain's name servers those of its hosted zone?
      The next deployment requests another one, for these names:
      - test.shop.example.com
      - *.test.shop.example.com
      - www.example.com"
    `);
    expect(await told({ Status: "PENDING_VALIDATION" })).toMatchInlineSnapshot(`
      "certificate/pending
      the certificate for test.shop.example.com is still not validated
      dig +short NS test.shop.example.com
      Amazon has not seen these records. Are the domain's name servers those of its hosted zone? The next deployment goes on.
      - _x1.test.shop.example.com CNAME _x2.mhbtsbpdnt.acm-validations.aws.
      - _x1.www.example.com CNAME _x2.mhbtsbpdnt.acm-validations.aws."
    `);
  });

  test("a name of App Runner is associated and gets its records; both go again; one that App Runner does not take is told", async () => {
    const arn = `arn:aws:apprunner:${region}:${account}:service/shop-test-web/8fe1e10304f84fd2b0df550fe98a71fa`;
    const request = { place, serviceArn: arn, name: "web.example.com" };
    aws.use(scripted(customDomain("active", ["by-hand.example.com"])));
    expect(await story(domains().associate(request, never))).toMatchInlineSnapshot(`
      [
        "custom-domain: associated | web.example.com | creating",
        "domain-record: written | web.example.com | CNAME | psbqam834h.us-west-2.awsapprunner.com",
        "domain-record: written | _x1.web.example.com | CNAME | _x1.mhbtsbpdnt.acm-validations.aws.",
        "domain-record: written | _x2.web.example.com | CNAME | _x2.mhbtsbpdnt.acm-validations.aws.",
        "custom-domain: associated | web.example.com | active",
      ]
    `);
    expect([await records(), await domains().associated(request)]).toMatchInlineSnapshot(`
      [
        [
          "domain: web.example.com. CNAME 60 psbqam834h.us-west-2.awsapprunner.com",
          "domain: _x1.web.example.com. CNAME 60 _x1.mhbtsbpdnt.acm-validations.aws.",
          "domain: _x2.web.example.com. CNAME 60 _x2.mhbtsbpdnt.acm-validations.aws.",
        ],
        [
          "by-hand.example.com",
          "web.example.com",
        ],
      ]
    `);
    expect(await story(domains().associate(request, never))).toEqual([]);
    expect(await story(domains().disassociate(request, never))).toMatchInlineSnapshot(`
      [
        "domain-record: removed | web.example.com | CNAME | psbqam834h.us-west-2.awsapprunner.com",
        "domain-record: removed | _x1.web.example.com | CNAME | _x1.mhbtsbpdnt.acm-validations.aws",
        "domain-record: removed | _x2.web.example.com | CNAME | _x2.mhbtsbpdnt.acm-validations.aws",
        "custom-domain: disassociated | web.example.com | ",
      ]
    `);
    expect([await records(), await domains().associated(request)]).toEqual([[], ["by-hand.example.com"]]);
    expect(await story(domains().disassociate(request, never))).toEqual([]);

    aws.use(scripted(customDomain("create_failed")));
    const refused = { code: "custom-domain/failed", message: "App Runner does not take the name web.example.com" };
    await expect(story(domains().associate(request, never))).rejects.toMatchObject(refused);
    aws.calls.length = 0;
    await expect(story(domains().associate(request, never))).rejects.toMatchObject(refused);
    const changes = aws.calls.map(({ action }) => action).filter((action) => /sociate/.test(action));
    expect(changes).toEqual(["DisassociateCustomDomain", "AssociateCustomDomain"]);
  });

  test("the environment's zone is delegated once, and what a former environment left is written over", async () => {
    const left = [{ Value: "ns-1.gone.org" }];
    await put(zones.application, { Name: "test.shop.example.com", Type: "NS", TTL: 60, ResourceRecords: left });
    expect(await story(domains().delegate(place, never))).toMatchInlineSnapshot(`
      [
        "domain-record: written | test.shop.example.com | NS | ns-2048.awsdns-64.com, ns-2049.awsdns-65.net, ns-2050.awsdns-66.org, ns-2051.awsdns-67.co.uk",
      ]
    `);
    expect(await story(domains().delegate(place, never))).toEqual([]);
  });

  test("alias records are written, but not over one that leads elsewhere", async () => {
    const other = {
      HostedZoneId: "Z1H1FL5HABSF5",
      DNSName: "other.us-west-2.elb.amazonaws.com",
      EvaluateTargetHealth: true,
    };
    const former = { ...other, DNSName: "dualstack.former.us-west-2.elb.amazonaws.com" };
    await put(zones.domain, { Name: "www.example.com", Type: "A", AliasTarget: other });
    await put(zones.domain, { Name: "old.example.com", Type: "A", AliasTarget: former });
    await put(zones.domain, {
      Name: "blog.example.com",
      Type: "CNAME",
      TTL: 60,
      ResourceRecords: [{ Value: "a.org" }],
    });
    const request = {
      place,
      names: ["www.example.com", "old.example.com", "blog.example.com", "api.test.shop.example.com", "www.other.org"],
      target: loadBalancer,
      ours: ["former.us-west-2.elb.amazonaws.com"],
    };
    expect(await story(domains().writeAliases(request, never))).toMatchInlineSnapshot(`
      [
        "domain-record: elsewhere | www.example.com | A | other.us-west-2.elb.amazonaws.com",
        "domain-record: elsewhere | blog.example.com | A | a.org",
        "domain-record: no-zone | www.other.org | A | shop-Publi-1.us-west-2.elb.amazonaws.com",
        "domain-record: written | old.example.com | A | shop-Publi-1.us-west-2.elb.amazonaws.com",
        "domain-record: written | api.test.shop.example.com | A | shop-Publi-1.us-west-2.elb.amazonaws.com",
      ]
    `);
    expect(await records()).toMatchInlineSnapshot(`
      [
        "environment: api.test.shop.example.com. A alias shop-Publi-1.us-west-2.elb.amazonaws.com",
        "domain: blog.example.com. CNAME 60 a.org",
        "domain: old.example.com. A alias shop-Publi-1.us-west-2.elb.amazonaws.com",
        "domain: www.example.com. A alias other.us-west-2.elb.amazonaws.com",
      ]
    `);
    expect((await story(domains().writeAliases(request, never))).filter((line) => line.includes("written"))).toEqual(
      [],
    );
    const ours = [loadBalancer.dnsName];
    expect(await story(domains().removeAliases({ place, names: request.names, ours }, never))).toMatchInlineSnapshot(`
      [
        "domain-record: removed | old.example.com | A | shop-publi-1.us-west-2.elb.amazonaws.com",
        "domain-record: removed | api.test.shop.example.com | A | shop-publi-1.us-west-2.elb.amazonaws.com",
      ]
    `);
  });

  test("all that was made is listed, and goes again: records first, then certificates", async () => {
    await story(domains().delegate(place, never));
    await story(domains().ensureCertificate(certificate, never));
    await story(domains().ensureCertificate({ ...certificate, region: "us-east-1", purpose: "cdn" }, never));
    await story(domains().writeAliases({ place, names: ["www.example.com"], target: loadBalancer }, never));
    const owner = { place, aliases: ["www.example.com"], targets: [loadBalancer.dnsName] };
    const listed = await domains().list(owner);
    expect(listed.map(({ type, physicalId }) => `${type} ${normal(physicalId)}`)).toMatchInlineSnapshot(`
      [
        "AWS::CertificateManager::Certificate arn:aws:acm:us-west-2:123456789012:certificate/ID",
        "AWS::CertificateManager::Certificate arn:aws:acm:us-east-1:123456789012:certificate/ID",
        "AWS::Route53::RecordSet test.shop.example.com NS",
        "AWS::Route53::RecordSet www.example.com A",
        "AWS::Route53::RecordSet _TOKEN.test.shop.example.com CNAME",
        "AWS::Route53::RecordSet _TOKEN.www.example.com CNAME",
      ]
    `);
    await story(domains().removeAliases({ place, names: owner.aliases, ours: owner.targets }, never));
    expect(await story(domains().removeRecords(owner, never))).toMatchInlineSnapshot(`
      [
        "domain-record: removed | _TOKEN.test.shop.example.com | CNAME | _TOKEN.ykybfrwcxw.acm-validations.aws",
        "domain-record: removed | _TOKEN.www.example.com | CNAME | _TOKEN.ykybfrwcxw.acm-validations.aws",
        "domain-record: removed | test.shop.example.com | NS | ns-2048.awsdns-64.com, ns-2049.awsdns-65.net, ns-2050.awsdns-66.org, ns-2051.awsdns-67.co.uk",
      ]
    `);
    expect(await story(domains().deleteCertificates(owner, never))).toMatchInlineSnapshot(`
      [
        "certificate: deleted | arn:aws:acm:us-west-2:123456789012:certificate/ID | *.test.shop.example.com,test.shop.example.com,www.example.com",
        "certificate: deleted | arn:aws:acm:us-east-1:123456789012:certificate/ID | *.test.shop.example.com,test.shop.example.com,www.example.com",
      ]
    `);
    expect([await records(), await domains().list(owner)]).toEqual([[], []]);
  });

  test("an environment in another account has its zone and certificate there; its names above lie in the application's", async () => {
    const theirs = "222233334444";
    const managerRoleArn = `arn:aws:iam::${theirs}:role/shop-prod-EnvManagerRole`;
    const domainRoleArn = `arn:aws:iam::${theirs}:role/shop-prod-DomainRole`;
    const prod = { ...place, env: "prod", environment: { region, managerRoleArn }, domainRoleArn };
    const there = session.as(`arn:aws:iam::${theirs}:role/somebody`);
    const made = await there
      .client(Route53Client)
      .send(new CreateHostedZoneCommand({ Name: "prod.shop.example.com", CallerReference: "prod" }));
    const own = { place: prod, names: ["prod.shop.example.com", "www.example.com"] };
    await story(domains().delegate(prod, never));
    await story(domains().ensureCertificate({ ...certificate, ...own }, never));
    await story(domains().writeAliases({ ...own, target: loadBalancer }, never));

    const { ResourceRecordSets = [] } = await there
      .client(Route53Client)
      .send(new ListResourceRecordSetsCommand({ HostedZoneId: made.HostedZone?.Id }));
    const inTheirs = ResourceRecordSets.filter(({ Type }) => Type !== "SOA" && Type !== "NS");
    expect([inTheirs.map(({ Name, Type }) => normal(`${Name} ${Type}`)), await records()]).toMatchInlineSnapshot(`
      [
        [
          "prod.shop.example.com. A",
          "_TOKEN.prod.shop.example.com. CNAME",
        ],
        [
          "application: prod.shop.example.com. NS 60 ns-2048.awsdns-64.com ns-2049.awsdns-65.net ns-2050.awsdns-66.org ns-2051.awsdns-67.co.uk",
          "domain: www.example.com. A alias shop-Publi-1.us-west-2.elb.amazonaws.com",
          "domain: _TOKEN.www.example.com. CNAME 60 _TOKEN.ykybfrwcxw.acm-validations.aws.",
        ],
      ]
    `);
    const { CertificateSummaryList: ofTheirs = [] } = await there
      .client(ACMClient)
      .send(new ListCertificatesCommand({}));
    const { CertificateSummaryList: ofOurs } = await aws.client(ACMClient).send(new ListCertificatesCommand({}));
    expect([ofTheirs.map(({ CertificateArn }) => CertificateArn?.split(":")[4]), ofOurs]).toEqual([[theirs], []]);

    const listed = await domains().list({ place: prod, aliases: own.names, targets: [loadBalancer.dnsName] });
    expect(listed).toHaveLength(6);
    await story(domains().removeAliases({ ...own, ours: [loadBalancer.dnsName] }, never));
    await story(domains().removeRecords({ place: prod }, never));
    await story(domains().deleteCertificates({ place: prod }, never));
    expect([await records(), await domains().list({ place: prod, targets: [] })]).toEqual([[], []]);
  });

  test("what belongs to somebody else stays: another environment's certificate, and the records that it stands on", async () => {
    const other = { ...place, env: "prod" };
    await createZone("prod.shop.example.com");
    await story(domains().ensureCertificate({ ...certificate, place: other, names: ["www.example.com"] }, never));
    await story(domains().ensureCertificate(certificate, never));
    await story(domains().removeRecords({ place }, never));
    await story(domains().deleteCertificates({ place }, never));
    expect(await records()).toMatchInlineSnapshot(`
      [
        "domain: _TOKEN.www.example.com. CNAME 60 _TOKEN.ykybfrwcxw.acm-validations.aws.",
      ]
    `);
    const { CertificateSummaryList = [] } = await aws.client(ACMClient).send(new ListCertificatesCommand({}));
    expect(CertificateSummaryList.map(({ DomainName }) => DomainName)).toEqual(["www.example.com"]);
  });

  test("without the domain's zone it says which is missing, before anything is asked of App Runner or ACM", async () => {
    expect(await domains().hostedZone("example.com")).toBe(zones.domain.split("/").at(-1));
    expect(await domains().hostedZone("example.org")).toBe(undefined);
    const lacking = { ...place, env: "prod" };
    await expect(story(domains().delegate(lacking, never))).rejects.toMatchObject({
      code: "domain/zone-not-found",
      message: "there is no public hosted zone prod.shop.example.com",
      hint: "pilotfish env deploy --app shop --name prod",
    });
  });

  test("a certificate in use is told and left", async () => {
    await story(domains().ensureCertificate(certificate, never));
    const { CertificateSummaryList: [made] = [] } = await aws.client(ACMClient).send(new ListCertificatesCommand({}));
    const arn = made?.CertificateArn ?? "";
    aws.use(async (call, pass) =>
      call.name === "acm:DeleteCertificate"
        ? {
            status: 400,
            headers: { "content-type": "application/x-amz-json-1.1" },
            body: Buffer.from(JSON.stringify({ __type: "ResourceInUseException", message: "Certificate is in use." })),
          }
        : pass(),
    );
    const shortly = createDomains(session, { ...quick, unused: { first: 10, most: 50 } });
    expect(await story(shortly.deleteCertificates({ place }, never))).toMatchInlineSnapshot(`
      [
        "certificate: in-use | arn:aws:acm:us-west-2:123456789012:certificate/ID | *.test.shop.example.com,test.shop.example.com,www.example.com",
      ]
    `);
    const { Certificate } = await aws.client(ACMClient).send(new DescribeCertificateCommand({ CertificateArn: arn }));
    expect(Certificate?.Status).toBe("ISSUED");
  });
});
