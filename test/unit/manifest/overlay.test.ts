import { describe, expect, test } from "vitest";
import { load, manifest, problems } from "./problems.ts";

const text = `
  name: api
  type: Load Balanced Web Service
  image:
    build:
      dockerfile: Dockerfile
      args: { A: base, B: base }
      cache_from: [one, two]
    port: 80
  http:
    path: /
    healthcheck:
      path: /up
      interval: 10s
  variables:
    LOG_LEVEL: info
    KEEP: base
  environments:
    test:
      image: { build: { args: { B: test }, cache_from: [three] } }
      http:
        healthcheck: { interval: 20s }
      variables: { LOG_LEVEL: debug }
    prod:
      image:
        location: nginx
      http: { healthcheck: /ready }
      cpu: 512
      memory: 2048
    empty:
    nulls: { variables: ~, http: { path: ~ } }
`;

describe("the overlay of an environment", () => {
  test("goes into maps, replaces values and whole lists", () => {
    expect(manifest(text, { env: "test" })).toMatchInlineSnapshot(`
      {
        "http": {
          "healthcheck": {
            "interval": "20s",
            "path": "/up",
          },
          "path": "/",
        },
        "image": {
          "build": {
            "args": {
              "A": "base",
              "B": "test",
            },
            "cache_from": [
              "three",
            ],
            "dockerfile": "Dockerfile",
          },
          "port": 80,
        },
        "name": "api",
        "type": "Load Balanced Web Service",
        "variables": {
          "KEEP": "base",
          "LOG_LEVEL": "debug",
        },
      }
    `);
  });

  test("with another form of a field clears the first", () => {
    expect(manifest(text, { env: "prod" })).toMatchInlineSnapshot(`
      {
        "cpu": 512,
        "http": {
          "healthcheck": "/ready",
          "path": "/",
        },
        "image": {
          "location": "nginx",
          "port": 80,
        },
        "memory": 2048,
        "name": "api",
        "type": "Load Balanced Web Service",
        "variables": {
          "KEEP": "base",
          "LOG_LEVEL": "info",
        },
      }
    `);
  });

  test("with nothing in it, or for another environment, changes nothing", () => {
    const base = manifest(text);
    for (const env of ["empty", "nulls", "elsewhere"]) expect(manifest(text, { env })).toEqual(base);
  });

  test("takes a map back to a simple value and the other way round", () => {
    const web = (base: string, overlay: string) => `
      name: api
      type: Load Balanced Web Service
      image: { location: nginx, port: 80 }
      http: { path: /, healthcheck: ${base} }
      environments: { test: { http: { healthcheck: ${overlay} } } }
    `;
    expect(manifest(web("/up", "{ interval: 10s }"), { env: "test" })).toMatchObject({
      http: { healthcheck: { interval: "10s" } },
    });
    expect(manifest(web("{ interval: 10s }", "/up"), { env: "test" })).toMatchObject({ http: { healthcheck: "/up" } });
    const off = (http: string, overlay: string) => `
      name: api
      type: Load Balanced Web Service
      image: { location: nginx, port: 80 }
      http: ${http}
      environments: { test: { http: ${overlay} } }
    `;
    expect(manifest(off("false", "{ path: / }"), { env: "test" })).toMatchObject({ http: { path: "/" } });
    expect(problems(off("{ path: / }", "false"), { env: "test" })).toMatchInlineSnapshot(`
      "5:31   error  \`http: false\` leaves the service without a load balancer  (http/off)
                    write \`http: { path: / }\` or add \`nlb\`; a service without a load balancer is a Backend Service"
    `);
  });

  test("moves positions to the lines that it sets", () => {
    const at = (env: string | undefined, ...path: string[]) => {
      const { line, column } = load(text, { env }).place(path);
      return `${line}:${column}`;
    };
    expect({
      base: at(undefined, "variables", "LOG_LEVEL"),
      overlaid: at("test", "variables", "LOG_LEVEL"),
      kept: at("test", "variables", "KEEP"),
      "a map": at("test", "image", "build"),
      "another form": at("prod", "image", "location"),
      cleared: at("prod", "image", "build"),
      missing: at("test", "http", "healthcheck", "timeout"),
      "missing at the top": at("test", "count"),
      root: at("test"),
    }).toMatchInlineSnapshot(`
      {
        "a map": "4:3",
        "another form": "25:17",
        "base": "15:14",
        "cleared": "3:1",
        "kept": "16:9",
        "missing": "11:3",
        "missing at the top": "1:1",
        "overlaid": "22:29",
        "root": "1:1",
      }
    `);
  });

  test("is checked for every environment, and each problem once", () => {
    expect(
      problems(
        `
        name: api
        type: Backend Service
        image: { location: nginx }
        cpu: lots
        environments:
          test: { cpu: 512, memory: 600, count: many }
          other:
            image:
              port: 70000
              build: [a]
            http: { healthcheck: { interval: 5 } }
          list: [a]
          word: yes
        `,
        { env: "test" },
      ),
    ).toMatchInlineSnapshot(`
      "4:6    error  \`cpu\` must be a whole number, not \`lots\`  (schema/type)
      6:29   error  600 MiB does not go with 512 CPU units  (task/size)
                    use one of 1024, 2048, 3072, 4096
      6:41   error  \`count\` must be a whole number or a map, not \`many\`  (schema/type)
      9:13   error  \`image.port\` must be between 1 and 65535, not 70000  (schema/value)
      10:7   error  \`image.build\` must be text or a map, not a list  (schema/type)
      11:38  error  \`http.healthcheck.interval\` must be a duration such as 30s or 1m30s, not \`5\`  (schema/value)
                    a duration has a unit: 5s
      12:3   error  \`environments.list\` must be a map, not a list  (schema/type)
      13:9   error  \`environments.word\` must be a map, not \`yes\`  (schema/type)"
    `);
  });

  test("is what rules look at", () => {
    const sized = `
      name: api
      type: Backend Service
      image: { location: nginx }
      cpu: 1024
      memory: 2048
      environments:
        test: { memory: 512 }
        prod: { cpu: 256 }
    `;
    expect(problems(sized)).toBe("");
    expect(problems(sized, { env: "test" })).toMatchInlineSnapshot(`
      "7:19   error  512 MiB does not go with 1024 CPU units  (task/size)
                    use 2048 to 8192 in steps of 1024"
    `);
    expect(problems(sized, { env: "prod" })).toMatchInlineSnapshot(`""`);
  });

  test("may bring what the base lacks", () => {
    const bare =
      "name: api\ntype: Load Balanced Web Service\nimage: { port: 80 }\nenvironments: { test: { http: { path: / }, image: { location: nginx } } }";
    expect(problems(bare, { env: "test" })).toBe("");
    expect(problems(bare)).toMatchInlineSnapshot(`
      "1:1    error  \`http\` is missing  (schema/missing)
                    give the path that leads to this service: \`http: { path: / }\`
      3:1    error  \`image\` says neither \`build\` nor \`location\`  (image/source)
                    add \`build: Dockerfile\`, or \`location:\` with the name of an image"
    `);
  });

  test("does not change what a workload is, and does not hold overlays", () => {
    expect(
      problems(`
        name: api
        type: Backend Service
        image: { location: nginx }
        environments:
          test:
            name: other
            type: Worker Service
            environments: {}
      `),
    ).toMatchInlineSnapshot(`
      "6:5    warning  a workload has one name in all environments; \`name\` has no effect here  (schema/fixed-key)
      7:5    warning  a workload has one type in all environments; \`type\` has no effect here  (schema/fixed-key)
      8:5    warning  an overlay does not hold overlays; \`environments\` has no effect here  (schema/fixed-key)"
    `);
  });

  test("stands under the name of its environment", () => {
    expect(
      problems("name: api\ntype: Backend Service\nimage: { location: nginx }\nenvironments:\n  variables: { A: 1 }\n"),
    ).toMatchInlineSnapshot(`
      "5:3    warning  \`variables\` is read as the name of an environment here  (schema/overlay-name)
                      a field of one environment stands under its name: environments.test.variables
      5:16   warning  unknown key \`A\`; it has no effect  (schema/unknown-key)"
    `);
    expect(
      problems("name: api\ntype: Backend Service\nimage: { location: nginx }\nenvironments: [test]\n"),
    ).toMatchInlineSnapshot(`"4:1    error  \`environments\` must be a map, not a list  (schema/type)"`);
  });
});
