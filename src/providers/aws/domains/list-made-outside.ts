import { zoneNames } from "../../../plan/domain-names.ts";
import type { MadeOutside, OwnerRequest } from "../../account/domains.ts";
import type { DomainTools } from "./tools.ts";
import { removals } from "./record-changes.ts";
import { certificatesOf } from "./remove-certificates.ts";
import { Zones } from "./zones.ts";

/** What was made outside of the stacks for an owner: certificates by their tags, and records by their names and what they lead
 *  to. */
export async function listMadeOutside(
  request: OwnerRequest & { targets: readonly string[] },
  tools: DomainTools,
): Promise<MadeOutside[]> {
  const { place, service, aliases = [], targets } = request;
  const zones = new Zones(tools.session, place, tools.paces.rights);
  const certificates = await certificatesOf(request, tools);
  const own = zoneNames(place).environment;
  const servers = service === undefined ? await (await zones.find("environment"))?.nameServers() : undefined;
  const wanted = [
    ...(servers === undefined ? [] : [{ name: own, serves: zoneNames(place).application, type: "NS", ours: servers }]),
    ...aliases.map((name) => ({ name, serves: name, type: "A", ours: targets })),
    ...certificates.flatMap(({ records }) =>
      records.map(({ name, serves, values }) => ({ name, serves, type: "CNAME", ours: values })),
    ),
  ];
  const found = await Promise.all(
    wanted.map(async ({ name, serves, type, ours }) => {
      const zone = await zones.foundFor(serves);
      const isThere = zone !== undefined && removals({ name, type }, await zone.recordsAt(name), ours).length > 0;
      return isThere ? [`${name} ${type}`] : [];
    }),
  );
  return [
    ...certificates.map(({ arn }) => ({ type: "AWS::CertificateManager::Certificate", physicalId: arn })),
    ...[...new Set(found.flat())].map((physicalId) => ({ type: "AWS::Route53::RecordSet", physicalId })),
  ];
}
