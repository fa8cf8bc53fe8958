import { expect, test } from "vitest";
import { backend, problems, web } from "../problems.ts";

const withNlb = (nlb: string, http = "") => {
  const [text] = web(http);
  return problems(`${text}\nnlb: ${nlb}\n`);
};

test("a network load balancer alone is enough, and each of its listeners has a port", () => {
  const alone = "name: api\ntype: Load Balanced Web Service\nimage: { location: nginx, port: 80 }\nhttp: false\n";
  expect(problems(`${alone}nlb: { port: 443/tls }`)).toBe("");
  expect(problems(`${alone}nlb: {}`)).toMatchInlineSnapshot(`
    "4:7    error  \`http: false\` leaves the service without a load balancer  (http/off)
                  write \`http: { path: / }\` or add \`nlb\`; a service without a load balancer is a Backend Service"
  `);
  expect(
    withNlb(
      "{ healthcheck: { grace_period: 5s }, additional_listeners: [{ port: 90 }, { port: 90/udp, target_port: 80 }] }",
    ),
  ).toMatchInlineSnapshot(`
    "4:1    error  health checks go to port 80, which is udp; they need TCP  (ports/conflict)
                  name a port that listens with TCP: \`healthcheck: { port: 8080 }\`
    7:1    error  \`nlb.port\` is missing  (nlb/port)
                  give the port to listen on: \`port: 443/tls\`
    7:88   error  health checks go to port 80, which is udp; they need TCP  (ports/conflict)
                  name a port that listens with TCP: \`healthcheck: { port: 8080 }\`
    7:88   error  another listener of \`nlb\` has port 90 already  (nlb/port)"
  `);
  expect(
    withNlb(
      "{ port: 443/tls, stickiness: true, alias: [{ name: a.b, hosted_zone: Z }], additional_listeners: [{ port: 53/udp, ssl_policy: x }] }",
    ),
  ).toMatchInlineSnapshot(`
    "7:35   warning  \`stickiness\` has no effect on a TLS listener  (nlb/no-effect)
    7:75   error  the alias of a network load balancer takes no \`hosted_zone\`  (nlb/alias)
                  its name is written into the zone of the application's domain
    7:112  error  health checks go to port 53, which is udp; they need TCP  (ports/conflict)
                  name a port that listens with TCP: \`healthcheck: { port: 8080 }\`
    7:132  warning  \`ssl_policy\` has no effect on a listener without TLS  (nlb/no-effect)"
  `);
});

test("one grace period for the whole service", () => {
  expect(
    withNlb(
      "{ port: 90, healthcheck: { grace_period: 5s } }",
      "healthcheck: { grace_period: 5s }\nadditional_rules: [{ path: x, healthcheck: { grace_period: 5s } }]",
    ),
  ).toMatchInlineSnapshot(`
    "7:62   error  a grace period cannot stand here  (healthcheck/grace-period)
                  it belongs to the whole service: write it under \`http.healthcheck\`
    8:47   error  \`http\` and \`nlb\` both set a grace period, and a service has one  (healthcheck/grace-period)
                  keep one of them"
  `);
});

test("rules with too many values, twice the same, without their alias", () => {
  expect(
    problems(
      ...web(`
        hosted_zone: Z1
        targetContainer: api
        target_container: api
        additional_rules:
          - { path: /, stickiness: true }
          - { path: x, alias: [a.b, c.d], allowed_source_ips: [10.0.0.0/8, "2001:db8::/32"] }
          - { path: x, alias: [a.b] }
      `),
    ),
  ).toMatchInlineSnapshot(`
    "6:16   error  \`hosted_zone\` needs \`alias\`, the name to write into the zone  (http/hosted-zone)
                  add \`alias: www.example.com\`
    7:20   error  \`targetContainer\` and \`target_container\` are two spellings of one key  (http/target)
                  keep \`target_container\`
    10:15  error  the path \`/\` is that of \`http\` too, for the same names and addresses  (http/same-rule)
                  only the first of two such rules is ever reached: take this one away, or give it another path
    11:37  warning  a rule of the load balancer takes 5 values, and this one needs 6: 2 for the path, 2 for aliases, 2 for source addresses  (http/values)
                    spread them over several \`additional_rules\`, or write wider ranges of addresses"
  `);
});

test("an internal load balancer adds two names to each rule, and has no use for some keys", () => {
  expect(
    problems(
      ...backend(`
        http:
          path: x
          allowed_source_ips: [10.0.0.0/8, 10.1.0.0/16]
          alb: mine
          redirect_to_https: true
          targetContainer: api
          additional_rules: [{ path: y, healthcheck: { grace_period: 1s } }]
      `),
    ),
  ).toMatchInlineSnapshot(`
    "6:3    warning  a rule of the load balancer takes 5 values, and this one needs 6: 2 for the path, 2 for the internal names, 2 for source addresses  (http/values)
                    spread them over several \`additional_rules\`, or write wider ranges of addresses
    7:3    warning  \`http.alb\` has no effect  (schema/no-effect)
                    a Backend Service always stands behind the internal load balancer of its environment
    8:3    warning  \`http.redirect_to_https\` has no effect  (schema/no-effect)
                    requests are redirected when the environment has certificates for its internal load balancer
    9:3    warning  \`http.targetContainer\` has no effect  (schema/no-effect)
                    write \`target_container\`
    10:62  warning  a grace period has no effect here  (healthcheck/grace-period)
                    it belongs to the whole service: write it under \`http.healthcheck\`"
  `);
});

