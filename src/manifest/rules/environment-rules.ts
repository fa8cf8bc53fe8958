import {
  cdnAllFalse,
  cdnCertificates,
  ingressForms,
  ingressFromVpc,
  ingressNoEffect,
  internalSubnets,
  mapsWithNothing,
  restrictedToCdn,
} from "./environment-http.ts";
import {
  availabilityZones,
  flowLogsOff,
  importedSubnets,
  ownSubnets,
  subnetForms,
  subnetRanges,
  subnetsWithoutVpc,
  vpcOrigin,
} from "./environment-network.ts";
import type { ReadEnvironmentManifest } from "./environment-rule.ts";
import type { Rule } from "./rule.ts";

export const environmentRules: readonly Rule<ReadEnvironmentManifest>[] = [
  vpcOrigin,
  subnetForms,
  subnetsWithoutVpc,
  importedSubnets,
  ownSubnets,
  availabilityZones,
  subnetRanges,
  flowLogsOff,
  cdnCertificates,
  cdnAllFalse,
  mapsWithNothing,
  restrictedToCdn,
  ingressForms,
  ingressNoEffect,
  ingressFromVpc,
  internalSubnets,
];
