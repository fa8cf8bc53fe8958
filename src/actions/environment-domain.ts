import { cdnAliasesParameter, cdnCertificateParameter } from "../cloudformation/environment/cdn.ts";
import { certificateParameter } from "../cloudformation/environment/load-balancers.ts";
import type { StackFacts } from "../cloudformation/facts.ts";
import { readTemplate } from "../cloudformation/read-template.ts";
import { writeTemplate } from "../cloudformation/write-template.ts";
import { environmentCertificateNames } from "../plan/domain-names.ts";
import { aliasNames } from "../plan/environment-needs.ts";
import type { Account } from "../providers/account.ts";
import type { DomainEvent, DomainPlace } from "../providers/account/domains.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import type { StackDescription } from "../providers/account/stacks.ts";
import { domainPlaceOf, environmentOwn, environmentTarget } from "./domain-place.ts";
import type { PackagedStack } from "./packaged-stack.ts";

type Parameters = Readonly<Record<string, string>>;

/** What came of an update; `stack` when it was followed to its end. */
interface Updated {
  outcome: string;
  stack?: StackDescription;
}

export interface EnvironmentStackTools<E, O extends Updated> {
  account: Pick<Account, "domains" | "stacks">;
  gathered: GatheredFacts;
  /** The stack with what is known. */
  render(facts: StackFacts): Promise<PackagedStack>;
  /** @param last whether nothing comes after it: only then need it not be followed */
  update(stack: PackagedStack, last: boolean): AsyncGenerator<E, O, void>;
}

/** Updates the stack of an environment. With a domain that takes two updates where the zone is not there yet: the hosted zone and
 *  its delegation first, then the certificate, then the listener that stands on it, then the names. What is there already is not
 *  made again, so that a deployment that ended anywhere is finished by the next one.
 *  @throws UserError certificate/*, domain/*, and what `update` throws */
export async function* deployEnvironmentStack<E, O extends Updated>(
  tools: EnvironmentStackTools<E, O>,
  signal: AbortSignal,
): AsyncGenerator<E | DomainEvent, O, void> {
  const { gathered, account, render, update } = tools;
  const { facts, environmentStack: before } = gathered;
  const first = await render(facts);
  const place = domainPlaceOf(gathered);
  if (place === undefined || !Object.hasOwn(first.template.Parameters, certificateParameter))
    return yield* update(first, true);
  if (!isReadyForNames(before)) {
    const parameters = await withoutCertificate(first.parameters, gathered, account);
    const zoneMade = yield* update(withoutDistribution({ ...first, parameters }), false);
    if (zoneMade.stack === undefined) return zoneMade;
  }
  yield* account.domains.delegate(place, signal);
  const certificates = yield* certificatesFor(first.parameters, { place, facts }, account, signal);
  const second = await render({ ...facts, certificates: { ...facts.certificates, ...certificates } });
  const names = aliasNames(second.parameters);
  const gone = aliasNames(before?.parameters ?? {}).filter((name) => !names.includes(name));
  if (gone.length > 0)
    yield* account.domains.removeAliases({ place, names: gone, ours: environmentOwn(before?.outputs) }, signal);
  const done = yield* update(second, true);
  if (done.stack === undefined) return done;
  yield* pointNames(names, { place, facts }, { before: before?.outputs, now: done.stack.outputs }, account, signal);
  yield* deleteFormer(facts.certificates, certificates, place, account, signal);
  return done;
}

/** Whether the stack has the zone, and the role that names are written with. */
function isReadyForNames(stack: GatheredFacts["environmentStack"]): boolean {
  return (
    stack !== undefined && Boolean(stack.outputs["EnvironmentHostedZone"]) && certificateParameter in stack.parameters
  );
}

/** Whether a stack stands on a certificate that is not known yet. */
export function lacksCertificate({ parameters }: Pick<PackagedStack, "parameters">): boolean {
  return [certificateParameter, cdnCertificateParameter].some((name) => parameters[name] === "");
}

/** The parameters while no certificate is known: no load balancer yet. One that is there keeps the certificate that it has. */
async function withoutCertificate(
  parameters: Parameters,
  { facts, environment, environmentStack: before }: GatheredFacts,
  { stacks }: Pick<Account, "stacks">,
): Promise<Record<string, string>> {
  if (parameters[certificateParameter]) return { ...parameters };
  if (!facts.environmentParameters?.["ALBWorkloads"] || before === undefined)
    return { ...parameters, ALBWorkloads: "" };
  const where = { region: environment.region, managerRoleArn: environment.managerRoleARN };
  const { HTTPSListener: listener } = readTemplate(await stacks.template(before.name, where)).Resources;
  const [first] = (listener?.Properties?.["Certificates"] ?? []) as { CertificateArn?: unknown }[];
  const arn = first?.CertificateArn;
  return { ...parameters, ...(typeof arn === "string" && { [certificateParameter]: arn }) };
}

