import type { Domains } from "../../account/domains.ts";
import type { AwsSession } from "../session.ts";
import { type Paces, usualPaces } from "./poll.ts";

/** Names in Route 53, certificates of ACM, and names of App Runner's services. What speaks to AWS is loaded when it is used. */
export function createDomains(session: AwsSession, paces: Paces = usualPaces): Domains {
  const tools = { session, paces };
  return {
    hostedZone: async (domain) => (await import("./zones.ts")).ownZone(session, domain),
    async *ensureCertificate(request, signal) {
      return yield* (await import("./ensure-certificate.ts")).ensureCertificate(request, tools, signal);
    },
    async *delegate(place, signal) {
      yield* (await import("./delegation.ts")).delegate(place, tools, signal);
    },
    async *writeAliases(request, signal) {
      yield* (await import("./aliases.ts")).writeAliases(request, tools, signal);
    },
    loadBalancer: async (arn, place) => (await import("./aliases.ts")).loadBalancerTarget(arn, place, tools),
    async *removeAliases(request, signal) {
      yield* (await import("./aliases.ts")).removeAliases(request, tools, signal);
    },
    async *associate(request, signal) {
      yield* (await import("./custom-domains.ts")).associate(request, tools, signal);
    },
    async *disassociate(request, signal) {
      yield* (await import("./custom-domains.ts")).disassociate(request, tools, signal);
    },
    associated: async (service) => (await import("./custom-domains.ts")).associated(service, tools),
    async *removeRecords(request, signal) {
      yield* (await import("./remove-certificates.ts")).removeValidations(request, tools, signal);
      if (request.service === undefined)
        yield* (await import("./delegation.ts")).removeDelegation(request.place, tools, signal);
    },
    async *deleteCertificates(request, signal) {
      yield* (await import("./remove-certificates.ts")).deleteCertificates(request, tools, signal);
    },
    list: async (request) => (await import("./list-made-outside.ts")).listMadeOutside(request, tools),
  };
}
