import { describe, expect, test } from "vitest";
import { backend, problems, web } from "./problems.ts";

describe("keys that the schema does not know", () => {
  test("some are Copilot's own, which it does nothing with either", () => {
    expect(
      problems(
        ...backend(`
          http: { path: /, alb: mine }
          publish: { topics: [{ name: a, fifo: { content_based_deduplication: true, throughput_limit: perQueue } }] }
          sidecars:
            proxy: { image: envoy, made_up: 1 }
        `),
      ),
    ).toMatchInlineSnapshot(`
      "4:18   warning  \`http.alb\` has no effect  (schema/no-effect)
                      a Backend Service always stands behind the internal load balancer of its environment
      5:75   warning  \`publish.topics[0].fifo.throughput_limit\` has no effect  (schema/no-effect)
                      this is set on the queue of a Worker Service that subscribes
      7:26   warning  unknown key \`made_up\` in \`sidecars.proxy\`; it has no effect  (schema/unknown-key)"
    `);
  });

  test("misspelt ones come with what was meant", () => {
    expect(
      problems(
        ...web(`
          paths: /api
          healthCheck: /up
          deregistrationDelay: 5s
          tagret_port: 80
        `),
      ),
    ).toMatchInlineSnapshot(`
      "6:3    warning  unknown key \`paths\` in \`http\`; it has no effect  (schema/unknown-key)
      7:3    warning  unknown key \`healthCheck\` in \`http\`; it has no effect  (schema/unknown-key)
                      did you mean \`healthcheck\`?
      8:3    warning  unknown key \`deregistrationDelay\` in \`http\`; it has no effect  (schema/unknown-key)
                      did you mean \`deregistration_delay\`?
      9:3    warning  unknown key \`tagret_port\` in \`http\`; it has no effect  (schema/unknown-key)
                      did you mean \`target_port\`?"
    `);
    expect(problems(...backend("varaibles: { A: b }\nmemroy: 1024\nentry_point: x\nenviroments: {}")))
      .toMatchInlineSnapshot(`
        "4:1    warning  unknown key \`varaibles\`; it has no effect  (schema/unknown-key)
                        did you mean \`variables\`?
        5:1    warning  unknown key \`memroy\`; it has no effect  (schema/unknown-key)
                        did you mean \`memory\`?
        6:1    warning  unknown key \`entry_point\`; it has no effect  (schema/unknown-key)
                        did you mean \`entrypoint\`?
        7:1    warning  unknown key \`enviroments\`; it has no effect  (schema/unknown-key)
                        did you mean \`environments\`?"
      `);
  });

  test("a key in the wrong place comes with the right one", () => {
    expect(
      problems(`
        name: api
        type: Backend Service
        port: 80
        dockerfile: ./Dockerfile
        image:
          location: nginx
          platform: linux/arm64
          variables: { A: b }
        retention: 30
      `),
    ).toMatchInlineSnapshot(`
      "3:1    warning  unknown key \`port\`; it has no effect  (schema/unknown-key)
                      \`port\` belongs under \`image\`
      4:1    warning  unknown key \`dockerfile\`; it has no effect  (schema/unknown-key)
                      \`dockerfile\` belongs under \`image.build\`
      7:3    warning  unknown key \`platform\` in \`image\`; it has no effect  (schema/unknown-key)
                      \`platform\` belongs at the top of the manifest
      8:3    warning  unknown key \`variables\` in \`image\`; it has no effect  (schema/unknown-key)
                      \`variables\` belongs at the top of the manifest
      9:1    warning  unknown key \`retention\`; it has no effect  (schema/unknown-key)
                      \`retention\` belongs under \`logging\`"
    `);
  });

  test("what people bring to sites and jobs", () => {
    expect(
      problems(`
        name: api
        type: Static Site
        files: [{ source: dist }]
        http: { alias: www.example.com, path: /, error_pages: [] }
      `),
    ).toMatchInlineSnapshot(`
      "4:33   warning  unknown key \`path\` in \`http\`; it has no effect  (schema/unknown-key)
                      a site answers all paths of its name; files come under another one with \`files.destination\`
      4:42   warning  unknown key \`error_pages\` in \`http\`; it has no effect  (schema/unknown-key)
                      what CloudFront answers instead of a file that is not there can be changed in its template alone: \`overrides/\`"
    `);
    expect(
      problems(`
        name: api
        type: Scheduled Job
        image: { location: nginx }
        schedule: "@daily"
      `),
    ).toMatchInlineSnapshot(`
      "1:1    error  \`on\` is missing  (schema/missing)
                    say when the job runs: \`on: { schedule: "@daily" }\`, or \`none\` for a job that is run by hand
      4:1    warning  unknown key \`schedule\`; it has no effect  (schema/unknown-key)
                      \`schedule\` belongs under \`on\`"
    `);
  });

  test("a key of another type says whose it is", () => {
    expect(problems(...backend("nlb: { port: 80 }"))).toMatchInlineSnapshot(`
      "4:1    warning  unknown key \`nlb\`; it has no effect  (schema/unknown-key)
                      only a Load Balanced Web Service has \`nlb\`"
    `);
  });

  test("what people bring from other tools comes with what does it here", () => {
    expect(
      problems(`
        name: api
        type: Load Balanced Web Service
        image:
          location: nginx
          port: 80
          target: production
          build: { platforms: linux/amd64 }
          healthcheck: { path: /up, healthy_threshold: 2, grace_period: 5s, test: [CMD, x] }
        http:
          path: /
          port: 80
          success_codes: "200"
          interval: 10s
          certificate_arn: arn:aws:acm:eu-west-1:123456789012:certificate/1
          domain: www.example.com
          public: { certificates: [] }
          healthcheck: { path: /up, retries: 3, start_period: 30s, command: [x] }
        count: { min_capacity: 1, scale_in_cooldown: 60s, target_cpu: 70, target_memory: 80, spot_from: 2 }
        environment: { A: b }
        ports: [80]
        task_role: { policies: [] }
        executionRoleArn: x
        capacityProviders: [FARGATE_SPOT]
        scaling: { min: 1 }
        replicas: 3
        mount_points: []
        tags: { team: a }
        cdn: true
        https: { alias: www.example.com }
        network: { vpc: { enable_logs: true } }
        deployment: { rolling: canary, circuit_breaker: { enabled: true }, minimum_healthy_percent: 50 }
        observability: { container_health_check: { retries: 3 } }
        LOG_LEVEL: debug
        environments: { test: { LOG_LEVEL: debug } }
      `),
    ).toMatchInlineSnapshot(`
      "4:13   error  \`image.build\` and \`image.location\` exclude each other  (image/source)
                    keep the one that the image comes from
      6:3    warning  unknown key \`target\` in \`image\`; it has no effect  (schema/unknown-key)
                      \`target\` belongs under \`image.build\`
      7:12   warning  unknown key \`platforms\` in \`image.build\`; it has no effect  (schema/unknown-key)
                      \`platform\` at the top of the manifest is what all images are built for
      8:18   warning  unknown key \`path\` in \`image.healthcheck\`; it has no effect  (schema/unknown-key)
                      a container's check runs a \`command\`; requests are of the load balancer's, \`http.healthcheck\`
      8:29   warning  unknown key \`healthy_threshold\` in \`image.healthcheck\`; it has no effect  (schema/unknown-key)
                      a container's check has \`retries\`; thresholds are of the load balancer's, \`http.healthcheck\`
      8:51   warning  unknown key \`grace_period\` in \`image.healthcheck\`; it has no effect  (schema/unknown-key)
                      a container's check has \`start_period\`; \`grace_period\` is of the load balancer's, \`http.healthcheck\`
      8:69   warning  unknown key \`test\` in \`image.healthcheck\`; it has no effect  (schema/unknown-key)
                      write \`command\`
      11:3   warning  unknown key \`port\` in \`http\`; it has no effect  (schema/unknown-key)
                      requests go to \`image.port\`, or to \`http.target_port\`
      12:3   warning  unknown key \`success_codes\` in \`http\`; it has no effect  (schema/unknown-key)
                      \`success_codes\` belongs under \`http.healthcheck\`
      13:3   warning  unknown key \`interval\` in \`http\`; it has no effect  (schema/unknown-key)
                      \`interval\` belongs under \`http.healthcheck\`
      14:3   warning  unknown key \`certificate_arn\` in \`http\`; it has no effect  (schema/unknown-key)
                      certificates belong to the environment: \`http.public.certificates\` in copilot/environments/NAME/manifest.yml
      15:3   warning  unknown key \`domain\` in \`http\`; it has no effect  (schema/unknown-key)
                      the names that lead to the service are \`http.alias\`
      16:3   warning  unknown key \`public\` in \`http\`; it has no effect  (schema/unknown-key)
                      load balancers are set up in the environment's manifest: copilot/environments/NAME/manifest.yml
      17:29  warning  unknown key \`retries\` in \`http.healthcheck\`; it has no effect  (schema/unknown-key)
                      a load balancer counts with \`unhealthy_threshold\`; \`retries\` are of the container's own check, \`image.healthcheck\`
      17:41  warning  unknown key \`start_period\` in \`http.healthcheck\`; it has no effect  (schema/unknown-key)
                      a load balancer's check waits for \`grace_period\`; \`start_period\` is of the container's own check, \`image.healthcheck\`
      17:60  warning  unknown key \`command\` in \`http.healthcheck\`; it has no effect  (schema/unknown-key)
                      a load balancer asks over the network; a command is for the container's own check, \`image.healthcheck\`
      18:1   error  \`count\` says no number  (count/scaling)
                    write \`count: 2\`, or \`spot\`, or \`range\` with a metric
      18:10  warning  unknown key \`min_capacity\` in \`count\`; it has no effect  (schema/unknown-key)
                      write \`range: { min: 1, max: 10 }\`
      18:27  warning  unknown key \`scale_in_cooldown\` in \`count\`; it has no effect  (schema/unknown-key)
                      write \`cooldown: { in: 120s, out: 60s }\`
      18:51  warning  unknown key \`target_cpu\` in \`count\`; it has no effect  (schema/unknown-key)
                      write \`cpu_percentage\`, with \`range\`
      18:67  warning  unknown key \`target_memory\` in \`count\`; it has no effect  (schema/unknown-key)
                      write \`memory_percentage\`, with \`range\`
      18:86  warning  unknown key \`spot_from\` in \`count\`; it has no effect  (schema/unknown-key)
                      \`spot_from\` belongs under \`count.range\`
      19:1   warning  unknown key \`environment\`; it has no effect  (schema/unknown-key)
                      variables stand under \`variables\`, what differs between environments under \`environments\`
      20:1   warning  unknown key \`ports\`; it has no effect  (schema/unknown-key)
                      the port that the program listens on is \`image.port\`
      21:1   warning  unknown key \`task_role\`; it has no effect  (schema/unknown-key)
                      each workload has roles of its own; what its tasks may do beyond is a policy in a template of its folder \`addons\`
      22:1   warning  unknown key \`executionRoleArn\`; it has no effect  (schema/unknown-key)
                      each workload has roles of its own; what its tasks may do beyond is a policy in a template of its folder \`addons\`
      23:1   warning  unknown key \`capacityProviders\`; it has no effect  (schema/unknown-key)
                      tasks run on Spot with \`count: { spot: 1 }\`, or with \`spot_from\` under \`count.range\`
      24:1   warning  unknown key \`scaling\`; it has no effect  (schema/unknown-key)
                      a service scales with \`count: { range: 1-10, cpu_percentage: 70 }\`
      25:1   warning  unknown key \`replicas\`; it has no effect  (schema/unknown-key)
                      the number of tasks is \`count\`
      26:1   warning  unknown key \`mount_points\`; it has no effect  (schema/unknown-key)
                      the workload's own container has each of \`storage.volumes\` at its \`path\`; \`mount_points\` are for sidecars
      27:1   warning  unknown key \`tags\`; it has no effect  (schema/unknown-key)
                      tags are the application's, and all its resources have them: \`app init --resource-tags\`; those of the container are \`image.labels\`
      28:1   warning  unknown key \`cdn\`; it has no effect  (schema/unknown-key)
                      a CDN is the environment's: \`cdn\` in copilot/environments/NAME/manifest.yml
      29:1   warning  unknown key \`https\`; it has no effect  (schema/unknown-key)
                      HTTPS is of \`http\` too, with \`alias\`; its certificates are the environment's: \`http.public.certificates\`
      30:19  warning  unknown key \`enable_logs\` in \`network.vpc\`; it has no effect  (schema/unknown-key)
                      the VPC is the environment's: \`network.vpc\` in copilot/environments/NAME/manifest.yml
      31:24  error  \`deployment.rolling\` must be default or recreate, not \`canary\`  (schema/value)
                    ECS's rolling deployment is all there is: no blue/green, no canary
      31:32  warning  unknown key \`circuit_breaker\` in \`deployment\`; it has no effect  (schema/unknown-key)
                      the circuit breaker of ECS is always on, and rolls back
      31:68  warning  unknown key \`minimum_healthy_percent\` in \`deployment\`; it has no effect  (schema/unknown-key)
                      with \`rolling: default\` ECS keeps all tasks and starts as many new ones, with \`recreate\` it stops all first
      32:18  warning  unknown key \`container_health_check\` in \`observability\`; it has no effect  (schema/unknown-key)
                      a container's check is \`image.healthcheck\`; the load balancer's is \`http.healthcheck\`
      33:1   warning  unknown key \`LOG_LEVEL\`; it has no effect  (schema/unknown-key)
                      variables stand under \`variables\`, what differs between environments under \`environments\`
      34:25  warning  unknown key \`LOG_LEVEL\`; it has no effect  (schema/unknown-key)
                      variables stand under \`variables\`, what differs between environments under \`environments\`"
    `);
    expect(
      problems(`
        name: api
        type: Scheduled Job
        image: { build: Dockerfile, command: [a] }
        on: { schedule: "@daily", retries: 3, cron: x }
        capacityProviders: [FARGATE_SPOT]
      `),
    ).toMatchInlineSnapshot(`
      "3:29   warning  unknown key \`command\` in \`image\`; it has no effect  (schema/unknown-key)
                      \`command\` belongs at the top of the manifest
      4:27   warning  unknown key \`retries\` in \`on\`; it has no effect  (schema/unknown-key)
                      \`retries\` belongs at the top of the manifest
      4:39   warning  unknown key \`cron\` in \`on\`; it has no effect  (schema/unknown-key)
                      write \`schedule\`
      5:1    warning  unknown key \`capacityProviders\`; it has no effect  (schema/unknown-key)
                      the tasks of a job run on Fargate alone; Spot is for services"
    `);
  });

  test("a key that stands beside the empty one that it belongs under", () => {
    expect(
      problems(...backend("secrets:\nTOKEN:\n  secretsmanager: shop/token\nstorage:\nvolumes: {}\nlogging:\nx: 1")),
    ).toMatchInlineSnapshot(`
      "5:1    warning  unknown key \`TOKEN\`; it has no effect  (schema/unknown-key)
                      \`secrets\` above it has nothing: is this key to be indented further?
      8:1    warning  unknown key \`volumes\`; it has no effect  (schema/unknown-key)
                      \`storage\` above it has nothing: is this key to be indented further?
      10:1   warning  unknown key \`x\`; it has no effect  (schema/unknown-key)"
    `);
  });

  test("inventions get no far-fetched suggestion", () => {
    expect(problems(...backend("shape: round\nconstructor: 1\n__proto__: 2\n'': 3"))).toMatchInlineSnapshot(`
      "4:1    warning  unknown key \`shape\`; it has no effect  (schema/unknown-key)
      5:1    warning  unknown key \`constructor\`; it has no effect  (schema/unknown-key)
      6:1    warning  unknown key \`__proto__\`; it has no effect  (schema/unknown-key)
      7:1    warning  unknown key \`\`; it has no effect  (schema/unknown-key)"
    `);
  });
});
