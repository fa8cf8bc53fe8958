import type { TargetGroupPlan, WorkloadPlan } from "../../../plan/workload-plan.ts";
import type { LeftOut } from "../../provider.ts";
import { leftOut } from "./left-out.ts";

type Path = LeftOut["path"];

/** What load balancers and Service Connect do on AWS. */
export function leftOutOfTraffic(plan: WorkloadPlan): LeftOut[] {
  return [
    ...importedLoadBalancer(plan),
    ...plan.listenerRules.flatMap(({ key, conditions }) => aliases(ruleAt(key), hostsOf(conditions))),
    ...plan.targetGroups.filter(({ key }) => !isListener(key)).flatMap(protocols),
    ...listeners(plan),
    ...connect(plan),
  ];
}

function importedLoadBalancer({ importedLoadBalancer: name }: WorkloadPlan): LeftOut[] {
  if (name === undefined) return [];
  const message = `the load balancer of the simulated environment stands for ${name}`;
  return [leftOut("imported-load-balancer", ["http", "alb"], message)];
}

type Conditions = WorkloadPlan["listenerRules"][number]["conditions"];

/** Names that the manifest gives; those that the environment makes are references. */
function hostsOf(conditions: Conditions): string[] {
  const hosts = conditions.flatMap(({ HostHeaderConfig }) => HostHeaderConfig?.Values ?? []);
  return hosts.filter((host) => typeof host === "string");
}

function aliases(at: Path, names: readonly string[]): LeftOut[] {
  if (names.length === 0) return [];
  const message = `names, certificates and HTTPS are left out: a request whose Host header is ${names.join(" or ")} comes here`;
  return [leftOut("alias", [...at, "alias"], message)];
}

function protocols({ key, container, containerPort, request }: TargetGroupPlan): LeftOut[] {
  const { ProtocolVersion: version = "HTTP1", Protocol } = request;
  const names: Record<string, string> = { GRPC: "gRPC", HTTP2: "HTTP/2" };
  return [
    ...(version === "HTTP1"
      ? []
      : [
          leftOut(
            "protocol-version",
            [...ruleAt(key), "version"],
            `${names[version] ?? version} is left out: requests and health checks reach ${container} as HTTP/1.1`,
          ),
        ]),
    ...(Protocol === "HTTPS"
      ? [
          leftOut(
            "target-https",
            [...ruleAt(key), "target_port"],
            `HTTPS between load balancer and container is left out: port ${containerPort} of ${container} is asked in plain`,
          ),
        ]
      : []),
  ];
}

function listeners({ networkLoadBalancer }: WorkloadPlan): LeftOut[] {
  if (networkLoadBalancer === undefined) return [];
  const { listeners: all, aliases: names } = networkLoadBalancer;
  const ports = all.flatMap(({ key, port, protocol }) => {
    if (protocol === "TLS")
      return [leftOut("tls", [...listenerAt(key), "port"], `TLS is left out: port ${port} takes plain TCP`)];
    if (protocol === "UDP")
      return [leftOut("udp", [...listenerAt(key), "port"], `UDP is left out: nothing takes port ${port}`)];
    return [];
  });
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
