import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { checkPlan } from "../../../src/actions/check-plan.ts";
import { placedRoutes, routeConflicts } from "../../../src/actions/check-routes.ts";
import type { Diagnostic } from "../../../src/errors.ts";
import { environmentMisfits } from "../../../src/manifest/environment-fit.ts";
import { type EnvironmentManifest, loadEnvironmentManifest } from "../../../src/manifest/load-environment.ts";
import { loadPipelineManifest } from "../../../src/manifest/load-pipeline.ts";
import { loadWorkloadManifest } from "../../../src/manifest/load.ts";

/** Every rule that Copilot has for manifests, and those that it leaves to AWS, each with what is said of a manifest that
 *  breaks it. A manifest is a good one of its kind in which the keys of the row stand in the place of its own, and first,
 *  so that lines and columns are those of the row. */

const image = { location: "nginx", port: 80 };
const kinds = {
  web: { name: "api", type: "Load Balanced Web Service", image, http: { path: "/" } },
  backend: { name: "api", type: "Backend Service", image },
  worker: { name: "api", type: "Worker Service", image: { location: "nginx" } },
  job: { name: "api", type: "Scheduled Job", image: { location: "nginx" }, on: { schedule: "@daily" } },
  runner: { name: "api", type: "Request-Driven Web Service", image: { build: "Dockerfile", port: 80 } },
  site: { name: "api", type: "Static Site", files: [{ source: "public" }] },
  environment: { name: "test", type: "Environment" },
  pipeline: {
    name: "release",
    version: 1,
    source: { provider: "GitHub", properties: { repository: "https://github.com/example/shop" } },
    stages: [{ name: "test" }],
  },
};

type Kind = keyof typeof kinds;
type Row = readonly [kind: Kind, ...changes: string[]];
type Rules = Readonly<Record<string, readonly Row[]>>;

const sidecar = "sidecars: { side: { image: nginx, port: 9000 } }";
const windows = "platform: windows/amd64\ncpu: 1024\nmemory: 2048";
const certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/1";
const certificateOfCdn = "arn:aws:acm:us-east-1:123456789012:certificate/2";

const workloads: Rules = {
  "the name is there, and is the folder's": [
    ["web", "name: null", "name: web"],
    ["backend", "name: null"],
    ["worker", "name: null"],
    ["job", "name: null"],
    ["runner", "name: null"],
    ["site", "name: null"],
  ],
  "the name has Copilot's form": [
    ["backend", "name: Api", "name: 1api", "name: a--b", "name: a-", "name: pipelines", "name: environments"],
    ["runner", `name: ${"a".repeat(41)}`],
  ],
  "the type is one of six": [["backend", "type: Web Service", "type: null", "type: Environment"]],
  "a web service has `http`, which may be off beside `nlb`": [
    ["web", "http: null", "http: false", "http: true", "http: {}"],
  ],
  "requests are counted by a load balancer for HTTP": [
    [
      "web",
      "http: false\nnlb: { port: 80 }\ncount: { range: 1-2, requests: 5 }",
      "http: false\nnlb: { port: 80 }\ncount: { range: 1-2, response_time: 1s }",
    ],
    ["backend", "count: { range: 1-2, requests: 5 }", "count: { range: 1-2, response_time: 1s }"],
  ],
  "who is called has a port": [
    ["web", "image: { location: nginx }"],
    ["runner", "image: { build: Dockerfile }"],
    ["backend", "http: { path: / }\nimage: { location: nginx }"],
  ],
  "an image is built, or comes from somewhere": [
    ["web", "image: { port: 80 }", "image: { build: ., location: nginx, port: 80 }"],
    [
      "backend",
      "image: {}",
      "image: null",
      "sidecars: { side: { image: {} } }",
      "sidecars: { side: { image: { build: ., location: nginx } } }",
    ],
    ["worker", "image: {}"],
    ["job", "image: {}"],
    ["runner", "image: { port: 80 }", "image: { location: nginx, port: 80 }"],
  ],
  "a grace period is the service's, and stands once": [
    [
      "web",
      "http: { path: /, healthcheck: { grace_period: 1m } }\nnlb: { port: 80, healthcheck: { grace_period: 1m } }",
      "http: { path: /, additional_rules: [{ path: /a, healthcheck: { grace_period: 1m } }] }",
      "nlb: { port: 80, additional_listeners: [{ port: 81, healthcheck: { grace_period: 1m } }] }",
    ],
    ["backend", "http: { path: /, additional_rules: [{ path: /a, healthcheck: { grace_period: 1m } }] }"],
  ],
  "a target is a container that listens": [
    [
      "web",
      "http: { path: /, target_container: nobody }",
      "http: { path: /, additional_rules: [{ path: /a, target_container: nobody }] }",
      "nlb: { port: 80, target_container: nobody }",
      "nlb: { port: 80, additional_listeners: [{ port: 81, target_container: nobody }] }",
      "http: { path: /, target_container: side }\nsidecars: { side: { image: nginx } }",
      "http: { path: /, targetContainer: side, target_container: side }\n" + sidecar,
    ],
    ["backend", "http: { path: /, target_container: nobody }"],
  ],
  "a load balancer checks over TCP": [
    [
      "web",
      "nlb: { port: 9000/udp }",
      "nlb: { port: 80, healthcheck: { port: 9000 } }\nsidecars: { side: { image: nginx, port: 9000/udp } }",
      "http: { path: /, healthcheck: { port: 9000 } }\nsidecars: { side: { image: nginx, port: 9000/udp } }",
    ],
    ["backend", "http: { path: /, healthcheck: { port: 9000 } }\nsidecars: { side: { image: nginx, port: 9000/udp } }"],
  ],
  "Windows has no read-only file system, no EFS, no Service Connect": [
    [
      "web",
      `${windows}\nstorage: { readonly_fs: true }`,
      `${windows}\nstorage: { volumes: { a: { path: /a, efs: true } } }`,
    ],
    ["backend", `${windows}\nnetwork: { connect: true }`],
    ["worker", `${windows}\nnetwork: { connect: true }`],
    ["job", `${windows}\nstorage: { readonly_fs: true }`],
  ],
  "ARM has no Spot": [
    ["web", "platform: linux/arm64\ncount: { spot: 1 }"],
    ["backend", "platform: linux/arm64\ncount: { range: { min: 1, max: 3, spot_from: 2 }, cpu_percentage: 50 }"],
    ["worker", "platform: linux/arm64\ncount: { spot: 1 }"],
  ],
  "a name of Service Connect is for who is called": [
    [
      "backend",
      "image: { location: nginx }\nnetwork: { connect: { alias: api } }",
      "network: { connect: { alias: 'a b' } }",
    ],
    ["worker", "network: { connect: { alias: api } }"],
  ],
  "App Runner's own": [
    [
      "runner",
      "network: { vpc: { placement: public } }",
      "network: { vpc: { placement: { subnets: [] } } }",
      "platform: windows/amd64",
      "platform: linux/arm64",
      "cpu: 100",
      "memory: 600",
      "count: 3",
      "http: { private: {} }",
      "http: { healthcheck: { interval: 30s } }",
      "http: { healthcheck: { timeout: 0s } }",
      "http: { healthcheck: { healthy_threshold: 21 } }",
      "http: { healthcheck: { unhealthy_threshold: 0 } }",
      "observability: { tracing: zipkin }",
      "variables: { AWSAPPRUNNER_A: b }",
      "tags: { copilot-service: x }",
    ],
  ],
  "a site's certificate is CloudFront's, for a name": [
    [
      "site",
      `http: { certificate: '${certificateOfCdn}' }`,
      "http: { alias: a.example.com, certificate: mine }",
      `http: { alias: a.example.com, certificate: '${certificate}' }`,
    ],
  ],
  "a site's files have a source": [
    ["site", "files: [{ recursive: true }]", "files: [{ source: '' }]", "files: [{ source: a, reinclude: '*.js' }]"],
  ],
};

