import type { Script } from "../script.ts";

/** A certificate of ACM that is not issued: it fails, or its validation goes on and on.
 *  @param how `Status` and, when it failed, `FailureReason` as DescribeCertificate tells them in the end */
export function unissuedCertificate(names: readonly string[], how: { Status: string; FailureReason?: string }): Script {
  const arn = "arn:aws:acm:us-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012";
  const option = (DomainName: string, ValidationStatus: string) => {
    const name = DomainName.replace(/^\*\./, "");
    const ResourceRecord = {
      Name: `_x1.${name}.`,
      Type: "CNAME",
      Value: "_x2.mhbtsbpdnt.acm-validations.aws.",
    };
    return { DomainName, ValidationDomain: name, ValidationStatus, ValidationMethod: "DNS", ResourceRecord };
  };
  const detail = (Status: string, validation: string, more: object) => ({
    Certificate: {
      CertificateArn: arn,
      DomainName: names[0],
      SubjectAlternativeNames: names,
      Type: "AMAZON_ISSUED",
      Status,
      ...more,
      DomainValidationOptions: names.map((name) => option(name, validation)),
    },
  });
  return {
    source:
      "ACM API reference, CertificateDetail (Status, FailureReason) and DomainValidation; user guide, 'Troubleshoot certificate requests'",
    answers: {
      "acm:RequestCertificate": () => ({ CertificateArn: arn }),
      "acm:DescribeCertificate": (_, turn) => {
        if (turn === 1 || how.Status === "PENDING_VALIDATION")
          return detail("PENDING_VALIDATION", "PENDING_VALIDATION", {});
        return detail(
          how.Status,
          "FAILED",
          how.FailureReason === undefined ? {} : { FailureReason: how.FailureReason },
        );
      },
    },
  };
}
