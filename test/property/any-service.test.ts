import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Around, stackOf } from "../support/stack-of.ts";
import { templateFindings } from "../support/template-check/template-findings.ts";

/** Services and jobs put together from forms of each field: one of each list, or none. */

const task = [
  ["cpu: 512\nmemory: 1024", "cpu: 4096\nmemory: 30720"],
  ["command: run --it 'a b'", 'entrypoint: ["/bin/sh", "-c"]\ncommand: ["echo $PORT"]'],
  ["env_file: a.env"],
  ['variables: { A: 1, B: "", C: { from_cfn: table }, D: "${", E: "#{}" }'],
  ["secrets: { S: a, T: { secretsmanager: 'b:c::' }, U: { from_cfn: secret } }"],
  [
    "storage: { ephemeral: 21, readonly_fs: true, volumes: { a: { path: /a }, b: { path: /b, efs: true } } }",
    "storage: { readonly_fs: false, volumes: { a: { path: /a, read_only: false, efs: { uid: 1, gid: 0 } } } }",
    "storage: { volumes: { a: { path: /a, efs: { id: { from_cfn: files }, root_dir: /x, auth: { iam: true } } }, b: { path: /b, efs: { id: fs-12345678, auth: { iam: true, access_point_id: fsap-1 } } } } }",
  ],
  [
    "logging: { retention: 7 }",
    "logging: { image: 'log:1', destination: { Name: cloudwatch, retries: 2 }, enableMetadata: false, configFilePath: /x.conf, secretOptions: { K: k }, variables: { V: v }, secrets: { S: s }, env_file: log.env }",
  ],
  [
    "sidecars: { side: { image: 'side:1', port: 9090, essential: false, labels: { a.b: c }, depends_on: { api: start } } }",
    "sidecars: { side: { image: { build: side }, port: 9090, credentialsParameter: 'arn:aws:secretsmanager:eu-west-1:1:secret:x', variables: { V: { from_cfn: v } }, secrets: { S: s }, env_file: s.env, command: a b, entrypoint: c, healthcheck: { interval: 20s } }, side-b_2: { image: 'b:1' } }",
  ],
  [
    "publish: { topics: [{ name: a-b }, { name: c, fifo: true }, { name: d, fifo: { content_based_deduplication: true } }] }",
  ],
  [
    "taskdef_overrides: [{ path: 'ContainerDefinitions[0].Ulimits[-]', value: { Name: nofile, SoftLimit: 1, HardLimit: 2 } }]",
  ],
];
const placement = [
  "placement: private",
  "placement: { subnets: [subnet-1, subnet-2] }",
  "placement: { subnets: { from_tags: { a: b, c: [d, e] } } }",
];
const groups = ["security_groups: [sg-1, { from_cfn: sg }]", "security_groups: { deny_default: true, groups: [sg-2] }"];
const running = [
  ["exec: true", "exec: false"],
  [
    "network: { connect: true }",
    ...placement.flatMap((place) => groups.map((each) => `network: { connect: false, vpc: { ${place}, ${each} } }`)),
  ],
  ["observability: { tracing: awsxray }"],
  [
    "deployment: { rolling: recreate, rollback_alarms: [a, b] }",
    "deployment: { rollback_alarms: { cpu_utilization: 70.5, memory_utilization: 80 } }",
  ],
];
const called = [
  [
    "count: 0\nplatform: linux/arm64",
    "count: { range: 1-3, cpu_percentage: 50, memory_percentage: { value: 60, cooldown: { in: 90s } }, cooldown: { out: 1m } }",
  ],
];
const rule =
  "version: grpc, stickiness: true, deregistration_delay: 5s, allowed_source_ips: [10.0.0.0/8], target_port: 8081, " +
  "healthcheck: { path: up, port: 443, success_codes: '0-5', healthy_threshold: 2, unhealthy_threshold: 3, interval: 9s, timeout: 3s }";