const containers: Rules = {
  "a dependency waits for one of four states": [
    ["backend", `image: { location: nginx, port: 80, depends_on: { side: ready } }\n${sidecar}`],
  ],
  "who is essential never ends well": [
    ["web", `image: { location: nginx, port: 80, depends_on: { side: success } }\n${sidecar}`],
    ["job", "sidecars: { side: { image: nginx, depends_on: { api: complete } } }"],
  ],
  "a dependency is a container of the task": [
    ["backend", "image: { location: nginx, depends_on: { nobody: start } }"],
    ["worker", "image: { location: nginx, depends_on: { firelens_log_router: start } }"],
    [
      "web",
      "image: { location: nginx, port: 80, depends_on: { aws-otel-collector: start } }\nobservability: { tracing: awsxray }",
    ],
  ],
  "nothing waits for itself, or in a circle": [
    ["backend", "image: { location: nginx, depends_on: { api: start } }"],
    [
      "worker",
      "image: { location: nginx, depends_on: { a: start } }\nsidecars: { a: { image: n, depends_on: { b: start } }, b: { image: n, depends_on: { api: start } } }",
    ],
  ],
  "only who has a health check becomes healthy": [
    ["backend", `image: { location: nginx, depends_on: { side: healthy } }\n${sidecar}`],
  ],
  "a sidecar has an image": [["backend", "sidecars: { side: { port: 80 } }", "sidecars: { side: null }"]],
  "a sidecar's port is a port": [
    [
      "backend",
      ...["http", "0", "70000", "80/sctp", "80/tcp/udp"].map(
        (port) => `sidecars: { side: { image: n, port: '${port}' } }`,
      ),
    ],
  ],
  "an environment file ends in .env": [
    ["backend", "env_file: variables.txt", "sidecars: { side: { image: n, env_file: a } }", "logging: { env_file: a }"],
  ],
  "a mount point names a volume and a path": [
    [
      "backend",
      ...[
        "{ path: /a }",
        "{ source_volume: v }",
        "{ source_volume: v, path: '/a b' }",
        "{ source_volume: w, path: /a }",
      ].map(
        (point) =>
          `storage: { volumes: { v: { path: /v } } }\nsidecars: { side: { image: n, mount_points: [${point}] } }`,
      ),
    ],
  ],
  "containers have names of their own, and ECS takes ten": [
    [
      "backend",
      "sidecars: { api: { image: n } }",
      "sidecars: { firelens_log_router: { image: n } }",
      "sidecars: { 'a b': { image: n } }",
    ],
    ["web", `sidecars: { ${Array.from({ length: 10 }, (_, i) => `s${i}: { image: n }`).join(", ")} }`],
  ],
  "a container's check keeps ECS's ranges": [
    [
      "backend",
      ...[
        "interval: 1s",
        "interval: 301s",
        "timeout: 1s",
        "timeout: 61s",
        "retries: 0",
        "retries: 11",
        "start_period: 301s",
        "command: [curl]",
        "command: []",
      ].map((field) => `image: { location: nginx, healthcheck: { ${field} } }`),
    ],
  ],
};

