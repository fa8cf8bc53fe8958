import { BlockList, isIP } from "node:net";
import type { TargetGroupPlan, WorkloadPlan } from "../../../plan/workload-plan.ts";
import type { LeftOut } from "../../provider.ts";
import { leftOut } from "./left-out.ts";

type Path = LeftOut["path"];

/** What load balancers and Service Connect do on AWS. */
export function leftOutOfTraffic(plan: WorkloadPlan): LeftOut[] {
  return [
    ...importedLoadBalancer(plan),
    ...internalLoadBalancer(plan),
    ...plan.listenerRules.flatMap(({ key, conditions }) => sourceAddresses(ruleAt(key), conditions)),
    ...plan.listenerRules.flatMap(({ key, conditions }) => aliases(ruleAt(key), hostsOf(conditions))),
    ...plan.targetGroups.filter(({ key }) => !isListener(key)).flatMap(protocols),
    ...listeners(plan),
    ...connect(plan),
  ];
}

function importedLoadBalancer({ importedLoadBalancer: name }: WorkloadPlan): LeftOut[] {
  if (name === undefined) return [];
  const message = `a load balancer of the simulated environment stands for ${name}`;
  return [leftOut("imported-load-balancer", ["http", "alb"], message)];
}

/** Nothing here listens where containers could reach it. */
function internalLoadBalancer({ loadBalancer, name }: WorkloadPlan): LeftOut[] {
  if (loadBalancer !== "internal") return [];
  const message = `the internal load balancer listens on this machine alone: containers call ${name} by its discovery name`;
  return [leftOut("internal-load-balancer", ["http"], message)];
}

function sourceAddresses(at: Path, conditions: Conditions): LeftOut[] {
  const blocks = conditions.flatMap(({ SourceIpConfig }) => SourceIpConfig?.Values ?? []);
  const given = blocks.filter((block) => typeof block === "string");
  if (given.length === 0 || given.some(hasLoopback)) return [];
  const message = `no request from this machine comes through this rule, which takes none from 127.0.0.1: the service's own address asks no rule`;
  return [leftOut("source-address", [...at, "allowed_source_ips"], message)];
}

function hasLoopback(block: string): boolean {
  const [network = "", prefix = ""] = block.split("/");
  const family = isIP(network);
  if (family === 0) return false;
  const addresses = new BlockList();
  addresses.addSubnet(network, Number(prefix), family === 4 ? "ipv4" : "ipv6");
  return family === 4 ? addresses.check("127.0.0.1", "ipv4") : addresses.check("::1", "ipv6");
}

type Conditions = WorkloadPlan["listenerRules"][number]["conditions"];

/** Names that the manifest gives; those that the environment makes are references. */
function hostsOf(conditions: Conditions): string[] {
  const hosts = conditions.flatMap(({ HostHeaderConfig }) => HostHeaderConfig?.Values ?? []);
  return hosts.filter((host) => typeof host === "string");
}

function aliases(at: Path, names: readonly string[]): LeftOut[] {
  if (names.length === 0) return [];
  const local = names.filter((name) => !/[*?]/.test(name)).map((name) => `${name}.localhost`);
  const also = local.length === 0 ? "" : `, and one for ${local.join(" or ")}`;
  const message = `names, certificates and HTTPS are left out: a request whose Host header is ${names.join(" or ")} comes here${also}`;
  return [leftOut("alias", [...at, "alias"], message)];
}

function protocols({ key, container, request }: TargetGroupPlan): LeftOut[] {
  const what: Record<string, string> = {
    GRPC: "gRPC through the load balancer is left out: it answers 464; an address of its own passes gRPC",
    HTTP2: `HTTP/2 through the load balancer is left out: requests reach ${container} as HTTP/1.1; an address of its own passes HTTP/2`,
  };
  const message = what[request.ProtocolVersion ?? "HTTP1"];
  return message === undefined ? [] : [leftOut("protocol-version", [...ruleAt(key), "version"], message)];
}

function listeners({ networkLoadBalancer }: WorkloadPlan): LeftOut[] {
  if (networkLoadBalancer === undefined) return [];
  const { listeners: all, aliases: names } = networkLoadBalancer;
  const ports = all
    .filter(({ protocol }) => protocol === "TLS")
    .map(({ key, port }) =>
      leftOut(
        "tls",
        [...listenerAt(key), "port"],
        `TLS is left out: what stands for port ${port} passes bytes as they come`,
      ),
    );
  if (names.length === 0) return ports;
  return [
    ...ports,
    leftOut("alias", ["nlb", "alias"], `names are left out: ${names.join(" and ")} does not lead here`),
  ];
}

/** There is no proxy in between: a name leads to the container itself. */
function connect({ service, taskDefinition }: WorkloadPlan): LeftOut[] {
  const ports = (taskDefinition.containerDefinitions ?? []).flatMap(({ portMappings = [] }) => portMappings);
  return (service.serviceConnectConfiguration?.services ?? []).flatMap(({ portName, clientAliases = [] }) => {
    const real = ports.find(({ name }) => name === portName)?.containerPort;
    return clientAliases
      .filter(({ port }) => real !== undefined && port !== real)
      .map(({ dnsName, port }) =>
        leftOut(
          "connect-port",
          ["network", "connect"],
          `Service Connect's proxy is left out: ${String(dnsName)} answers at the container's port ${real}, not at ${port}`,
        ),
      );
  });
}

function isListener(key: string): boolean {
  return key.startsWith("nlb");
}

/** `main`, `rule1`, `rule2` …: the manifest counts additional rules from 0. */
function ruleAt(key: string): Path {
  return key === "main" ? ["http"] : ["http", "additional_rules", Number(key.replace("rule", "")) - 1];
}

function listenerAt(key: string): Path {
  return key === "nlb" ? ["nlb"] : ["nlb", "additional_listeners", Number(key.replace("nlb", "")) - 1];
}
