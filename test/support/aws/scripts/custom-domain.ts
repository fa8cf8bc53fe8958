import { Refused, type Script } from "../script.ts";

/** A service of App Runner and its names: one that is associated has the records of its certificate with the second answer, and is
 *  settled with the fourth; one that is disassociated is gone with the second.
 *  @param settled `active`, or `create_failed` */
export function customDomain(settled: "active" | "create_failed", names: readonly string[] = []): Script {
  const target = "psbqam834h.us-west-2.awsapprunner.com";
  const domains = new Map(names.map((name) => [name, { asked: 3, going: false }]));
  const records = (name: string) =>
    ["x1", "x2"].map((token) => ({
      Name: `_${token}.${name}.`,
      Type: "CNAME",
      Value: `_${token}.mhbtsbpdnt.acm-validations.aws.`,
      Status: "PENDING_VALIDATION",
    }));
  const domain = (DomainName: string, Status: string, CertificateValidationRecords: object[]) => ({
    DomainName,
    EnableWWWSubdomain: false,
    CertificateValidationRecords,
    Status,
  });
  const common = (ServiceArn: unknown) => ({ DNSTarget: target, ServiceArn, VpcDNSTargets: [] });
  return {
    source:
      "App Runner API reference, AssociateCustomDomain, DescribeCustomDomains, DisassociateCustomDomain, CustomDomain",
    answers: {
      "apprunner:AssociateCustomDomain": ({ ServiceArn, DomainName }) => {
        if (domains.has(String(DomainName)))
          return new Refused("InvalidRequestException", `${String(DomainName)} is already associated with a service.`);
        domains.set(String(DomainName), { asked: 0, going: false });
        return { ...common(ServiceArn), CustomDomain: domain(String(DomainName), "creating", []) };
      },
      "apprunner:DescribeCustomDomains": ({ ServiceArn }) => {
        for (const [name, state] of domains) if (++state.asked > 2 && state.going) domains.delete(name);
        const CustomDomains = [...domains].map(([name, { asked, going }]) => {
          if (going) return domain(name, "deleting", records(name));
          if (asked < 2) return domain(name, "creating", []);
          return domain(name, asked < 4 ? "pending_certificate_dns_validation" : settled, records(name));
        });
        return { ...common(ServiceArn), CustomDomains };
      },
      "apprunner:DisassociateCustomDomain": ({ ServiceArn, DomainName }) => {
        domains.set(String(DomainName), { asked: 0, going: true });
        return { ...common(ServiceArn), CustomDomain: domain(String(DomainName), "deleting", []) };
      },
    },
  };
}
