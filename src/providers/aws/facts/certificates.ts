import type { StackFacts } from "../../../cloudformation/facts.ts";
import type { StackDescription, StackResourceDescription } from "../../account/stacks.ts";

type Resources = Readonly<Record<string, StackResourceDescription>>;

/** Certificates that a stack uses: its parameters say which, or, in one that Copilot made, the physical ids of custom
 *  resources. Those that nobody has requested yet are left out. */

interface Certificate {
  /** Of the stack that we make. */
  parameter: string;
  /** Of the stack that Copilot makes. */
  customResource: string;
}

const ofLoadBalancer: Certificate = { parameter: "HTTPSCertificateARN", customResource: "HTTPSCert" };
const ofCdn: Certificate = { parameter: "CDNCertificateARN", customResource: "CertificateReplicator" };
const ofNetworkLoadBalancer: Certificate = {
  parameter: "NLBCertificateARN",
  customResource: "NLBCertValidatorAction",
};
const ofSite: Certificate = { parameter: "AliasCertificateARN", customResource: "CertificateValidatorAction" };

/** Whether the resources of an environment's stack have to be known to tell. */
export function hidesEnvironmentCertificates({ parameters }: StackDescription): boolean {
  return Boolean(parameters["AppDNSName"]) && lacks(parameters, ofLoadBalancer);
}

/** Whether the resources of a workload's stack have to be known to tell. */
export function hidesWorkloadCertificates({ parameters, outputs }: StackDescription): boolean {
  return (
    (parameters["NLBPort"] !== undefined && lacks(parameters, ofNetworkLoadBalancer)) ||
    (outputs[siteAlias] !== undefined && lacks(parameters, ofSite))
  );
}

function lacks(parameters: Readonly<Record<string, string>>, { parameter }: Certificate): boolean {
  return !parameters[parameter];
}

const siteAlias = "CloudFrontDistributionAlternativeDomainName";

interface Deployed {
  stack: StackDescription | undefined;
  resources: Resources;
}

/** What the stacks say of certificates, in the shape of facts. */
export function certificateFacts(
  environment: Deployed,
  workload: Deployed,
): Pick<StackFacts, "certificates" | "siteCertificates"> {
  const loadBalancer = arnOf(ofLoadBalancer, environment);
  const cdn = arnOf(ofCdn, environment);
  const networkLoadBalancer = arnOf(ofNetworkLoadBalancer, workload);
  const site = arnOf(ofSite, workload);
  const alias = workload.stack?.outputs[siteAlias];
  const certificates = {
    ...(loadBalancer && { loadBalancer }),
    ...(cdn && { cdn }),
    ...(networkLoadBalancer && { networkLoadBalancer }),
  };
  return {
    ...(Object.keys(certificates).length > 0 && { certificates }),
    ...(alias && site && { siteCertificates: { [alias]: site } }),
  };
}

function arnOf({ parameter, customResource }: Certificate, { stack, resources }: Deployed): string | undefined {
  const given = stack?.parameters[parameter] || resources[customResource]?.physicalId;
  return given?.startsWith("arn:") ? given : undefined;
}