test("pauses of automatic scaling are whole seconds", () => {
  const scaled =
    "count:\n  range: 1-2\n  cpu_percentage: { value: 50, cooldown: { in: 1500ms, out: 2s } }\n  cooldown: { out: 0.5s }";
  expect(problems(...backend(scaled))).toMatchInlineSnapshot(`
    "6:48   warning  Application Auto Scaling waits whole seconds, not 1500ms  (count/cooldown)
                    write \`2s\`
    7:20   warning  Application Auto Scaling waits whole seconds, not 0.5s  (count/cooldown)
                    write \`1s\`"
  `);
});

test("numbers of tasks", () => {
  expect(problems(...backend("count: {}"))).toMatchInlineSnapshot(`
    "4:1    error  \`count\` says no number  (count/scaling)
                  write \`count: 2\`, or \`spot\`, or \`range\` with a metric"
  `);
  expect(problems(...backend("count: { spot: 2, cpu_percentage: 50 }"))).toMatchInlineSnapshot(`
    "4:16   error  \`spot\` is a fixed number of tasks, and \`range\` is for scaling  (count/scaling)
                  for tasks on Spot that scale, write \`range: { min: 1, max: 5, spot_from: 2 }\`"
  `);
  expect(problems(...backend("count: { cooldown: { in: 1m } }"))).toMatchInlineSnapshot(
    `"4:10   error  \`cooldown\` needs something to scale on: \`cpu_percentage\`, \`memory_percentage\`, \`requests\` or \`response_time\`  (count/scaling)"`,
  );
  expect(
    problems(
      ...backend("count: { range: { min: 2, max: 4, spot_from: 1 }, cpu_percentage: { cooldown: { in: 1m } } }"),
    ),
  ).toMatchInlineSnapshot(`
    "4:46   warning  \`spot_from\` (1) is less than \`min\` (2): all tasks run on Spot  (count/range)
    4:51   error  \`count.cpu_percentage.value\` is missing  (schema/missing)
                  give the value to keep to: \`value: 70\`"
  `);
  expect(problems(...backend("count: { range: { min: 2, max: 4, spot_from: 5 }, requests: 5, queue_delay: {} }")))
    .toMatchInlineSnapshot(`
    "4:46   warning  \`spot_from\` (5) is greater than \`max\` (4): no task runs on Spot  (count/range)
    4:61   error  \`requests\` is measured by a load balancer, and the service has no \`http\`  (count/scaling)
                  add \`http: { path: / }\`, or scale on \`cpu_percentage\`
    4:64   error  a Backend Service does not have \`count.queue_delay\`  (schema/other-type)
                  only a Worker Service has a queue to scale on; use cpu_percentage, memory_percentage, requests or response_time"
  `);
});

test("topics, alarms, secrets and overrides", () => {
  expect(
    problems(
      ...backend(`
        publish: { topics: [{ name: a }, { name: a }, { name: a, fifo: { content_based_deduplication: false } }, { name: b.fifo }] }
        deployment: { rollback_alarms: { cpu_utilization: 200 } }
        secrets: { A: { from_cfn: x, secretsmanager: y }, B: {}, C: c }
        variables: { C: c }
        logging: { retention: 10 }
        observability: { tracing: jaeger }
        taskdef_overrides:
          - { path: Cpu }
          - { path: "a..b", value: 1 }
      `),
    ),
  ).toMatchInlineSnapshot(`
    "4:114  error  \`publish.topics[3].name\` may hold letters, digits, - and _ only, not \`b.fifo\`  (schema/value)
                  leave out \`.fifo\`, and write \`fifo: true\`
    5:51   warning  more than 100 percent of what is reserved is rarely used: the alarm may never ring  (deployment/alarms)
    6:61   error  \`C\` is a variable of this container too  (secrets/name)
                  keep one of the two
    8:23   error  \`logging.retention\` must be a number of days that CloudWatch Logs keeps logs for, not 10  (schema/value)
                  use 7 or 14
    9:27   error  \`observability.tracing\` must be awsxray, not \`jaeger\`  (schema/value)
    11:5   error  \`taskdef_overrides[0].value\` is missing  (schema/missing)
                  give the new value: \`value: 60\`
    12:13  error  \`taskdef_overrides[1].path\` has an empty part, which is no property, property[0] or property[-]  (schema/value)
                  such as \`ContainerDefinitions[0].Ulimits[-].Name\`; [-] adds an element"
  `);
});

test("functions of CloudFormation are not evaluated", () => {
  expect(problems(...backend('taskdef_overrides: [{ path: Tags, value: [{ Key: a, Value: { "Fn::Sub": "x" } }] }]')))
    .toMatchInlineSnapshot(`
    "4:73   error  \`Fn::Sub\` is a function of CloudFormation, which this version does not evaluate here  (taskdef-overrides/function)
                  write the value itself"
  `);
});
