import { describe, expect, test } from "vitest";
import { manifest, problems } from "../problems.ts";

const runner = (more = "", image = "public.ecr.aws/example/api:1") =>
  `name: api\ntype: Request-Driven Web Service\nimage: { location: "${image}", port: 8080 }\n${more}`;

describe("a Request-Driven Web Service", () => {
  test("needs a name, an image and its port, and nothing else", () => {
    expect(problems(runner())).toBe("");
    expect(problems("name: api\ntype: Request-Driven Web Service\nimage: { build: Dockerfile }\n"))
      .toMatchInlineSnapshot(`
      "3:1    error  \`image.port\` is missing  (schema/missing)
                    give the port that the program listens on: \`port: 8080\`"
    `);
    expect(problems("name: api\ntype: Request-Driven Web Service\n")).toMatchInlineSnapshot(`
      "1:1    error  \`image\` is missing  (schema/missing)
                    say where the image comes from: \`image: { build: Dockerfile, port: 8080 }\`"
    `);
  });

  test("with every field, and with the other form of each", () => {
    const all = `
http:
  healthcheck: { path: /up, healthy_threshold: 1, unhealthy_threshold: 20, interval: 1s, timeout: 20s }
  alias: run.example.com
  private: { endpoint: vpce-1 }
cpu: 4096
memory: 12288
platform: { osfamily: linux, architecture: amd64 }
count: high-availability
network: { vpc: { placement: { subnets: { from_tags: { Tier: [a, b], Zone: c } } } } }
observability: { tracing: awsxray }
command: run --it
variables: { A: 1, B: { from_cfn: x } }
secrets: { C: /c, D: { secretsmanager: d }, E: { from_cfn: e } }
publish: { topics: [{ name: t, fifo: { content_based_deduplication: true } }] }
tags: { team: web, cost: 7 }
environments:
  test:
    http: { healthcheck: /, private: true }
    network: { vpc: { placement: private } }
    platform: linux/x86_64
    secrets: { C: { from_cfn: c } }
  prod:
`;
    expect(problems(runner(all))).toBe("");
    expect(manifest(runner(all), { env: "test" })).toMatchObject({
      http: { healthcheck: "/", alias: "run.example.com", private: true },
      network: { vpc: { placement: "private" } },
      count: "high-availability",
      tags: { team: "web", cost: "7" },
    });
    expect(problems(runner(all), { env: "prod" })).toBe("");
  });

  test("has a short name", () => {
    const long = "a".repeat(41);
    expect(problems(runner().replace("name: api", `name: ${long}`))).toMatchInlineSnapshot(`
      "1:7    error  App Runner takes names of 40 characters at most, and this one has 41  (workload/name)
      1:7    error  the name is \`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\`, but the folder is \`api\`  (workload/name)
                    write \`name: api\`, or rename the folder"
    `);
  });

  test("comes from Amazon ECR, private or public", () => {
    expect(problems(runner("", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/api@sha256:1"))).toBe("");
    expect(problems(runner("", "nginx:1"))).toMatchInlineSnapshot(`
      "3:20   error  App Runner pulls images from Amazon ECR only, not \`nginx:1\`  (image/registry)
                    take one from public.ecr.aws, push it to a repository of your own, or write \`build: Dockerfile\`"
    `);
    expect(problems(runner("", "docker.io/public.ecr.aws/x"))).toMatchInlineSnapshot(`
      "3:20   error  App Runner pulls images from Amazon ECR only, not \`docker.io/public.ecr.aws/x\`  (image/registry)
                    take one from public.ecr.aws, push it to a repository of your own, or write \`build: Dockerfile\`"
    `);
  });

  test("has one image, built or pulled", () => {
    const image = (text: string) => problems(runner().replace(/image: .*/, `image: ${text}`));
    expect(image("{ build: Dockerfile, location: public.ecr.aws/a/b, port: 80 }")).toMatchInlineSnapshot(`
      "3:39   error  \`image.build\` and \`image.location\` exclude each other  (image/source)
                    keep the one that the image comes from"
    `);
    expect(image("{ port: 80 }")).toMatchInlineSnapshot(`
      "3:1    error  \`image\` says neither \`build\` nor \`location\`  (image/source)
                    add \`build: Dockerfile\`, or \`location:\` with the name of an image"
    `);
    expect(image("{ build: { context: web, args: { A: 1 }, target: x, cache_from: [y] }, port: 80 }")).toBe("");
  });

  test("has a size that App Runner offers", () => {
    expect(problems(runner("cpu: 256\nmemory: 512\n"))).toBe("");
    expect(problems(runner("cpu: 512\n"))).toMatchInlineSnapshot(`
      "4:6    error  2048 MiB (the default) does not go with 512 CPU units  (instance/size)
                    give \`memory\`: use 1024"
    `);
    expect(problems(runner("memory: 600\n"))).toMatchInlineSnapshot(`
      "4:9    error  600 MiB does not go with 1024 CPU units (the default)  (instance/size)
                    use 2048, 3072 or 4096"
    `);
    expect(problems(runner("cpu: 300\nmemory: 512\n"))).toMatchInlineSnapshot(`
      "4:6    error  App Runner has no size with 300 CPU units  (instance/size)
                    use one of 256, 512, 1024, 2048, 4096"
    `);
  });

  test("runs on Linux on x86", () => {
    for (const good of ["linux/amd64", "Linux/X86_64", "{ osfamily: linux, architecture: x86_64 }"])
      expect(problems(runner(`platform: ${good}\n`))).toBe("");
    expect(problems(runner("platform: linux/arm64\n"))).toMatchInlineSnapshot(`
      "4:11   error  App Runner runs on x86_64 processors only  (platform/app-runner)
                    write \`platform: linux/x86_64\`, or leave \`platform\` out"
    `);
    expect(problems(runner("platform: { osfamily: windows, architecture: amd64 }\n"))).toMatchInlineSnapshot(`
      "4:23   error  App Runner does not run Windows  (platform/app-runner)
                    write \`platform: linux/x86_64\`, or leave \`platform\` out"
    `);
    expect(problems(runner("platform: { osfamily: linux, architecture: arm }\n"))).toMatchInlineSnapshot(`
      "4:44   error  App Runner runs on x86_64 processors only  (platform/app-runner)
                    write \`platform: linux/x86_64\`, or leave \`platform\` out"
    `);
  });

  test("has its health check in App Runner's ranges", () => {
    expect(
      problems(
        runner(
          "http: { healthcheck: { healthy_threshold: 21, unhealthy_threshold: 0, interval: 21s, timeout: 0s } }\n",
        ),
      ),
    ).toMatchInlineSnapshot(`
      "4:43   error  \`http.healthcheck.healthy_threshold\` must be between 1 and 20, not 21  (schema/value)
      4:68   error  \`http.healthcheck.unhealthy_threshold\` must be between 1 and 20, not 0  (schema/value)
      4:81   error  \`http.healthcheck.interval\` must be between 1s and 20s, not \`21s\`  (schema/value)
      4:95   error  \`http.healthcheck.timeout\` must be between 1s and 20s, not \`0s\`  (schema/value)"
    `);
  });

  test("is private or not, or has an endpoint", () => {
    expect(problems(runner("http: { private: false }\n"))).toBe("");
    expect(problems(runner("http: { private: {} }\n"))).toMatchInlineSnapshot(`
      "4:9    error  \`http.private.endpoint\` is missing  (schema/missing)
                    write \`private: true\`, or name the endpoint: \`endpoint: vpce-0123456789abcdef0\`"
    `);
    expect(problems(runner("http: { private: vpce-1 }\n"))).toMatchInlineSnapshot(
      `"4:18   error  \`http.private\` must be true or false or a map, not \`vpce-1\`  (schema/type)"`,
    );
  });

  test("is placed in private subnets or named ones", () => {
    expect(problems(runner("network: { vpc: { placement: public } }\n"))).toMatchInlineSnapshot(`
      "4:30   error  \`network.vpc.placement\` must be private, not \`public\`  (schema/value)
                    without \`placement\`, App Runner reaches the internet"
    `);
    expect(problems(runner("network: { vpc: { placement: { subnets: [] } } }\n"))).toMatchInlineSnapshot(`
      "4:32   error  \`subnets\` names no subnet  (network/subnets)
                    name one or more: \`subnets: [subnet-0123456789abcdef0]\`"
    `);
    expect(problems(runner("network: { vpc: { placement: { subnets: { from_tags: {} } } } }\n")))
      .toMatchInlineSnapshot(`
      "4:43   error  \`from_tags\` names no tag  (network/subnets)
                    write the tags that the subnets have: \`from_tags: { Tier: private }\`"
    `);
    expect(problems(runner("network: { vpc: { placement: {} } }\n"))).toMatchInlineSnapshot(`
      "4:19   error  \`network.vpc.placement.subnets\` is missing  (schema/missing)
                    name the subnets: \`subnets: [subnet-0123456789abcdef0]\`"
    `);
  });

  test("scales by a configuration, not by a number", () => {
    expect(problems(runner("count: DefaultConfiguration/1/00000000000000000000000000000001\n"))).toBe("");
    expect(problems(runner("count: 3\n"))).toMatchInlineSnapshot(`
      "4:8    warning  \`count\` must name an autoscaling configuration such as high-availability/3, not \`3\`  (count/configuration)
                      App Runner refuses it when it is deployed: how many instances start, an autoscaling configuration of its own says"
    `);
    expect(problems(runner("count: { range: 1-5 }\n"))).toMatchInlineSnapshot(
      `"4:1    error  \`count\` must be the name of an autoscaling configuration such as high-availability/3, not a map  (schema/type)"`,
    );
  });

  test("has names and tags that AWS does not keep for itself", () => {
    expect(
      problems(
        runner("variables: { AWSAPPRUNNER_X: 1, A: 1 }\nsecrets: { A: /a }\ntags: { copilot-service: x, aws:x: y }\n"),
      ),
    ).toMatchInlineSnapshot(`
      "4:30   error  App Runner keeps names that start with AWSAPPRUNNER for itself  (variables/app-runner)
      5:15   error  \`A\` is a variable of this container too  (secrets/name)
                    keep one of the two
      6:26   error  \`copilot-service\` is a tag that each workload has already  (tags/limits)
      6:36   error  AWS keeps tags that start with \`aws:\` for itself  (tags/limits)"
    `);
    const many = Array.from({ length: 48 }, (_, i) => `t${i}: x`).join(", ");
    expect(problems(runner(`tags: { ${many} }\n`))).toMatchInlineSnapshot(
      `"4:1    error  the service has 51 tags with its own three, and AWS takes 50  (tags/limits)"`,
    );
  });

  test("says what has no effect, and where it belongs", () => {
    expect(
      problems(
        runner(
          "sidecars: {}\nenv_file: a.env\nexec: true\nentrypoint: x\nnetwork: { connect: true, vpc: { security_groups: [sg-1] } }\n",
        ).replace("port: 8080", "port: 8080, credentials: x, labels: {}, depends_on: {}, healthcheck: {}"),
      ),
    ).toMatchInlineSnapshot(`
      "3:64   warning  \`image.credentials\` has no effect  (schema/no-effect)
                      App Runner pulls from Amazon ECR, with a role that the stack has for it
      3:80   warning  \`image.labels\` has no effect  (schema/no-effect)
                      App Runner gives containers no labels; \`tags\` are the tags of the service
      3:92   warning  \`image.depends_on\` has no effect  (schema/no-effect)
                      App Runner runs one container
      3:108  warning  unknown key \`healthcheck\` in \`image\`; it has no effect  (schema/unknown-key)
                      \`healthcheck\` belongs under \`http\`
      4:1    warning  unknown key \`sidecars\`; it has no effect  (schema/unknown-key)
                      only a Load Balanced Web Service, Backend Service, Worker Service or Scheduled Job has \`sidecars\`
      5:1    warning  unknown key \`env_file\`; it has no effect  (schema/unknown-key)
                      only a Load Balanced Web Service, Backend Service, Worker Service or Scheduled Job has \`env_file\`
      6:1    warning  unknown key \`exec\`; it has no effect  (schema/unknown-key)
                      only a Load Balanced Web Service, Backend Service or Worker Service has \`exec\`
      7:1    warning  unknown key \`entrypoint\`; it has no effect  (schema/unknown-key)
                      only a Load Balanced Web Service, Backend Service, Worker Service or Scheduled Job has \`entrypoint\`
      8:12   warning  unknown key \`connect\` in \`network\`; it has no effect  (schema/unknown-key)
                      only a Load Balanced Web Service, Backend Service or Worker Service has \`connect\`
      8:34   warning  unknown key \`security_groups\` in \`network.vpc\`; it has no effect  (schema/unknown-key)
                      only a Load Balanced Web Service, Backend Service, Worker Service or Scheduled Job has \`security_groups\`"
    `);
    expect(problems(runner("http: { healthcheck: { port: 80, success_codes: 200, grace_period: 5s }, path: / }\n")))
      .toMatchInlineSnapshot(`
        "4:24   warning  \`http.healthcheck.port\` has no effect  (schema/no-effect)
                        App Runner asks at \`image.port\`
        4:34   warning  \`http.healthcheck.success_codes\` has no effect  (schema/no-effect)
                        App Runner takes 200 to 399 for success
        4:54   warning  \`http.healthcheck.grace_period\` has no effect  (schema/no-effect)
                        App Runner knows none
        4:74   warning  unknown key \`path\` in \`http\`; it has no effect  (schema/unknown-key)
                        App Runner sends the service all requests; paths are for a Load Balanced Web Service"
      `);
  });

  test("takes its command as a line, and traces for X-Ray alone", () => {
    expect(problems(runner("command: [a, b]\nobservability: { tracing: jaeger }\n"))).toMatchInlineSnapshot(`
      "4:1    error  \`command\` must be text, not a list  (schema/type)
      5:27   error  \`observability.tracing\` must be awsxray, not \`jaeger\`  (schema/value)"
    `);
  });

  test("publishes to topics with different names", () => {
    expect(
      problems(runner("publish: { topics: [{ name: a }, { name: a }, { name: a, fifo: true }] }\n")),
    ).toMatchInlineSnapshot(`"4:42   error  the topic \`a\` is there already  (publish/topics)"`);
  });
});