/** The stack while the certificate that CloudFront wants is not known: without the distribution. */
function withoutDistribution(stack: PackagedStack): PackagedStack {
  const { template, parameters } = stack;
  if (parameters[cdnCertificateParameter] !== "") return stack;
  const { CloudFrontDistribution: _, ...Resources } = template.Resources;
  const { CloudFrontDomainName: __, ...Outputs } = template.Outputs ?? {};
  const rest = { ...template, Resources, Outputs };
  return { ...stack, template: rest, text: writeTemplate(rest) };
}

/** The certificates that a stack with these parameters stands on. */
async function* certificatesFor(
  parameters: Parameters,
  { place, facts }: { place: DomainPlace; facts: StackFacts },
  { domains }: Pick<Account, "domains">,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, { loadBalancer: string; cdn?: string }, void> {
  const { tags = {}, certificates: { loadBalancer: existing, cdn: existingCdn } = {} } = facts;
  const request = { place, names: environmentCertificateNames(place, aliasNames(parameters)), tags };
  const { region } = place.environment;
  const loadBalancer = yield* domains.ensureCertificate(
    { ...request, region, purpose: "load-balancer", ...(existing !== undefined && { existing }) },
    signal,
  );
  if (parameters[cdnCertificateParameter] === undefined) return { loadBalancer };
  const cdn = yield* domains.ensureCertificate(
    {
      ...request,
      region: "us-east-1",
      purpose: "cdn",
      ...(existingCdn !== undefined && { existing: existingCdn }),
    },
    signal,
  );
  return { loadBalancer, cdn };
}

/** Writes the records of an environment's public names. */
async function* pointNames(
  names: readonly string[],
  { place, facts }: { place: DomainPlace; facts: StackFacts },
  outputs: { before?: Parameters | undefined; now: Parameters },
  { domains }: Pick<Account, "domains">,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const target = environmentTarget(outputs.now, facts.partition);
  if (target === undefined || names.length === 0) return;
  yield* domains.writeAliases({ place, names, target, ours: environmentOwn(outputs.before, outputs.now) }, signal);
}

/** Certificates that others have taken the place of. */
async function* deleteFormer(
  before: StackFacts["certificates"],
  now: { loadBalancer?: string; cdn?: string },
  place: DomainPlace,
  { domains }: Pick<Account, "domains">,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const keep = Object.values(now);
  const former = [before?.loadBalancer ?? [], before?.cdn ?? []].flat().filter((arn) => !keep.includes(arn));
  if (former.length > 0) yield* domains.deleteCertificates({ place, certificates: former, keep }, signal);
}

/** What else of the parameters of an environment's stack has to change with those that name workloads: the certificates, where
 *  they do not serve all names, and the names that CloudFront answers to. Nothing for a stack whose own programs do it.
 *  @param changed the parameters that change */
export async function* parametersForNames(
  { parameters }: StackDescription,
  changed: Parameters,
  gathered: GatheredFacts,
  { domains }: Pick<Account, "domains">,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, Record<string, string>, void> {
  const place = domainPlaceOf(gathered);
  const declares = (name: string) => Object.hasOwn(parameters, name);
  if (place === undefined || !declares(certificateParameter)) return {};
  const wanted = { ...parameters, ...changed };
  const { loadBalancer, cdn } = yield* certificatesFor(wanted, { place, facts: gathered.facts }, { domains }, signal);
  return {
    [certificateParameter]: loadBalancer,
    ...(cdn !== undefined && { [cdnCertificateParameter]: cdn }),
    ...distributionNames(parameters, changed),
  };
}

/** The names that CloudFront answers to when others of the parameters change; nothing where it answers to none of its own. Names
 *  that are no workload's stay: those of static files. */
export function distributionNames(deployed: Parameters, changed: Parameters): Record<string, string> {
  const given = deployed[cdnAliasesParameter];
  if (given === undefined) return {};
  const before = aliasNames(deployed);
  const others = given.split(",").filter((name) => name !== "" && !before.includes(name));
  const names = new Set([...others, ...aliasNames({ ...deployed, ...changed })]);
  return { [cdnAliasesParameter]: [...names].toSorted().join(",") };
}

/** Lets the names of an environment lead to it, and removes certificates that others have taken the place of. */
export async function* settleNames(
  before: StackDescription,
  now: StackDescription,
  gathered: GatheredFacts,
  { domains }: Pick<Account, "domains">,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const place = domainPlaceOf(gathered);
  const { [certificateParameter]: loadBalancer, [cdnCertificateParameter]: cdn } = now.parameters;
  if (place === undefined || loadBalancer === undefined) return;
  const outputs = { before: before.outputs, now: now.outputs };
  yield* pointNames(aliasNames(now.parameters), { place, facts: gathered.facts }, outputs, { domains }, signal);
  const stays = { loadBalancer, ...(cdn !== undefined && { cdn }) };
  const former = before.parameters;
  yield* deleteFormer(
    {
      ...(former[certificateParameter] && { loadBalancer: former[certificateParameter] }),
      ...(former[cdnCertificateParameter] && { cdn: former[cdnCertificateParameter] }),
    },
    stays,
    place,
    { domains },
    signal,
  );
}