const ports: Rules = {
  "a port is one container's, with one protocol": [
    [
      "backend",
      "sidecars: { a: { image: n, port: 81 }, b: { image: n, port: 81 } }",
      "sidecars: { a: { image: n, port: 80 } }",
    ],
    ["worker", "sidecars: { a: { image: n, port: 81 }, b: { image: n, port: 81/udp } }"],
    ["job", "sidecars: { a: { image: n, port: 81 }, b: { image: n, port: 81 } }"],
    [
      "web",
      `http: { path: /, target_port: 9000, target_container: api }\n${sidecar}`,
      `http: { path: /, target_port: 81 }\nnlb: { port: 81/udp, healthcheck: { port: 80 } }`,
    ],
  ],
};

const blocks: Rules = {
  "http: every rule has a path": [
    ["web", "http: { healthcheck: / }", "http: { path: /, additional_rules: [{ alias: a.example.com }] }"],
    ["backend", "http: { healthcheck: / }", "http: false", "http: true"],
  ],
  "http: the version is one of three": [["web", "http: { path: /, version: http3 }"]],
  "http: a hosted zone is for an alias": [["web", "http: { path: /, hosted_zone: Z1 }"]],
  "http: an alias is a name": [
    [
      "web",
      "http: { path: /, alias: [{ hosted_zone: Z1 }] }",
      "http: { path: /, alias: '' }",
      "http: { path: /, alias: { name: a.example.com } }",
    ],
  ],
  "http: source addresses are ranges": [["web", "http: { path: /, allowed_source_ips: [10.0.0.1] }"]],
  "http: a rule takes five values": [
    ["web", "http: { path: /, alias: [a.b, c.d, e.f, g.h, i.j] }", "http: { path: /x, alias: [a.b, c.d, e.f, g.h] }"],
    ["backend", "http: { path: /, allowed_source_ips: [10.0.0.0/8, 10.1.0.0/16, 10.2.0.0/16] }"],
  ],
  "http: the ranges of target groups": [
    [
      "web",
      ...[
        "interval: 4s",
        "interval: 301s",
        "timeout: 1s",
        "timeout: 121s",
        "healthy_threshold: 1",
        "unhealthy_threshold: 11",
        "success_codes: 700",
        "port: 0",
        "interval: 5s, timeout: 10s",
      ].map((field) => `http: { path: /, healthcheck: { ${field} } }`),
      "http: { path: /, deregistration_delay: 3601s }",
      "http: { path: /, target_port: 70000 }",
      "http: { path: /, healthcheck: '' }",
    ],
  ],
  "http: the same requests have one rule": [["web", "http: { path: /a, additional_rules: [{ path: a }] }"]],
  "nlb: a port with a protocol": [
    [
      "web",
      "nlb: { ssl_policy: x }",
      "nlb: { port: http }",
      "nlb: { port: 80/http }",
      "nlb: { port: 0 }",
      "nlb: { healthcheck: { grace_period: 1m } }",
    ],
  ],
  "nlb: a listener for each port": [["web", "nlb: { port: 80, additional_listeners: [{ port: 80 }] }"]],
  "nlb: no hosted zone": [["web", "nlb: { port: 80, alias: [{ name: a.example.com, hosted_zone: Z1 }] }"]],
  "nlb: the ranges of target groups": [
    [
      "web",
      "nlb: { port: 80, healthcheck: { interval: 4s } }",
      "nlb: { port: 80, healthcheck: { healthy_threshold: 1 } }",
      "nlb: { port: 80, deregistration_delay: 3601s }",
    ],
  ],
  "deployment: rolling, or recreate": [
    ["web", "deployment: { rolling: canary }"],
    ["worker", "deployment: { rolling: blue }"],
  ],
  "deployment: alarms are named, or described": [
    [
      "backend",
      "deployment: { rollback_alarms: {} }",
      "deployment: { rollback_alarms: { messages_delayed: 5 } }",
      "deployment: { rollback_alarms: name }",
    ],
    ["worker", "deployment: { rollback_alarms: { messages_delayed: 0 } }"],
  ],
  "count: what a type can scale on": [
    ["web", "count: { range: 1-2, queue_delay: { acceptable_latency: 1m, msg_processing_time: 1s } }"],
    ["worker", "count: { range: 1-2, requests: 5 }"],
    ["job", "count: { spot: 1 }", "count: { range: 1-2, cpu_percentage: 50 }"],
  ],
  "count: Spot, or a range": [["backend", "count: { spot: 1, range: 1-2 }", "count: { spot: 1, cpu_percentage: 50 }"]],
  "count: a range with a metric": [
    [
      "backend",
      "count: { range: 1-2 }",
      "count: { cpu_percentage: 50 }",
      "count: { cooldown: { in: 5s } }",
      "count: {}",
    ],
  ],
  "count: a range goes up": [
    ["backend", ...["3-1", "1", "a-b"].map((range) => `count: { range: ${range}, cpu_percentage: 50 }`)],
    [
      "worker",
      ...[
        "min: 1",
        "max: 1",
        "min: -1, max: 2",
        "min: 3, max: 1",
        "min: 1, max: 2, spot_from: -1",
        "min: 1, max: 2, spot_from: 5",
      ].map((range) => `count: { range: { ${range} }, cpu_percentage: 50 }`),
    ],
  ],
  "count: numbers that mean something": [
    [
      "backend",
      "count: -1",
      ...[
        "cpu_percentage: 0",
        "cpu_percentage: 101",
        "memory_percentage: 101",
        "cpu_percentage: { cooldown: { in: 5s } }",
      ].map((metric) => `count: { range: 1-2, ${metric} }`),
    ],
    ["web", "count: { range: 1-2, requests: 0 }", "count: { range: 1-2, response_time: 0s }"],
  ],
  "count: a queue is caught up with": [
    [
      "worker",
      ...[
        "acceptable_latency: 1m",
        "msg_processing_time: 1s",
        "acceptable_latency: 0s, msg_processing_time: 1s",
        "acceptable_latency: 1s, msg_processing_time: 2s",
        "cooldown: { in: 5s }",
      ].map((delay) => `count: { range: 1-2, queue_delay: { ${delay} } }`),
    ],
  ],
  "storage: 20 to 200 GiB": [["backend", "storage: { ephemeral: 19 }", "storage: { ephemeral: 201 }"]],
  "storage: one managed file system": [
    ["backend", "storage: { volumes: { a: { path: /a, efs: true }, b: { path: /b, efs: { uid: 1, gid: 1 } } } }"],
  ],
  "storage: a volume has a path": [
    [
      "backend",
      "storage: { volumes: { a: {} } }",
      "storage: { volumes: { a: { path: '/a b' } } }",
      "storage: { volumes: { a: null } }",
    ],
  ],
  "storage: which file system": [
    [
      "backend",
      ...[
        "{ id: fs-1, uid: 1, gid: 1 }",
        "{ uid: 1 }",
        "{ gid: 1 }",
        "{ uid: 0, gid: 0 }",
        "{ root_dir: /x }",
        "{ auth: { iam: true } }",
        "{ id: { from_cfn: '' } }",
        "{ id: fs-1, root_dir: '/a b' }",
      ].map((efs) => `storage: { volumes: { a: { path: /a, efs: ${efs} } } }`),
      "storage: { volumes: { a: { path: /a, efs: { id: fs-1, root_dir: /x, auth: { access_point_id: fsap-1, iam: true } } } } }",
      "storage: { volumes: { a: { path: /a, efs: { id: fs-1, auth: { access_point_id: fsap-1, iam: false } } } } }",
      "storage: { volumes: { a: { path: /a, efs: { id: fs-1, auth: { access_point_id: fsap-1 } } } } }",
    ],
  ],
  "platform: a pair that there is": [
    [
      "backend",
      ...[
        "solaris/sparc",
        "linux",
        "{ osfamily: linux }",
        "{ architecture: arm64 }",
        "{ osfamily: windows, architecture: arm64 }",
        "{ osfamily: mac, architecture: arm }",
      ].map((platform) => `platform: ${platform}`),
    ],
  ],
  "network: a placement that there is": [
    [
      "backend",
      ...["Private", "''", "{}", "{ subnets: [] }", "{ subnets: { from_tags: {} } }"].map(
        (placement) => `network: { vpc: { placement: ${placement} } }`,
      ),
    ],
    ["job", "network: { vpc: { placement: anywhere } }"],
  ],
  "observability: one vendor": [
    ["web", "observability: { tracing: zipkin }"],
    ["worker", "observability: { tracing: zipkin }"],
  ],
  "logging: the days that CloudWatch has": [
    ["backend", "logging: { retention: 31 }"],
    ["job", "logging: { retention: 0 }"],
  ],
  "on: a schedule that EventBridge has": [
    [
      "job",
      "on: {}",
      "on: null",
      ...[
        "xnonex",
        "@every 90s",
        "@every 0m",
        "* * * *",
        "0 0 1 * 1",
        "0 9 * * 7",
        "cron(0 0 * *)",
        "rate(5)",
        "@fortnightly",
      ].map((text) => `on: { schedule: '${text}' }`),
    ],
  ],
  "a job's retries and timeout": [["job", "retries: -1", "timeout: 500ms", "timeout: 1500ms", "timeout: 5"]],
  "publish: a topic has a name": [
    [
      "backend",
      "publish: { topics: [{}] }",
      "publish: { topics: [{ name: 'a b' }] }",
      "publish: { topics: [{ name: a.fifo }] }",
      "publish: { topics: [{ name: a }, { name: a }] }",
    ],
  ],
  "subscribe: a topic and its service": [
    [
      "worker",
      ...[
        "{ name: a }",
        "{ service: api }",
        "{ name: 'a b', service: api }",
        "{ name: a, service: Api }",
        "{ name: a, service: a }",
        "{ name: a, service: api, filter_policy: { a: b } }",
      ].map((topic) => `subscribe: { topics: [${topic}] }`),
    ],
  ],
  "subscribe: the ranges of SQS": [
    [
      "worker",
      ...[
        "retention: 59s",
        "retention: 337h",
        "delay: 16m",
        "timeout: 13h",
        "dead_letter: { tries: 0 }",
        "dead_letter: {}",
      ].map((field) => `subscribe: { topics: [], queue: { ${field} } }`),
    ],
  ],
  "subscribe: what FIFO queues have": [
    [
      "worker",
      ...[
        "{}",
        "{ high_throughput: true, throughput_limit: perQueue }",
        "{ deduplication_scope: x }",
        "{ throughput_limit: x }",
        "{ throughput_limit: perMessageGroupId, deduplication_scope: queue }",
      ].map((fifo) => `subscribe: { topics: [], queue: { fifo: ${fifo} } }`),
    ],
  ],
  "an export has a name": [
    [
      "backend",
      "variables: { A: { from_cfn: '' } }",
      "secrets: { A: { from_cfn: '' } }",
      "sidecars: { side: { image: n, variables: { A: { from_cfn: '' } } } }",
      "logging: { variables: { A: { from_cfn: '' } } }",
      "network: { vpc: { security_groups: [{ from_cfn: '' }] } }",
    ],
    ["runner", "variables: { A: { from_cfn: '' } }"],
  ],
  "a secret is somewhere": [
    [
      "backend",
      "secrets: { A: '' }",
      "secrets: { A: }",
      "secrets: { A: {} }",
      "secrets: { A: { secretsmanager: a, from_cfn: b } }",
      "variables: { A: b }\nsecrets: { A: /a }",
    ],
  ],
  "overrides leave names alone, and name what there is": [
    [
      "backend",
      ...[
        "Family",
        "ContainerDefinitions[0].Name",
        "ContainerDefinitions[5].Cpu",
        "a..b",
        "ContainerDefinitions[x].Cpu",
      ].map((path) => `taskdef_overrides: [{ path: '${path}', value: 1 }]`),
      "taskdef_overrides: [{ value: 1 }]",
      "taskdef_overrides: [{ path: PidMode }]",
    ],
  ],
  "sizes that Fargate has": [
    ["backend", "cpu: 100", "cpu: 256\nmemory: 4096", "memory: 4096", windows.replaceAll("1024", "512")],
    ["job", "cpu: 512\nmemory: 512"],
  ],
  "a command ends its quotes": [["backend", "command: 'echo \"x'", "entrypoint: 'a\\'"]],
  "values of the wrong kind": [
    [
      "web",
      "http: { path: /, target_port: abc }",
      "http: { path: /, stickiness: maybe }",
      "http: { path: /, deregistration_delay: 5 }",
      "count: { range: 1-5, cpu_percentage: 50, cooldown: { in: 5 } }",
      "storage: { volumes: { a: { path: /a, efs: { id: fs-1, auth: { iam: nope } } } } }",
      "exec: sometimes",
      "image: { build: { args: [a] }, port: 80 }",
      "network: { connect: perhaps }",
    ],
  ],
  "keys that no manifest has there": [
    ["web", "image: { location: nginx, port: 80, platform: linux/arm64 }", "taskRole: x", "coutn: 1"],
  ],
  "keys that change nothing": [
    ["web", "nlb: { port: 443/tls, stickiness: true }", "http: { path: /, alb: shared, redirect_to_https: false }"],
    [
      "backend",
      "http: { path: /, alb: shared }",
      "http: { path: /, redirect_to_https: true }",
      "http: { path: /, targetContainer: api }",
    ],
    [
      "worker",
      "subscribe: { queue: { retention: 1h } }",
      "subscribe: { topics: [], queue: { fifo: { high_throughput: false } } }",
    ],
    [
      "job",
      "exec: true",
      "count: 2",
      "network: { connect: true }",
      "network: { vpc: { security_groups: { deny_default: true, groups: [sg-1] } } }",
    ],
    [
      "runner",
      "image: { build: ., port: 80, credentials: x }",
      "image: { build: ., port: 80, labels: { a: b } }",
      "image: { build: ., port: 80, depends_on: { a: start } }",
    ],
    [
      "backend",
      "publish: { topics: [{ name: a, fifo: { content_based_deduplication: false } }] }",
      "count: { range: { min: 3, max: 5, spot_from: 1 }, cpu_percentage: 50 }",
    ],
  ],
};