const types: Record<string, string[][]> = {
  "Load Balanced Web Service": [
    ...called,
    [
      "http: { path: / }",
      `http: { path: shop, ${rule}, additional_rules: [{ path: /, alias: [a.example.com, b.example.com] }] }`,
      "http: { path: x, alias: [{ name: c.example.com, hosted_zone: Z1 }, d.example.com], hosted_zone: Z2, redirect_to_https: false }",
      "http: { path: x, alb: shared, alias: [{ name: c.example.com, hosted_zone: Z1 }] }",
      "http: false\nnlb: { port: 443/tls, alias: n.example.com, target_port: 8080, ssl_policy: ELBSecurityPolicy-TLS13-1-2-2021-06 }",
      "http: { path: / }\nnlb: { port: 53/udp, target_port: 5353, healthcheck: { port: 8080, interval: 10s }, stickiness: true, additional_listeners: [{ port: 80 }, { port: 444/tls }] }",
    ],
  ],
  "Backend Service": [
    ...called,
    [
      "http: { path: / }",
      `http: { path: x, ${rule}, alias: { name: a.corp, hosted_zone: Z1 } }`.replace(
        "{ name: a.corp, hosted_zone: Z1 }",
        "[{ name: a.corp, hosted_zone: Z1 }]",
      ),
    ],
  ],
  "Worker Service": [
    [
      "count: { range: 0-9, queue_delay: { acceptable_latency: 10m, msg_processing_time: 250ms } }",
      "count: { range: { min: 1, max: 9, spot_from: 2 }, cpu_percentage: 50 }\nplatform: { osfamily: linux, architecture: x86_64 }",
    ],
    [
      "subscribe: { topics: [{ name: a, service: web, queue: true }, { name: b-c, service: web-2, filter_policy: { x: [1] } }], queue: { dead_letter: { tries: 3 }, retention: 1h } }",
      "subscribe: { topics: [{ name: a, service: web, queue: { fifo: { high_throughput: true }, dead_letter: { tries: 2 } } }], queue: { fifo: true, delay: 1m, timeout: 2m } }",
    ],
  ],
};

const shared = {
  arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shared/0123456789abcdef",
  name: "shared",
  dnsName: "shared.eu-west-1.elb.amazonaws.com",
  hostedZoneId: "Z32O12XQLNTSW2",
  securityGroups: ["sg-1", "sg-2"],
  listeners: [
    {
      arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shared/0/1",
      port: 443,
      protocol: "HTTPS",
    },
    { arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shared/0/2", port: 80, protocol: "HTTP" },
  ],
};
const around = fc.constantFrom<Around>(
  { facts: { loadBalancers: { shared } } },
  { https: true, facts: { domain: "example.com", loadBalancers: { shared } } },
);

const oneOfEach = (lists: string[][], required: number[] = []) =>
  fc
    .tuple(
      ...lists.map((list, i) => {
        const one = fc.constantFrom(...list);
        return required.includes(i) ? one : fc.option(one, { nil: "" });
      }),
    )
    .map((parts) => parts.filter(Boolean).join("\n"));

const service = fc.constantFrom(...Object.keys(types)).chain((type) => {
  const own = types[type] ?? [];
  // A Load Balanced Web Service needs its load balancer.
  const required = type.startsWith("Load") ? [1] : [];
  return oneOfEach([...own, ...running, ...task], required).map((rest) => `type: ${type}\n${rest}`);
});
const job = oneOfEach(
  [["on: { schedule: '@daily' }", "on: { schedule: none }"], ["retries: 3"], ["timeout: 90s"], ...task],
  [0],
).map((rest) => `type: Scheduled Job\n${rest}`);

/** `MUTATIONS` asks for another number. */
const runs = Number(process.env["MUTATIONS"] ?? 200);

test(
  "whatever a manifest puts together, CloudFormation knows every property and name, and every parameter has its place",
  { timeout: 60_000 + runs * 150 },
  () => {
    fc.assert(
      fc.property(
        fc.oneof({ weight: 4, arbitrary: service }, { weight: 1, arbitrary: job }),
        around,
        (manifest, given) => {
          const { template, parameters } = stackOf(manifest, given);
          expect({ manifest, findings: templateFindings(template) }).toEqual({ manifest, findings: [] });
          expect(Object.keys(template.Parameters)).toEqual(expect.arrayContaining(Object.keys(parameters)));
        },
      ),
      { numRuns: runs },
    );
  },
);
