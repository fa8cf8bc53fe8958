import { expect, test } from "vitest";
import { leftOutOf } from "../../../../src/actions/left-out.ts";
import { isService } from "../../../../src/manifest/load.ts";
import { planWorkload } from "../../../../src/plan/plan-workload.ts";
import { leavesOut } from "../../../../src/providers/local/left-out/leaves-out.ts";
import { load } from "../../manifest/problems.ts";

/** What the simulator leaves out of a manifest, line by line. */
function leftOut(text: string): string {
  const { manifest, diagnostics, place } = load(text, { env: "local" });
  if (!manifest || !isService(manifest)) throw new Error(JSON.stringify(diagnostics));
  return leftOutOf(planWorkload({ manifest, app: "demo", env: "local" }), { leavesOut }, place)
    .map(({ code, message, place: { line, column } }) => `${line}:${column}  ${message}  (${code})`)
    .join("\n");
}

test("what the simulator does in full is not mentioned", () => {
  const everyday = `
    name: api
    type: Load Balanced Web Service
    image:
      build: Dockerfile
      port: 8080
      labels: { team: shop }
      depends_on: { init: success, cache: healthy }
      healthcheck: { command: [CMD, "true"], interval: 5s }
    http:
      path: /
      healthcheck: { path: /healthz, success_codes: 200-299, grace_period: 5s }
      stickiness: true
      allowed_source_ips: [127.0.0.0/8]
      redirect_to_https: true
      additional_rules: [{ path: /admin, target_container: cache, target_port: 6379 }]
    cpu: 512
    memory: 1024
    count: 2
    exec: true
    platform: linux/arm64
    entrypoint: [/bin/app]
    command: serve
    variables: { LEVEL: debug, TABLE: { from_cfn: table } }
    env_file: api.env
    secrets: { PASSWORD: /copilot/demo/local/secrets/PASSWORD, KEY: { secretsmanager: "key:json" } }
    logging: { retention: 7 }
    network: { connect: true, vpc: { placement: public } }
    storage:
      readonly_fs: true
      ephemeral: 20
      volumes:
        shared: { path: /shared, read_only: false }
        kept: { path: /kept, efs: true }
    deployment: { rolling: recreate, rollback_alarms: [] }
    sidecars:
      init: { image: init, essential: false }
      cache:
        image: redis
        port: 6379
        healthcheck: { command: [CMD, redis-cli, ping] }
        mount_points: [{ source_volume: shared, path: /data }]
    taskdef_overrides:
      - { path: "ContainerDefinitions[0].StopTimeout", value: 20 }
      - { path: "ContainerDefinitions[0].Ulimits[-].Name", value: nofile }
      - { path: "ContainerDefinitions[0].LinuxParameters.InitProcessEnabled", value: true }
      - { path: "ContainerDefinitions[0].Privileged", value: false }
      - { path: "ContainerDefinitions[0].RestartPolicy.Enabled", value: true }
  `;
  expect(leftOut(everyday)).toBe("");
});

test("the number of tasks", () => {
  expect(leftOut(backend("count: { range: 2-10, cpu_percentage: 70 }"))).toMatchInlineSnapshot(
    `"5:17  automatic scaling is left out: 2 tasks run, whatever the load is  (left-out/scaling)"`,
  );
  expect(leftOut(backend("count:\n  range: { min: 1, max: 4, spot_from: 2 }\n  requests: 100\nhttp: { path: / }")))
    .toMatchInlineSnapshot(`
      "6:3  automatic scaling is left out: 1 task runs, whatever the load is  (left-out/scaling)
      6:39  Fargate Spot is left out: no task is interrupted  (left-out/spot)
      8:1  the internal load balancer listens on this machine alone: containers call api by its discovery name  (left-out/internal-load-balancer)"
    `);
  expect(leftOut(backend("count: { spot: 3 }"))).toMatchInlineSnapshot(
    `"5:16  Fargate Spot is left out: no task is interrupted  (left-out/spot)"`,
  );
});

