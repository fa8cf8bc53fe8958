import { expect, test } from "vitest";
import { deployEnvironmentStack, lacksCertificate } from "../../../src/actions/environment-domain.ts";
import type { PackagedStack } from "../../../src/actions/packaged-stack.ts";
import type { StackFacts } from "../../../src/cloudformation/facts.ts";
import type { Account } from "../../../src/providers/account.ts";
import type { GatheredFacts } from "../../../src/providers/account/facts.ts";

/** An environment of Copilot's, with its zone, its load balancer and the certificate of that, whose manifest now asks for
 *  CloudFront: the updates of its stack, with what is asked for between them. */
async function takenOver(certificates: StackFacts["certificates"]): Promise<string[]> {
  const told: string[] = [];
  const outputs = { EnvironmentHostedZone: "Z1", PublicLoadBalancerDNSName: "lb", PublicLoadBalancerHostedZone: "Z2" };
  const environmentParameters = { ALBWorkloads: "front", Aliases: '{"front":["www.example.com"]}' };
  const before = { name: "shop-test", status: "UPDATE_COMPLETE", parameters: environmentParameters, outputs };
  const environment = { app: "shop", name: "test", region: "us-west-2", accountID: "1", managerRoleARN: "m" };
  const facts = { account: "1", region: "us-west-2", partition: "aws", domain: "example.com", environmentParameters };
  const gathered = { facts: { ...facts, certificates }, environment, environmentStack: before };
  const domains = {
    async *delegate() {
      yield* [];
    },
    async *ensureCertificate({ purpose, existing }: { purpose: string; existing?: string }) {
      if (existing === undefined) told.push(`certificate for ${purpose}`);
      yield* [];
      return existing ?? `arn:${purpose}`;
    },
    async *writeAliases({ names, target, ours }: { names: string[]; target: { dnsName: string }; ours: string[] }) {
      told.push(`${names.join()} to ${target.dnsName}, also from ${ours.join()}`);
      yield* [];
    },
  };
  const render = async ({ certificates: known = {} }: StackFacts): Promise<PackagedStack> => {
    const parameters = {
      ...environmentParameters,
      HTTPSCertificateARN: known.loadBalancer ?? "",
      CDNCertificateARN: known.cdn ?? "",
    };
    const template = {
      Parameters: Object.fromEntries(Object.keys(parameters).map((name) => [name, { Type: "String" }])),
      Resources: { Cluster: {}, CloudFrontDistribution: {} },
      Outputs: { CloudFrontDomainName: {} },
    };
    return { name: "shop-test", template, text: "", parameters, tags: {} } as unknown as PackagedStack;
  };
  const story = deployEnvironmentStack(
    {
      account: { domains } as unknown as Account,
      gathered: gathered as unknown as GatheredFacts,
      render,
      async *update({ template, parameters }: PackagedStack) {
        const { HTTPSCertificateARN, CDNCertificateARN } = parameters;
        const ids = Object.keys({ ...template.Resources, ...template.Outputs }).join();
        told.push(`update ${JSON.stringify({ HTTPSCertificateARN, CDNCertificateARN })} of ${ids}`);
        yield* [];
        const hasCdn = "CloudFrontDistribution" in template.Resources;
        return {
          outcome: "updated",
          stack: { ...before, outputs: { ...outputs, ...(hasCdn && { CloudFrontDomainName: "cdn" }) } },
        };
      },
    } as unknown as Parameters<typeof deployEnvironmentStack>[0],
    new AbortController().signal,
  );
  for await (const _ of story);
  return told;
}

test("CloudFront that is switched on as an environment is taken over gets its certificate before it is made", async () => {
  expect(await takenOver({ loadBalancer: "arn:copilots" })).toMatchInlineSnapshot(`
    [
      "update {"HTTPSCertificateARN":"arn:copilots","CDNCertificateARN":""} of Cluster",
      "certificate for cdn",
      "update {"HTTPSCertificateARN":"arn:copilots","CDNCertificateARN":"arn:cdn"} of Cluster,CloudFrontDistribution,CloudFrontDomainName",
      "www.example.com to cdn, also from lb,cdn,lb",
    ]
  `);
});

test("CloudFront that is there keeps the certificate that Copilot's function has made", async () => {
  expect(await takenOver({ loadBalancer: "arn:copilots", cdn: "arn:replicated" })).toMatchInlineSnapshot(`
    [
      "update {"HTTPSCertificateARN":"arn:copilots","CDNCertificateARN":"arn:replicated"} of Cluster,CloudFrontDistribution,CloudFrontDomainName",
      "update {"HTTPSCertificateARN":"arn:copilots","CDNCertificateARN":"arn:replicated"} of Cluster,CloudFrontDistribution,CloudFrontDomainName",
      "www.example.com to cdn, also from lb,cdn,lb",
    ]
  `);
});

test("a stack lacks a certificate when one that it takes is not known: the load balancer's, or CloudFront's", () => {
  const lacks = (parameters: Record<string, string>) => lacksCertificate({ parameters });
  expect(lacks({ HTTPSCertificateARN: "a", CDNCertificateARN: "" })).toBe(true);
  expect(lacks({ HTTPSCertificateARN: "" })).toBe(true);
  expect(lacks({ HTTPSCertificateARN: "a" })).toBe(false);
  expect(lacks({})).toBe(false);
});
