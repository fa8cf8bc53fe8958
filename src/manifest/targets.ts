import { type PortMapping, parsePortMapping } from "./port-mapping.ts";
import type { Path } from "./problems.ts";
import type { ReadManifest } from "./rules/rule.ts";

/** Which container and port each rule and listener of a service leads to. */

type Web = Extract<ReadManifest, { type?: "Load Balanced Web Service" }>;
export type HttpManifest = Exclude<ReadManifest["http"], false | undefined>;
export type HttpRule = NonNullable<NonNullable<Exclude<Web["http"], false>>["additional_rules"]>[number];
export type NlbManifest = NonNullable<Web["nlb"]>;
export type NlbListener = NonNullable<NlbManifest["additional_listeners"]>[number];

export interface Target {
  container: string;
  /** Undefined when nothing says which. */
  port: number | undefined;
}

export interface Exposed extends PortMapping {
  container: string;
}

/** A port that two containers, or one container with two protocols, would have to listen on. */
export interface PortConflict {
  at: Path;
  first: Exposed;
  second: Exposed;
}

/** The block, if the service stands behind a load balancer for HTTP. */
export function httpOf({ http }: ReadManifest): HttpManifest | undefined {
  return http || undefined;
}

/** The block, if it says anything: Copilot takes an empty one as absent. */
export function nlbOf(manifest: ReadManifest): NlbManifest | undefined {
  if (manifest.type !== "Load Balanced Web Service" || !manifest.nlb) return undefined;
  return Object.values(manifest.nlb).some((value) => value !== undefined) ? manifest.nlb : undefined;
}

/** The main rule and the additional ones, each with where it stands. */
export function httpRules(manifest: ReadManifest): { at: Path; rule: HttpRule }[] {
  const http = httpOf(manifest);
  if (!http) return [];
  const others = (http.additional_rules ?? []).map((rule, i) => ({
    at: ["http", "additional_rules", i] as Path,
    rule,
  }));
  return [{ at: ["http"], rule: http }, ...others];
}

export function nlbListeners(manifest: ReadManifest): { at: Path; listener: NlbListener }[] {
  const nlb = nlbOf(manifest);
  if (!nlb) return [];
  const others = (nlb.additional_listeners ?? []).map((listener, i) => ({
    at: ["nlb", "additional_listeners", i] as Path,
    listener,
  }));
  return [{ at: ["nlb"], listener: nlb }, ...others];
}

/** The container that a rule names. A Backend Service knows the newer of the two spellings alone. */
export function namedContainer({ type }: ReadManifest, rule: HttpRule): string | undefined {
  return rule.target_container ?? (type === "Load Balanced Web Service" ? rule.targetContainer : undefined);
}

interface Ports {
  exposed: Exposed[];
  conflicts: PortConflict[];
}

const known = new WeakMap<ReadManifest, Ports>();

/** Every port that a container of the task must listen on, sidecars first; and what contradicts itself. */
export function exposedPorts(manifest: ReadManifest): Ports {
  let ports = known.get(manifest);
  if (!ports) known.set(manifest, (ports = findPorts(manifest)));
  return ports;
}

function findPorts(manifest: ReadManifest): Ports {
  const main = manifest.name ?? "";
  const owners = new Map<number, Exposed>();
  const places = new Map<Exposed, Path>();
  const conflicts: PortConflict[] = [];
  const expose = (at: Path, second: Exposed) => {
    const first = owners.get(second.port);
    places.set(second, at);
    if (!first) owners.set(second.port, second);
    else if (first.container !== second.container || first.protocol !== second.protocol)
      // The service's own port is what the others have to keep away from.
      conflicts.push({ at: (at[0] === "image" && places.get(first)) || at, first, second });
  };
  for (const [container, sidecar] of Object.entries(manifest.sidecars ?? {})) {
    const mapping = sidecar?.port === undefined ? undefined : parsePortMapping(sidecar.port);
    if (mapping) expose(["sidecars", container, "port"], { ...mapping, container });
  }
  for (const { at, rule } of httpRules(manifest)) {
    const port = rule.target_port;
    if (port === undefined) continue;
    const container = namedContainer(manifest, rule) ?? owners.get(port)?.container ?? main;
    expose([...at, "target_port"], { port, protocol: "tcp", container });
  }
  for (const { at, listener } of nlbListeners(manifest)) {
    const mapping = listener.port === undefined ? undefined : parsePortMapping(listener.port);
    const toSidecar = listener.target_container !== undefined && listener.target_container !== main;
    const port = listener.target_port ?? (toSidecar ? undefined : mapping?.port);
    if (!mapping || port === undefined) continue;
    const container = listener.target_container ?? owners.get(port)?.container ?? main;
    const protocol = mapping.protocol === "udp" ? "udp" : "tcp";
    expose([...at, listener.target_port === undefined ? "port" : "target_port"], { port, protocol, container });
  }
  const port = manifest.image?.port;
  if (port !== undefined) {
    const owner = owners.get(port);
    const protocol = owner?.container === main ? owner.protocol : "tcp";
    expose(["image", "port"], { port, protocol, container: main });
  }
  return { exposed: [...owners.values()], conflicts };
}

/** Where a rule sends its requests. */
export function httpTarget(manifest: ReadManifest, rule: HttpRule, exposed: readonly Exposed[]): Target {
  return target(manifest, namedContainer(manifest, rule), rule.target_port, undefined, exposed);
}

/** Where a listener sends its connections: to its own port number, unless something else is said. */
export function nlbTarget(manifest: ReadManifest, listener: NlbListener, exposed: readonly Exposed[]): Target {
  const own = listener.port === undefined ? undefined : parsePortMapping(listener.port)?.port;
  return target(manifest, listener.target_container, listener.target_port, own, exposed);
}

function target(
  manifest: ReadManifest,
  container: string | undefined,
  port: number | undefined,
  listenerPort: number | undefined,
  exposed: readonly Exposed[],
): Target {
  const main = manifest.name ?? "";
  const owner = exposed.find((each) => each.port === port)?.container;
  if (port !== undefined) return { container: container ?? owner ?? main, port };
  if (container === undefined || container === main) {
    return { container: main, port: listenerPort ?? manifest.image?.port };
  }
  const own = Object.hasOwn(manifest.sidecars ?? {}, container) ? manifest.sidecars?.[container]?.port : undefined;
  return { container, port: own === undefined ? undefined : parsePortMapping(own)?.port };
}