test("the sidecars that hand on to AWS", () => {
  expect(leftOut(backend("observability: { tracing: awsxray }"))).toMatchInlineSnapshot(
    `"5:27  the sidecar aws-otel-collector is left out: traces go nowhere  (left-out/tracing)"`,
  );
  expect(
    leftOut(backend("logging:\n  destination: { Name: datadog, apikey: none }\n  retention: 7")),
  ).toMatchInlineSnapshot(
    `"6:3  the sidecar firelens_log_router is left out: logs are kept on this machine, and not sent on to datadog  (left-out/log-router)"`,
  );
  expect(leftOut(backend("logging: { configFilePath: /fluent-bit.conf }"))).toMatchInlineSnapshot(
    `"5:1  the sidecar firelens_log_router is left out: logs are kept on this machine  (left-out/log-router)"`,
  );
});

test("storage", () => {
  const volumes = `storage:
  ephemeral: 50
  volumes:
    files: { path: /files, efs: { id: fs-1234, root_dir: /x } }
    export: { path: /export, efs: { id: { from_cfn: shop-files } } }
    own: { path: /own, efs: { uid: 1000, gid: 1000 } }`;
  expect(leftOut(backend(volumes))).toMatchInlineSnapshot(`
    "6:14  the limit of 50 GiB is left out: a task writes until this machine's disk is full  (left-out/ephemeral-storage)
    8:39  a folder of this machine stands for the file system fs-1234: it holds what tasks here have written  (left-out/file-system)
    9:37  a folder of this machine stands for the file system that the export names: it holds what tasks here have written  (left-out/file-system)
    10:36  files belong to the user that a container runs as, not to uid 1000  (left-out/file-owner)"
  `);
});

test("images and platforms", () => {
  const credentials = `sidecars:
  nginx:
    image: private/nginx
    credentialsParameter: arn:aws:secretsmanager:us-east-1:123456789012:secret:login`;
  expect(leftOut(backend(credentials))).toMatchInlineSnapshot(
    `"8:27  the image of nginx is pulled with what \`docker login\` has stored, not with this secret  (left-out/credentials)"`,
  );
  expect(leftOut(backend("platform: windows/amd64\ncpu: 1024\nmemory: 2048"))).toMatchInlineSnapshot(
    `"5:11  Windows is left out: tasks run on this machine's Engine, which starts containers of Linux only  (left-out/platform)"`,
  );
});

test("the network", () => {
  const network = `network:
  connect: { alias: shop.api }
  vpc:
    placement: private
    security_groups: [sg-1234]`;
  expect(leftOut(backend(network))).toMatchInlineSnapshot(`
    "8:16  subnets are left out: tasks run in a network of this machine and reach whatever this machine reaches  (left-out/placement)
    9:5  security groups are left out: the tasks of an environment reach each other at every port  (left-out/security-groups)"
  `);
  const closed = `network:
  vpc:
    placement: { subnets: { from_tags: { tier: app } } }
    security_groups: { deny_default: true }`;
  expect(leftOut(backend(closed))).toMatchInlineSnapshot(`
    "7:5  subnets are left out: tasks run in a network of this machine and reach whatever this machine reaches  (left-out/placement)
    8:5  security groups are left out: the tasks of an environment reach each other at every port  (left-out/security-groups)"
  `);
});

test("topics and alarms", () => {
  const all = `publish:
  topics: [{ name: orders }, { name: returns, fifo: true }]
deployment:
  rollback_alarms: { cpu_utilization: 80 }`;
  expect(leftOut(backend(all))).toMatchInlineSnapshot(`
    "6:3  topics are left out: COPILOT_SNS_TOPIC_ARNS names orders, returns, and nothing takes what is published there  (left-out/topics)
    8:3  alarms are left out: a deployment is rolled back when its tasks fail, and not by an alarm  (left-out/alarms)"
  `);
  expect(leftOut(backend("deployment: { rollback_alarms: [shop-errors] }"))).toMatchInlineSnapshot(
    `"5:15  alarms are left out: a deployment is rolled back when its tasks fail, and not by an alarm  (left-out/alarms)"`,
  );
});