const subnets =
  "subnets: { public: [{ cidr: 10.0.0.0/24 }, { cidr: 10.0.1.0/24 }], private: [{ cidr: 10.0.2.0/24 }, { cidr: 10.0.3.0/24 }] }";
const ids = (...names: string[]) => `[${names.map((name) => `{ id: ${name} }`).join(", ")}]`;
const zones = (...names: string[]) =>
  `[${names.map((name, i) => `{ cidr: 10.0.${i + name.length}.0/24, az: ${name} }`).join(", ")}]`;

const environments: Rules = {
  "name and type are the folder's": [
    ["environment", "name: prod", "name: null", "type: Backend Service", "type: null"],
  ],
  "a VPC is imported, or made": [["environment", "network: { vpc: { id: vpc-1, cidr: 10.0.0.0/16 } }"]],
  "a subnet is imported, or made": [
    [
      "environment",
      "network: { vpc: { id: vpc-1, subnets: { private: [{ id: a, cidr: 10.0.0.0/24 }, { id: b }] } } }",
      "network: { vpc: { id: vpc-1, subnets: { private: [{ id: a, az: x }, { id: b }] } } }",
    ],
  ],
  "an imported VPC has subnets with ids, not one alone": [
    [
      "environment",
      "network: { vpc: { id: vpc-1 } }",
      "network: { vpc: { id: vpc-1, subnets: { private: [{ cidr: 10.0.0.0/24 }, { id: b }] } } }",
      `network: { vpc: { id: vpc-1, subnets: { public: ${ids("a")}, private: ${ids("b", "c")} } } }`,
      `network: { vpc: { id: vpc-1, subnets: { public: ${ids("a", "b")}, private: ${ids("c")} } } }`,
    ],
  ],
  "a VPC of one's own has pairs of subnets": [
    [
      "environment",
      "network: { vpc: { cidr: 10.0.0.0/16 } }",
      `network: { vpc: { cidr: 10.0.0.0/16, subnets: { public: ${ids("a", "b")}, private: ${ids("c", "d")} } } }`,
      `network: { vpc: { cidr: 10.0.0.0/16, subnets: { public: ${zones("a", "b")}, private: ${zones("a", "c")} } } }`,
      `network: { vpc: { cidr: 10.0.0.0/16, subnets: { public: ${zones("a")}, private: ${zones("a")} } } }`,
      "network: { vpc: { cidr: 10.0.0.0/16, subnets: { public: [{ cidr: 10.0.0.0/24 }, { cidr: 10.0.1.0/24 }], private: [{ cidr: 10.0.2.0/24 }] } } }",
    ],
  ],
  "ranges are ranges, inside one another and apart": [
    [
      "environment",
      "network: { vpc: { cidr: wide } }",
      `network: { vpc: { cidr: 10.1.0.0/16, ${subnets} } }`,
      `network: { vpc: { cidr: 10.0.0.0/16, ${subnets.replace("10.0.3.0", "10.0.2.0")} } }`,
      "network: { vpc: { security_group: { ingress: [{ ip_protocol: tcp, ports: 80, cidr: all }] } } }",
    ],
  ],
  "subnets without a VPC's range change nothing": [["environment", `network: { vpc: { ${subnets} } }`]],
  "a rule of the security group is whole": [
    [
      "environment",
      ...[
        "{ ports: 80, cidr: 10.0.0.0/8 }",
        "{ ip_protocol: tcp, cidr: 10.0.0.0/8 }",
        "{ ip_protocol: tcp, ports: 80 }",
        "{ ip_protocol: tcp, ports: 90-80, cidr: 10.0.0.0/8 }",
        "{ ip_protocol: x, ports: 80, cidr: 10.0.0.0/8 }",
      ].map((rule) => `network: { vpc: { security_group: { ingress: [${rule}] } } }`),
    ],
  ],
  "who comes through the CDN needs one": [
    [
      "environment",
      "http: { public: { ingress: { cdn: true } } }",
      "http: { public: { security_groups: { ingress: { restrict_to: { cdn: true } } } } }",
    ],
  ],
  "the CDN's certificate and the load balancer's": [
    [
      "environment",
      `cdn: { certificate: '${certificateOfCdn}' }`,
      `cdn: true\nhttp: { public: { certificates: ['${certificate}'] } }`,
      `cdn: { certificate: '${certificate}', terminate_tls: true }`,
      "cdn: { certificate: mine, terminate_tls: true }",
    ],
  ],
  "static assets are whole": [
    [
      "environment",
      "cdn: { static_assets: { location: a, path: b } }",
      "cdn: { static_assets: { alias: a, path: b } }",
      "cdn: { static_assets: { alias: a, location: b } }",
    ],
  ],
  "certificates are ARNs, source addresses ranges": [
    [
      "environment",
      "http: { public: { certificates: [mine] } }",
      "http: { private: { certificates: [mine] } }",
      "http: { public: { ingress: { source_ips: [10.0.0.1] } } }",
    ],
  ],
  "the older words for ingress": [
    [
      "environment",
      "cdn: true\nhttp: { public: { ingress: { cdn: true }, security_groups: { ingress: { restrict_to: { cdn: true } } } } }",
      "http: { public: { security_groups: { ingress: { from_vpc: true } } } }",
      "http: { private: { security_groups: { ingress: { restrict_to: { source_ips: [10.0.0.0/8] } } } } }",
      "http: { private: { ingress: { vpc: true }, security_groups: { ingress: { from_vpc: true } } } }",
      "http: { public: { security_groups: { ingress: { restrict_to: { source_ips: [10.0.0.0/8] } } } } }",
    ],
  ],
  "subnets of the internal load balancer are imported ones": [
    [
      "environment",
      "http: { private: { subnets: [a] } }",
      `network: { vpc: { id: vpc-1, subnets: { private: ${ids("a", "b")} } } }\nhttp: { private: { subnets: [c] } }`,
    ],
  ],
  "flow logs are kept for the days that CloudWatch has": [
    ["environment", "network: { vpc: { flow_logs: { retention: 31 } } }", "network: { vpc: { flow_logs: false } }"],
  ],
};

