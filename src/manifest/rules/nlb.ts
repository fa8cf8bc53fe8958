import { parsePortMapping } from "../port-mapping.ts";
import { nlbListeners, nlbOf } from "../targets.ts";
import { rule } from "./rule.ts";

/** Each listener has a port of its own. */
export const nlbPorts = rule("nlb/port", ["nlb/**"], (manifest, report) => {
  const taken = new Set<number>();
  for (const { at, listener } of nlbListeners(manifest)) {
    if (listener.port === undefined) {
      report(
        [...at, "port"],
        `\`${at.length === 1 ? "nlb.port" : `nlb.additional_listeners[${String(at[2])}].port`}\` is missing`,
        {
          hint: "give the port to listen on: `port: 443/tls`",
        },
      );
      continue;
    }
    const port = parsePortMapping(listener.port)?.port ?? 0;
    if (taken.has(port)) report([...at, "port"], `another listener of \`nlb\` has port ${port} already`);
    taken.add(port);
  }
});

export const nlbAlias = rule("nlb/alias", ["nlb/**"], (manifest, report) => {
  const alias = nlbOf(manifest)?.alias;
  if (!Array.isArray(alias)) return;
  for (const [i, each] of alias.entries()) {
    if (typeof each !== "object" || each.hosted_zone === undefined) continue;
    report(["nlb", "alias", i, "hosted_zone"], "the alias of a network load balancer takes no `hosted_zone`", {
      hint: "its name is written into the zone of the application's domain",
    });
  }
});

/** What the protocol of a listener has no use for. */
export const nlbNoEffect = rule("nlb/no-effect", ["nlb/**"], (manifest, report) => {
  for (const { at, listener } of nlbListeners(manifest)) {
    const isTls = parsePortMapping(listener.port ?? "")?.protocol === "tls";
    if (isTls && listener.stickiness === true)
      report([...at, "stickiness"], "`stickiness` has no effect on a TLS listener", { severity: "warning" });
    if (!isTls && listener.port !== undefined && listener.ssl_policy !== undefined)
      report([...at, "ssl_policy"], "`ssl_policy` has no effect on a listener without TLS", { severity: "warning" });
  }
});
