import { exposedPorts } from "../targets.ts";
import { rule } from "./rule.ts";

/** Others can only call a service that listens. */
export const connectAlias = rule(
  "network/connect",
  ["network", "image.port", "sidecars", "http"],
  (manifest, report) => {
    const connect = manifest.network?.connect;
    if (typeof connect !== "object" || connect.alias === undefined) return;
    if (manifest.type === "Worker Service")
      report("network.connect.alias", "a Worker Service is called by nobody, and so by no name either", {
        hint: "write `connect: true`: it can call others then",
      });
    if (manifest.type !== "Backend Service") return;
    const http = manifest.http;
    if (
      manifest.image?.port !== undefined ||
      http?.target_container !== undefined ||
      exposedPorts(manifest).exposed.length > 0
    )
      return;
    report("network.connect.alias", "a name to be called by needs a port to be called on", {
      hint: "add `port: 8080` under `image`, or write `connect: true`",
    });
  },
);

const mostSubnets = 16;
const mostGroups = 5;

/** ECS's limits of an awsvpc configuration; the environment's own security group counts too. */
export const networkLimits = rule("network/limits", ["network/**"], ({ network }, report) => {
  const { placement, security_groups: groups } = network?.vpc ?? {};
  const at = "network.vpc.placement.subnets";
  const subnets = typeof placement === "object" ? placement.subnets : undefined;
  const hint = "name one or more: `subnets: [subnet-0123456789abcdef0]`";
  if (Array.isArray(subnets)) {
    if (subnets.length === 0) report(at, "`subnets` names no subnet", { hint });
    if (subnets.length > mostSubnets)
      report(at, `a service takes ${mostSubnets} subnets at most, not ${subnets.length}`);
  } else if (subnets?.from_tags !== undefined && Object.keys(subnets.from_tags).length === 0) {
    report([...at.split("."), "from_tags"], "`from_tags` names no tag", {
      hint: "write the tags that the subnets have: `from_tags: { Tier: private }`",
    });
  }
  const listed = Array.isArray(groups) ? groups : (groups?.groups ?? []);
  const isClosed = !Array.isArray(groups) && groups !== undefined && "deny_default" in groups && groups.deny_default;
  const own = isClosed === true ? 0 : 1;
  if (listed.length + own <= mostGroups) return;
  report(
    "network.vpc.security_groups",
    `a service takes ${mostGroups} security groups at most, not ${listed.length + own}${own === 1 ? " with that of the environment" : ""}`,
  );
});
