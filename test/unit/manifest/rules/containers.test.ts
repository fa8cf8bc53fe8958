import { describe, expect, test } from "vitest";
import { loadWorkloadManifest } from "../../../../src/manifest/load.ts";
import { backend, problems, web } from "../problems.ts";

describe("what containers wait for", () => {
  test("exists, is not the container itself, and can come about", () => {
    expect(
      problems(`
        name: api
        type: Backend Service
        image:
          location: nginx
          depends_on: { nobody: start, api: start, helper: success, init: SUCCESS, plain: healthy }
        sidecars:
          helper: { image: x }
          init: { image: x, essential: false }
          plain: { image: x, depends_on: { firelens_log_router: start } }
      `),
    ).toMatchInlineSnapshot(`
      "5:25   error  there is no container \`nobody\`  (containers/depends-on)
                    the containers are \`helper\`, \`init\` and \`plain\`
      5:37   error  the container \`api\` cannot wait for itself  (containers/depends-on)
      5:52   error  \`helper\` is essential, and when an essential container ends its task ends: nothing can wait for \`success\`  (containers/depends-on)
                    use \`start\` or \`healthy\`, or write \`essential: false\` under \`sidecars.helper\`
      5:83   error  \`plain\` has no health check, so it never becomes healthy  (containers/depends-on)
                    add \`healthcheck\` under \`sidecars.plain\`, or use \`start\`
      9:57   error  there is no container \`firelens_log_router\`  (containers/depends-on)
                    the containers are \`api\`, \`helper\` and \`init\`"
    `);
    expect(
      problems(
        ...backend(`
          logging: { destination: { Name: stdout } }
          sidecars:
            one: { image: x, depends_on: { firelens_log_router: healthy } }
            two: { image: x, depends_on: { firelens_log_router: start, aws-otel-collector: start } }
          observability: { tracing: awsxray }
        `),
      ),
    ).toMatchInlineSnapshot(`
      "6:55   error  \`firelens_log_router\` has no health check, so it never becomes healthy  (containers/depends-on)
                    use \`start\`
      7:82   error  there is no container \`aws-otel-collector\`  (containers/depends-on)
                    the containers are \`api\`, \`one\` and \`firelens_log_router\`"
    `);
  });

  test("does not wait for them in turn", () => {
    expect(
      problems(`
        name: api
        type: Backend Service
        image: { location: nginx, depends_on: { one: start } }
        sidecars:
          one: { image: x, depends_on: { two: start } }
          two: { image: x, depends_on: { one: start } }
          three: { image: x, depends_on: { api: start } }
      `),
    ).toMatchInlineSnapshot(`
      "5:39   error  containers wait for each other: \`one\` → \`two\` → \`one\`  (containers/depends-on)
                    take one of these dependencies away"
    `);
  });
});

test("sidecars have names of their own, and something in them", () => {
  expect(
    problems(
      ...backend(`
        sidecars:
          api: { image: x }
          firelens_log_router: { image: x }
          "a b": { image: x }
          nothing:
          empty: {}
      `),
    ),
  ).toMatchInlineSnapshot(`
    "5:3    error  \`api\` is the name of the service's own container  (sidecars/name)
                  give the sidecar another name
    6:3    error  \`firelens_log_router\` is the name of a container that \`logging\` adds  (sidecars/name)
                  give the sidecar another name
    7:3    error  \`a b\` is no name of a container: letters, digits, - and _ only, 255 at most  (sidecars/name)
    8:3    error  \`sidecars.nothing\` is empty  (schema/missing)
                  it needs \`image\`
    9:3    error  \`sidecars.empty.image\` is missing  (schema/missing)
                  name the image: \`image: envoyproxy/envoy:v1.31.0\`, or \`image: { build: Dockerfile }\`"
  `);
});

test("a task has ten containers at most", () => {
  const sidecars = (count: number) => Array.from({ length: count }, (_, i) => `  s${i}: { image: x }`).join("\n");
  expect(problems(...backend(`sidecars:\n${sidecars(9)}`))).toBe("");
  expect(problems(...backend(`sidecars:\n${sidecars(9)}\nobservability: { tracing: awsxray }`))).toMatchInlineSnapshot(
    `"4:1    error  the task has 11 containers, and ECS takes 10  (sidecars/count)"`,
  );
});

test("a port belongs to one container and one protocol", () => {
  expect(
    problems(...web("target_port: 9000\nadditional_rules: [{ path: x, target_port: 80, target_container: two }]\n")),
  ).toMatchInlineSnapshot(`
    "7:68   error  there is no container \`two\`  (http/target)
                  it is the service's name, or a key of \`sidecars\`"
  `);
  const [text] = web("target_port: 9000");
  expect(problems(`${text}\nsidecars:\n  one: { image: x, port: 9000/udp }\n  two: { image: x, port: 80 }\n`))
    .toMatchInlineSnapshot(`
    "6:16   error  port 9000 of the container \`one\` is asked for with udp and with tcp  (ports/conflict)
                  the containers of a task share its ports: give one of the two another port
    9:26   error  the containers \`two\` and \`api\` both listen on port 80  (ports/conflict)
                  the containers of a task share its ports: give one of the two another port"
  `);
});

