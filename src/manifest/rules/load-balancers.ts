import { exposedPorts, httpOf, httpRules, httpTarget, namedContainer, nlbListeners, nlbOf } from "../targets.ts";
import { parsePortMapping } from "../port-mapping.ts";
import type { Path } from "../problems.ts";
import { quoted } from "../words.ts";
import { type ReadManifest, type Report, rule } from "./rule.ts";

export const httpOrNlb = rule("http/off", ["http", "nlb"], (manifest, report) => {
  const { type, http } = manifest;
  if (type !== "Load Balanced Web Service" || http !== false || nlbOf(manifest)) return;
  report("http", "`http: false` leaves the service without a load balancer", {
    hint: "write `http: { path: / }` or add `nlb`; a service without a load balancer is a Backend Service",
  });
});

/** A load balancer needs a port to send requests to; the schema asks it of a Load Balanced Web Service alone. */
export const httpNeedsPort = rule("http/port", ["http/**", "image.port", "sidecars/**"], (manifest, report) => {
  const { exposed } = exposedPorts(manifest);
  if (manifest.type !== "Backend Service" || !manifest.image) return;
  for (const { at, rule: each } of httpRules(manifest)) {
    const { container, port } = httpTarget(manifest, each, exposed);
    if (port !== undefined || container !== (manifest.name ?? "") || each.target_container !== undefined) continue;
    report("image.port", `\`${at[0]}\` needs \`image.port\`, the port that requests are sent to`, {
      hint: "add `port: 8080` under `image`",
    });
  }
});

/** A target container exists and listens on something. */
export const targetContainers = rule(
  "http/target",
  ["http/**", "nlb/**", "image.port", "sidecars/**"],
  (manifest, report) => {
    for (const { at, rule: each } of httpRules(manifest)) {
      const key = each.target_container === undefined ? "targetContainer" : "target_container";
      checkContainer(manifest, namedContainer(manifest, each), [...at, key], report);
      if (manifest.type === "Load Balanced Web Service" && each.targetContainer && each.target_container) {
        report([...at, "targetContainer"], "`targetContainer` and `target_container` are two spellings of one key", {
          hint: "keep `target_container`",
        });
      }
    }
    for (const { at, listener } of nlbListeners(manifest))
      checkContainer(manifest, listener.target_container, [...at, "target_container"], report);
  },
);

function checkContainer(manifest: ReadManifest, name: string | undefined, at: Path, report: Report): void {
  if (name === undefined) return;
  const sidecar = Object.hasOwn(manifest.sidecars ?? {}, name) ? manifest.sidecars?.[name] : undefined;
  const isMain = name === manifest.name;
  if (!isMain && !sidecar)
    return report(at, `there is no container ${quoted(name)}`, {
      hint: "it is the service's name, or a key of `sidecars`",
    });
  if ((isMain ? manifest.image?.port : sidecar?.port) !== undefined) return;
  report(at, `the container ${quoted(name)} has no port`, {
    hint: isMain ? "add `port: 8080` under `image`" : `add \`port: 8080\` under \`sidecars.${name}\``,
  });
}

/** Every port belongs to one container and one protocol. */
export const ports = rule("ports/conflict", ["http/**", "nlb/**", "image.port", "sidecars/**"], (manifest, report) => {
  const { exposed, conflicts } = exposedPorts(manifest);
  const known = [manifest.name, ...Object.keys(manifest.sidecars ?? {})];
  for (const { at, first, second } of conflicts) {
    if (!known.includes(first.container) || !known.includes(second.container)) continue;
    const same = first.container === second.container;
    report(
      at,
      same
        ? `port ${second.port} of the container ${quoted(second.container)} is asked for with ${first.protocol} and with ${second.protocol}`
        : `the containers ${quoted(first.container)} and ${quoted(second.container)} both listen on port ${second.port}`,
      { hint: "the containers of a task share its ports: give one of the two another port" },
    );
  }
  const checks = [
    ...httpRules(manifest).map(({ at, rule: each }) => {
      const { healthcheck } = each;
      const own = typeof healthcheck === "object" ? healthcheck.port : undefined;
      return { at, own, port: own ?? each.target_port ?? manifest.image?.port };
    }),
    ...nlbListeners(manifest).map(({ at, listener }) => {
      const own = listener.healthcheck?.port;
      const mapped = listener.port === undefined ? undefined : parsePortMapping(listener.port)?.port;
      return { at, own, port: own ?? listener.target_port ?? mapped };
    }),
  ];
  for (const { at, own, port } of checks) {
    const found = exposed.find((each) => each.port === port && each.protocol === "udp");
    if (!found || conflicts.some(({ second }) => second.port === port)) continue;
    report(
      own === undefined ? [...at, "port"] : [...at, "healthcheck", "port"],
      `health checks go to port ${port}, which is ${found.protocol}; they need TCP`,
      {
        hint: "name a port that listens with TCP: `healthcheck: { port: 8080 }`",
      },
    );
  }
});

/** How long to wait after a start is said once, for the whole service. */
export const gracePeriods = rule("healthcheck/grace-period", ["http/**", "nlb/**"], (manifest, report) => {
  const http = httpOf(manifest)?.healthcheck;
  const ofHttp = typeof http === "object" ? http.grace_period : undefined;
  const ofNlb = nlbOf(manifest)?.healthcheck?.grace_period;
  if (ofHttp !== undefined && ofNlb !== undefined)
    report("nlb.healthcheck.grace_period", "`http` and `nlb` both set a grace period, and a service has one", {
      hint: "keep one of them",
    });
  const others = [
    ...httpRules(manifest)
      .slice(1)
      .map(({ at, rule: each }) => ({ at, check: each.healthcheck })),
    ...nlbListeners(manifest)
      .slice(1)
      .map(({ at, listener }) => ({ at, check: listener.healthcheck })),
  ];
  for (const { at, check } of others) {
    if (typeof check !== "object" || check.grace_period === undefined) continue;
    const ignored = manifest.type === "Backend Service";
    report(
      [...at, "healthcheck", "grace_period"],
      `a grace period ${ignored ? "has no effect" : "cannot stand"} here`,
      {
        hint: `it belongs to the whole service: write it under \`${String(at[0])}.healthcheck\``,
        severity: ignored ? "warning" : "error",
      },
    );
  }
});