const source = "provider: GitHub, properties: { repository: https://github.com/example/shop";
const pipelines: Rules = {
  "a name of 100 characters at most": [["pipeline", "name: null", "name: ''", `name: ${"a".repeat(101)}`]],
  "version 1": [["pipeline", "version: null", "version: 2"]],
  "a source that there is": [
    [
      "pipeline",
      "source: null",
      "source: { provider: GitLab, properties: { repository: x } }",
      "source: { provider: GitHub }",
      "source: { provider: GitHubV1, properties: { repository: https://github.com/example/shop } }",
      `source: { ${source}, output_artifact_format: TAR } }`,
    ],
  ],
  "stages have names": [["pipeline", "stages: [{ requires_approval: true }]", "stages: null"]],
  "tests, or actions after": [
    ["pipeline", "stages: [{ name: test, test_commands: [a], post_deployments: { b: { buildspec: c.yml } } }]"],
  ],
  "an action has a buildspec": [
    [
      "pipeline",
      "stages: [{ name: test, pre_deployments: { a: {} } }]",
      "stages: [{ name: test, post_deployments: { a: null } }]",
    ],
  ],
  "who depends, depends on one of the same": [
    [
      "pipeline",
      "stages: [{ name: test, deployments: { a: { depends_on: [b] } } }]",
      "stages: [{ name: test, pre_deployments: { a: { buildspec: a.yml, depends_on: [b] } } }]",
    ],
  ],
};