test("rules that no request from this machine meets", () => {
  const rule = (blocks: string) =>
    leftOut(`
    name: api
    type: Load Balanced Web Service
    image: { location: shop/api, port: 8080 }
    http: { path: /, allowed_source_ips: [${blocks}] }
  `);
  expect(rule("10.0.0.0/8, 2001:db8::/32")).toMatchInlineSnapshot(
    `"4:18  no request from this machine comes through this rule, which takes none from 127.0.0.1: the service's own address asks no rule  (left-out/source-address)"`,
  );
  expect([rule("127.0.0.1/32"), rule("10.0.0.0/8, 0.0.0.0/0"), rule("::1/128")]).toEqual(["", "", ""]);
});

test("load balancers", () => {
  const http = `  alias: [shop.example.com, www.example.com]
  alb: shop-alb
  version: gRPC
  additional_rules:
    - path: /v1
    - { path: /v2, target_port: 443, alias: v2.example.com, version: http2 }`;
  expect(leftOut(web(http))).toMatchInlineSnapshot(`
    "6:3  names, certificates and HTTPS are left out: a request whose Host header is shop.example.com or www.example.com comes here, and one for shop.example.com.localhost or www.example.com.localhost  (left-out/alias)
    7:8  a load balancer of the simulated environment stands for shop-alb  (left-out/imported-load-balancer)
    8:12  gRPC through the load balancer is left out: it answers 464; an address of its own passes gRPC  (left-out/protocol-version)
    11:45  names, certificates and HTTPS are left out: a request whose Host header is v2.example.com comes here, and one for v2.example.com.localhost  (left-out/alias)
    11:70  HTTP/2 through the load balancer is left out: requests reach api as HTTP/1.1; an address of its own passes HTTP/2  (left-out/protocol-version)"
  `);
  const nlb = `nlb:
  port: 443/tls
  target_port: 8080
  alias: lb.example.com
  additional_listeners:
    - { port: 53/udp, healthcheck: { port: 80 } }
    - { port: 6000 }`;
  expect(leftOut(`${web("")}\n${nlb}`)).toMatchInlineSnapshot(`
    "8:9  TLS is left out: what stands for port 443 passes bytes as they come  (left-out/tls)
    10:10  names are left out: lb.example.com does not lead here  (left-out/alias)"
  `);
});

test("whatever an override asks for that the simulator does not know", () => {
  const overrides = `taskdef_overrides:
  - { path: PidMode, value: task }
  - { path: "ContainerDefinitions[0].Interactive", value: true }
  - { path: "ContainerDefinitions[0].LinuxParameters.Devices", value: [{ HostPath: /dev/fuse }] }
  - { path: "ContainerDefinitions[0].LogConfiguration.LogDriver", value: splunk }
  - { path: "ContainerDefinitions[0].PortMappings[0].ContainerPort", value: 8081 }
network: { connect: { alias: shop } }`;
  expect(leftOut(backend(overrides))).toMatchInlineSnapshot(`
    "5:1  logs of api are kept on this machine, not by splunk  (left-out/log-driver)
    5:1  pidMode is left out: containers run as if it were not there  (left-out/override)
    5:1  interactive is left out: containers run as if it were not there  (left-out/override)
    5:1  devices is left out: containers run as if it were not there  (left-out/override)
    11:12  Service Connect's proxy is left out: shop answers at the container's port 8081, not at 80  (left-out/connect-port)"
  `);
});

test("what an overlay asks for is pointed at in the overlay", () => {
  expect(leftOut(backend("environments:\n  local:\n    count: { spot: 2 }"))).toMatchInlineSnapshot(
    `"7:20  Fargate Spot is left out: no task is interrupted  (left-out/spot)"`,
  );
});

function backend(more: string): string {
  return `name: api\ntype: Backend Service\nimage: { location: nginx, port: 80 }\n\n${more}\n`;
}

function web(http: string): string {
  return `name: api\ntype: Load Balanced Web Service\nimage: { location: nginx, port: 80 }\nhttp:\n  path: /\n${http}`;
}