test("health checks of containers keep ECS's ranges", () => {
  expect(
    problems(`
      name: api
      type: Backend Service
      image:
        location: nginx
        healthcheck: { command: [curl, localhost], interval: 4s, timeout: 61s, retries: 11, start_period: 301s }
      sidecars:
        one: { image: x, healthcheck: { command: [CMD-SHELL] } }
    `),
  ).toMatchInlineSnapshot(`
    "5:56   error  \`image.healthcheck.interval\` must be between 5s and 300s, not \`4s\`  (schema/value)
    5:69   error  \`image.healthcheck.timeout\` must be between 2s and 60s, not \`61s\`  (schema/value)
    5:83   error  \`image.healthcheck.retries\` must be between 1 and 10, not 11  (schema/value)
    5:101  error  \`image.healthcheck.start_period\` must be between 0s and 300s, not \`301s\`  (schema/value)"
  `);
});

test("volumes and their mount points", () => {
  expect(
    problems(
      ...backend(`
        storage:
          ephemeral: 201
          volumes:
            one: { path: /a, efs: true }
            two: { path: /a, efs: { uid: 1 } }
            three: { path: /b, efs: { root_dir: /x } }
            four: { path: /c, efs: { id: fs-1, root_dir: /x, auth: { access_point_id: fsap-1 } } }
        sidecars:
          side:
            image: x
            mount_points: [{ source_volume: one, path: /a }, { source_volume: none, path: /a }]
      `),
    ),
  ).toMatchInlineSnapshot(`
    "5:14   error  \`storage.ephemeral\` must be between 20 and 200, not 201  (schema/value)
    8:18   error  the volume \`one\` appears at \`/a\` already  (storage/volumes)
    8:22   error  the volume \`one\` is managed already, and a service has one managed file system  (storage/volumes)
                  name the file system of the other: \`efs: { id: fs-12345678 }\`
    8:22   error  \`efs\` has \`uid\` without \`gid\`  (storage/volumes)
                  give both
    9:24   error  \`efs\` does not say which file system  (storage/volumes)
                  write \`efs: { id: fs-12345678 }\`, or \`efs: true\` for the one that the environment manages
    10:50  error  an access point has a root folder of its own  (storage/volumes)
                  leave out \`root_dir\`
    10:79  warning  without \`iam: true\` the task's role is not asked for this access point  (storage/volumes)
                    add \`iam: true\` under \`auth\`
    14:71  error  there is no volume \`none\`  (sidecars/mount-points)
                  the volumes are \`one\`, \`two\`, \`three\` and \`four\`
    14:83  error  another mount point has the path \`/a\` already  (sidecars/mount-points)"
  `);
});

test("what Fargate does not do with Windows and with ARM", () => {
  expect(
    problems(
      ...backend(`
        platform: windows/amd64
        cpu: 8192
        memory: 16384
        storage: { readonly_fs: true, volumes: { v: { path: /a, efs: true } } }
        network: { connect: true }
      `),
    ),
  ).toMatchInlineSnapshot(`
    "5:6    error  Fargate has no size with 8192 CPU units for Windows  (task/size)
                  use one of 1024, 2048, 4096
    7:25   error  a Windows container cannot have a read-only file system  (platform/windows)
    7:62   error  a Windows task cannot use EFS  (platform/windows)
    8:21   error  Service Connect does not run with Windows  (platform/windows)
                  write \`connect: false\`"
  `);
  expect(problems(...backend("platform: linux/arm64\ncount: { spot: 2 }"))).toMatchInlineSnapshot(`
    "5:16   error  Fargate Spot has no ARM processors  (platform/arm)
                  use linux/x86_64, or leave Spot out"
  `);
});

test("a task definition has 64 KB", () => {
  const value = (bytes: number) => "x".repeat(bytes);
  expect(problems(...backend(`variables: { A: ${value(60_000)} }`))).toBe("");
  expect(problems(...backend(`variables: { A: ${value(66_000)} }`))).toMatchInlineSnapshot(`
    "4:1    error  the task definition would have more than 66062 bytes, and ECS takes 65536  (task/definition-size)
                  keep large values in a file of the image, or in an \`env_file\`"
  `);
});

describe("what patches of the template may add", () => {
  const text = `
    name: api
    type: Backend Service
    image: { location: nginx, depends_on: { setup: healthy } }
    sidecars:
      setup: { image: busybox, essential: false, mount_points: [{ source_volume: data, path: /data }] }
  `;
  const fromFolder = (hasOverrides: boolean) =>
    loadWorkloadManifest({ file: "manifest.yml", text, folder: "api", hasOverrides }, { app: "demo", variables: {} })
      .diagnostics.map(({ severity, message, hint }) => `${severity} ${message}; ${hint}`)
      .join("\n");

  test("is an error while there is nothing that could", () => {
    expect(fromFolder(false)).toMatchInlineSnapshot(`
      "error \`setup\` has no health check, so it never becomes healthy; add \`healthcheck\` under \`sidecars.setup\`, or use \`start\`
      error there is no volume \`data\`; add it under \`storage.volumes\`"
    `);
  });

  test("is a warning beside a folder of overrides", () => {
    expect(fromFolder(true)).toMatchInlineSnapshot(`
      "warning \`setup\` has no health check, so it never becomes healthy; add \`healthcheck\` under \`sidecars.setup\`, or use \`start\`
      warning there is no volume \`data\`; ECS takes this only when the patches in \`overrides\` add it"
    `);
  });

  test("is taken from `taskdef_overrides`", () => {
    const overrides = `
    taskdef_overrides:
      - { path: "Volumes[-].Name", value: data }
      - { path: "ContainerDefinitions[1].HealthCheck.Command", value: [CMD, x] }
    `;
    expect(problems(text.trimEnd() + overrides)).toMatchInlineSnapshot(`
      "3:48   warning  \`setup\` has no health check, so it never becomes healthy  (containers/depends-on)
                      add \`healthcheck\` under \`sidecars.setup\`, or use \`start\`"
    `);
  });
});