test("every rule has its diagnostic, with line and column", async () => {
  const chapters = {
    Workloads: workloads,
    Containers: containers,
    Ports: ports,
    Blocks: blocks,
    Environments: environments,
    Pipelines: pipelines,
  };
  const silent: string[] = [];
  const text = Object.entries(chapters).flatMap(([chapter, rules]) => [
    `# ${chapter}`,
    ...Object.entries(rules).flatMap(([rule, rows]) => [
      `\n## ${rule}\n`,
      ...rows.flatMap(([kind, ...changes]) =>
        changes.flatMap((change) => {
          const said = problemsOf(kind, change);
          if (said.length === 0) silent.push(`${kind}: ${change}`);
          return [`${kind}: ${change.replaceAll("\n", "; ")}`, ...said.flatMap(lines)];
        }),
      ),
    ]),
    "",
  ]);
  expect(silent).toEqual([]);
  await expect(`${text.join("\n")}`).toMatchFileSnapshot("rules-of-copilot.md");
});

function textOf(kind: Kind, change: string): string {
  const changed = Object.keys(parse(change) as object);
  const kept = Object.entries(kinds[kind]).filter(([key]) => !changed.includes(key));
  return `${change}\n${kept.length === 0 ? "" : stringify(Object.fromEntries(kept))}`;
}

