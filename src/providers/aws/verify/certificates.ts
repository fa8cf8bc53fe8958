import { ACMClient, DescribeCertificateCommand } from "@aws-sdk/client-acm";
import {
  DescribeListenerCertificatesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import type { ApplicationRecord } from "../../account/records.ts";
import type { Check } from "../../account/verify.ts";
import { checked, fail, lookedUp, ok, skip } from "./check.ts";
import type { Place } from "./place.ts";

/** The zone of the application's domain, and for each name of the workload a certificate that is issued and covers it. */
export async function checkCertificates(place: Place, application: ApplicationRecord): Promise<Check[]> {
  const { domain, domainHostedZoneID: zoneId } = application;
  const zone = domain === undefined || zoneId === undefined ? [] : [await hostedZone({ domain, zoneId }, place)];
  return [...zone, ...(await aliases(place, application))];
}

async function hostedZone({ domain, zoneId }: { domain: string; zoneId: string }, { session }: Place): Promise<Check> {
  return checked(domain, async () => {
    const get = new GetHostedZoneCommand({ Id: zoneId });
    const found = await session.client(Route53Client).send(get).catch(noZone);
    return found === undefined
      ? fail(
          domain,
          `its hosted zone ${zoneId} is not there`,
          `aws route53 list-hosted-zones-by-name --dns-name ${domain}`,
        )
      : ok(domain, `hosted zone ${zoneId}`);
  });
}

async function aliases(place: Place, application: ApplicationRecord): Promise<Check[]> {
  const { request, environment } = place;
  const { aliases: names, loadBalancer } = request.needs;
  if (names.length === 0) return [];
  if (loadBalancer === undefined) return names.map((name) => skip(name, "its certificate is made with the deploy"));
  const output = loadBalancer === "public" ? "HTTPSListenerArn" : "InternalHTTPSListenerArn";
  const listener = environment?.outputs[output];
  if (listener === undefined)
    return names.map((name) =>
      fail(
        name,
        `the environment's ${loadBalancer} load balancer has no HTTPS listener yet`,
        `pilotfish env deploy --name ${request.env}`,
      ),
    );
  const seen = await lookedUp(listener, () => certificatesOf(listener, place));
  return "instead" in seen
    ? [seen.instead]
    : names.map((name) => aliasCheck(name, seen.found, { env: request.env, application }));
}

function aliasCheck(
  name: string,
  certificates: readonly Certificate[],
  { env, application: { name: app, domain } }: { env: string; application: ApplicationRecord },
): Check {
  const covering = certificates.filter(({ covers }) => covers.some((each) => isCoveredBy(name, each)));
  const issued = covering.find(({ status }) => status === "ISSUED");
  if (issued !== undefined) return ok(name, issued.arn);
  const [waiting] = covering;
  const own = `${env}.${app}.${domain}`;
  const isRequested = certificates.some(({ covers }) => covers.some((each) => isCoveredBy(own, each)));
  const isBelow = domain !== undefined && (name === domain || name.endsWith(`.${domain}`));
  // The certificate that the environment has requested itself is requested anew with further names.
  if (waiting === undefined && isRequested && isBelow)
    return skip(name, "the deploy requests a certificate of the environment that covers it");
  return waiting === undefined
    ? fail(name, "no certificate of the HTTPS listener covers it", `pilotfish env deploy --name ${env}`)
    : fail(
        name,
        `its certificate is ${waiting.status}`,
        `aws acm describe-certificate --certificate-arn ${waiting.arn}`,
      );
}

interface Certificate {
  arn: string;
  status: string;
  covers: string[];
}

async function certificatesOf(listenerArn: string, { there }: Place): Promise<Certificate[]> {
  const client = there.client(ElasticLoadBalancingV2Client);
  const list = new DescribeListenerCertificatesCommand({ ListenerArn: listenerArn });
  const { Certificates = [] } = await client.send(list);
  const acm = there.client(ACMClient);
  return Promise.all(
    Certificates.map(async ({ CertificateArn: arn = "" }) => {
      const { Certificate: certificate } = await acm.send(new DescribeCertificateCommand({ CertificateArn: arn }));
      const { Status: status = "", DomainName = "", SubjectAlternativeNames: others = [] } = certificate ?? {};
      return { arn, status, covers: [DomainName, ...others] };
    }),
  );
}

/** A star stands for one label. */
function isCoveredBy(name: string, covering: string): boolean {
  if (!covering.startsWith("*.")) return name.toLowerCase() === covering.toLowerCase();
  return name.slice(name.indexOf(".")).toLowerCase() === covering.slice(1).toLowerCase();
}

function noZone(error: unknown): undefined {
  if (error instanceof Error && error.name === "NoSuchHostedZone") return undefined;
  throw error;
}
