import { Route53Client } from "@aws-sdk/client-route-53";
import { zoneNames } from "../../../plan/domain-names.ts";
import type {
  AliasRemoval,
  AliasRequest,
  CertificateRemoval,
  CertificateRequest,
  CustomDomainRequest,
  DomainEvent,
  DomainPlace,
  Domains,
  MadeOutside,
  OwnerRequest,
} from "../../account/domains.ts";
import type { AwsSession } from "../session.ts";
import { associate, disassociate } from "./custom-domains.ts";
import { ensureCertificate } from "./ensure-certificate.ts";
import { listMadeOutside } from "./list-made-outside.ts";
import { type Paces, usualPaces } from "./poll.ts";
import { certificatesOf, deleteCertificates } from "./remove-certificates.ts";
import { removals, validationsIn } from "./record-changes.ts";
import { applyRemovals, removeRecords, writeDelegation, writeRecords } from "./write-records.ts";
import { publicZone, Zones } from "./zones.ts";

/** Names in Route 53, certificates of ACM, and names of App Runner's services. */
export class AwsDomains implements Domains {
  readonly #session: AwsSession;
  readonly #paces: Paces;

  constructor(session: AwsSession, paces: Paces = usualPaces) {
    this.#session = session;
    this.#paces = paces;
  }

  hostedZone(domain: string): Promise<string | undefined> {
    return publicZone(this.#session.client(Route53Client), domain);
  }

  ensureCertificate(request: CertificateRequest, signal: AbortSignal): AsyncGenerator<DomainEvent, string, void> {
    return ensureCertificate(request, this.#tools, signal);
  }

  async *delegate(place: DomainPlace, signal: AbortSignal): AsyncGenerator<DomainEvent, void, void> {
    const zones = this.#zones(place);
    const [own, application] = await Promise.all([zones.get("environment"), zones.get("application")]);
    const [servers, present] = await Promise.all([own.nameServers(), application.recordsAt(own.name)]);
    yield* writeDelegation(application, { name: own.name, servers, present }, { pace: this.#paces.records, signal });
  }

  async *writeAliases(
    { place, names, target, ours = [] }: AliasRequest,
    signal: AbortSignal,
  ): AsyncGenerator<DomainEvent, void, void> {
    const wanted = names.map((name) => ({ name, type: "A" as const, target }));
    yield* writeRecords(wanted, { zones: this.#zones(place), pace: this.#paces.records, signal, ours });
  }

  async *removeAliases(
    { place, names, ours }: AliasRemoval,
    signal: AbortSignal,
  ): AsyncGenerator<DomainEvent, void, void> {
    const records = names.map((name) => ({ name, type: "A", ours }));
    yield* removeRecords(records, { zones: this.#zones(place), pace: this.#paces.records, signal });
  }

  associate(request: CustomDomainRequest, signal: AbortSignal): AsyncGenerator<DomainEvent, void, void> {
    return associate(request, this.#tools, signal);
  }

  disassociate(request: CustomDomainRequest, signal: AbortSignal): AsyncGenerator<DomainEvent, void, void> {
    return disassociate(request, this.#tools, signal);
  }

  async *removeRecords(request: OwnerRequest, signal: AbortSignal): AsyncGenerator<DomainEvent, void, void> {
    const zones = this.#zones(request.place);
    const waiting = { zones, pace: this.#paces.records, signal };
    const certificates = await certificatesOf(request, this.#tools);
    const records = certificates.flatMap((each) => each.records);
    yield* removeRecords(
      records.map(({ name, serves, values }) => ({ name, serves, type: "CNAME", ours: values })),
      waiting,
    );
    if (request.service === undefined) yield* this.#removeZone(request.place, waiting);
  }

  /** What keeps the environment's zone from being deleted, and what leads there. */
  async *#removeZone(
    place: DomainPlace,
    { zones, pace, signal }: { zones: Zones; pace: Paces["records"]; signal: AbortSignal },
  ): AsyncGenerator<DomainEvent, void, void> {
    const own = await zones.find("environment");
    if (own === undefined) return;
    yield* applyRemovals(new Map([[own, validationsIn(await own.allRecords())]]), { pace, signal });
    const application = await zones.find("application");
    if (application === undefined) return;
    const [ours, present] = await Promise.all([own.nameServers(), application.recordsAt(own.name)]);
    const changes = removals({ name: zoneNames(place).environment, type: "NS" }, present, ours);
    yield* applyRemovals(new Map([[application, changes]]), { pace, signal });
  }

  deleteCertificates(request: CertificateRemoval, signal: AbortSignal): AsyncGenerator<DomainEvent, void, void> {
    return deleteCertificates(request, this.#tools, signal);
  }

  list(request: OwnerRequest & { targets: readonly string[] }): Promise<MadeOutside[]> {
    return listMadeOutside(request, this.#tools);
  }

  #zones(place: DomainPlace): Zones {
    return new Zones(this.#session, place, this.#paces.rights);
  }

  get #tools(): { session: AwsSession; paces: Paces } {
    return { session: this.#session, paces: this.#paces };
  }
}