function problemsOf(kind: Kind, change: string): Diagnostic[] {
  const text = textOf(kind, change);
  const context = { app: "shop", env: "test", variables: {} };
  if (kind === "environment")
    return loadEnvironmentManifest({ file: "manifest.yml", text, folder: "test" }, context).diagnostics;
  if (kind === "pipeline")
    return loadPipelineManifest({ file: "manifest.yml", text, folder: "release" }, context).diagnostics;
  const loaded = loadWorkloadManifest({ file: "manifest.yml", text, folder: "api" }, context);
  const { problem } = checkPlan(loaded, context);
  return [...loaded.diagnostics, ...(problem ? [problem] : [])];
}

function lines({
  line,
  column,
  severity,
  message,
  hint,
  code,
}: Pick<Diagnostic, "line" | "column" | "severity" | "message" | "hint" | "code">): string[] {
  return [`    ${line}:${column} ${severity} ${message} (${code})`, ...(hint === undefined ? [] : [`        ${hint}`])];
}

test("what an environment cannot give is told where it is asked for", () => {
  const cases: [kind: Kind, change: string, environment?: Partial<EnvironmentManifest>, domain?: string][] = [
    ["web", "http: { path: /, alias: a.example.com }"],
    ["web", "http: { path: /, alias: a.elsewhere.org }", {}, "example.com"],
    ["web", "http: { path: / }", { http: { public: { certificates: [certificate] } } }],
    ["web", "http: { path: /, redirect_to_https: false }"],
    ["web", "http: { path: /, alias: [{ name: a.example.com, hosted_zone: Z1 }] }", {}, "example.com"],
    ["web", "nlb: { port: 80, alias: a.example.com }"],
    [
      "web",
      "nlb: { port: 80, alias: a.example.com }",
      { http: { public: { certificates: [certificate] } } },
      "example.com",
    ],
    ["backend", "http: { path: /, alias: a.internal }"],
    ["backend", "http: { path: / }", { http: { private: { certificates: [certificate] } } }],
    ["runner", "http: { alias: a.example.com }"],
    ["runner", "http: { alias: example.com }", {}, "example.com"],
    ["runner", "http: { private: true }", { network: { vpc: { id: "vpc-1" } } }],
    ["site", "http: { alias: a.example.com }"],
  ];
  const said = cases.map(([kind, change, environment = {}, domain]) => {
    const loaded = loadWorkloadManifest(
      { file: "manifest.yml", text: textOf(kind, change), folder: "api" },
      { app: "shop", env: "test", variables: {} },
    );
    if (!loaded.manifest) throw new Error(change);
    const around = { app: "shop", env: "test", environment, domain };
    const misfits = environmentMisfits(loaded.manifest, around).map(({ path, ...problem }) => {
      const { line = 0, column = 0 } = loaded.place(path);
      return { ...problem, line, column, severity: "warning" as const };
    });
    expect(misfits).not.toEqual([]);
    return [`${kind}: ${change}`, ...misfits.flatMap(lines)].join("\n");
  });
  expect(`\n${said.join("\n")}\n`).toMatchInlineSnapshot(`
    "
    web: http: { path: /, alias: a.example.com }
        1:25 warning nothing answers to \`a.example.com\` in test: the application has no domain, and the environment no certificates (environment/alias)
            give the application a domain, or import certificates: \`http.public.certificates\` of the environment
    web: http: { path: /, alias: a.elsewhere.org }
        1:25 warning \`a.elsewhere.org\` cannot be a name of this application, whose domain is \`example.com\` (environment/alias)
            use \`test.shop.example.com\`, \`shop.example.com\` or \`example.com\`, or a name with one word before one of them
    web: http: { path: / }
        1:1 warning test imports certificates, so each rule needs an \`alias\` that they are for (environment/alias)
            add \`alias:\` with a name that a certificate covers
    web: http: { path: /, redirect_to_https: false }
        1:37 warning nothing listens with HTTPS in test: the application has no domain, and the environment no certificates (environment/https)
            give the application a domain, or import certificates: \`http.public.certificates\` of the environment
    web: http: { path: /, alias: [{ name: a.example.com, hosted_zone: Z1 }] }
        1:18 warning a hosted zone can be named only where certificates are imported, and test imports none (environment/hosted-zone)
            leave the hosted zone out, or add \`http.public.certificates\` to the environment
    web: nlb: { port: 80, alias: a.example.com }
        1:25 warning \`nlb.alias\` needs a domain of the application, and it has none (environment/alias)
            leave the alias out, or give the application a domain
    web: nlb: { port: 80, alias: a.example.com }
        7:1 warning test imports certificates, so each rule needs an \`alias\` that they are for (environment/alias)
            add \`alias:\` with a name that a certificate covers
        1:25 warning \`nlb.alias\` cannot be had in test: it imports certificates, so no zone of the application is there (environment/alias)
            write the record for the network load balancer yourself
    backend: http: { path: /, alias: a.internal }
        1:25 warning an \`alias\` of a Backend Service needs certificates for the internal load balancer, and test has none (environment/alias)
            add \`http.private.certificates\` to the environment, or leave the alias out
    backend: http: { path: / }
        1:1 warning test imports certificates for its internal load balancer, so each rule needs an \`alias\` that they are for (environment/alias)
            add \`alias:\` with a name that a certificate covers
    runner: http: { alias: a.example.com }
        1:16 warning \`http.alias\` needs a domain of the application, and it has none (environment/alias)
            leave the alias out, or give the application a domain
    runner: http: { alias: example.com }
        1:16 warning \`example.com\` cannot be a name of a Request-Driven Web Service of this application (environment/alias)
            use one word before the domain: \`www.example.com\`
    runner: http: { private: true }
        1:18 warning test imports its VPC, so it makes no endpoint for App Runner there (environment/endpoint)
            name one that the VPC has: \`private: { endpoint: vpce-0123456789abcdef0 }\`
    site: http: { alias: a.example.com }
        1:16 warning \`http.alias\` needs a certificate, or a domain of the application, and it has none (environment/alias)
            add \`http.certificate\` with the ARN of a certificate of us-east-1, or give the application a domain
    "
  `);
});

test("two services do not wait for the same requests", () => {
  const routed = (name: string, http: string) => {
    const text = stringify({ ...kinds.web, name, http: parse(http) as object });
    return {
      name,
      routes: placedRoutes(
        loadWorkloadManifest({ file: `${name}.yml`, text, folder: name }, { app: "shop", variables: {} }),
      ),
    };
  };
  const conflicts = routeConflicts([
    routed("api", "{ path: /shop }"),
    routed("web", "{ path: /, additional_rules: [{ path: shop }] }"),
  ]);
  expect(conflicts.map(({ problem }) => lines(problem).join("\n"))).toMatchInlineSnapshot(`
    [
      "    9:13 error the service \`api\` has the path \`/shop\` too, at api.yml:7:9 (http/same-path)
            a load balancer sends a request to one service: give one of the two another \`path\` or an \`alias\` of its own",
    ]
  `);
});
