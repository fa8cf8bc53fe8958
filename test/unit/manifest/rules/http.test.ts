import { expect, test } from "vitest";
import { backend, manifest, problems, web } from "../problems.ts";

const webWith = (http: string) =>
  `name: api\ntype: Load Balanced Web Service\nimage: { location: nginx, port: 80 }\n${http}`;

test("a Load Balanced Web Service has `http` with a path", () => {
  expect(problems(webWith(""))).toMatchInlineSnapshot(`
    "1:1    error  \`http\` is missing  (schema/missing)
                  give the path that leads to this service: \`http: { path: / }\`"
  `);
  expect(problems(webWith("http: {}"))).toMatchInlineSnapshot(`
    "4:1    error  \`http.path\` is missing  (schema/missing)
                  give the path that leads to this service: \`path: /\`"
  `);
  expect(problems(webWith("http:\n  healthcheck: /up"))).toMatchInlineSnapshot(`
    "4:1    error  \`http.path\` is missing  (schema/missing)
                  give the path that leads to this service: \`path: /\`"
  `);
  expect(problems(webWith("http: true"))).toMatchInlineSnapshot(
    `"4:7    error  \`http\` must be a map, or false; true does not say which path  (schema/value)"`,
  );
  expect(problems(webWith("http: false"))).toMatchInlineSnapshot(`
    "4:7    error  \`http: false\` leaves the service without a load balancer  (http/off)
                  write \`http: { path: / }\` or add \`nlb\`; a service without a load balancer is a Backend Service"
  `);
  expect(problems(webWith("http: [/]"))).toMatchInlineSnapshot(
    `
    "4:1    error  \`http\` must be false or a map, not a list  (schema/type)
                  give the path that leads to this service: \`http: { path: / }\`"
  `,
  );
  expect(problems(webWith("http: { path: '' }"))).toBe("");
});

test("`http` of a Backend Service is a map", () => {
  expect(problems(...backend("http: false"))).toMatchInlineSnapshot(
    `
    "4:7    error  \`http\` must be a map, not \`false\`  (schema/type)
                  give the path that leads to this service: \`http: { path: / }\`"
  `,
  );
  expect(problems(...backend("http: {}"))).toMatchInlineSnapshot(`
    "4:1    error  \`http.path\` is missing  (schema/missing)
                  give the path that leads to this service: \`path: /\`"
  `);
});

test("every field of a health check is read", () => {
  const good = manifest(
    ...web(`
      deregistration_delay: 1m30s
      healthcheck:
        path: /up
        port: 8081
        success_codes: 200,301-399
        healthy_threshold: 2
        unhealthy_threshold: 10
        interval: 5m
        timeout: 2s
        grace_period: 0s
    `),
  );
  expect(good).toMatchInlineSnapshot(`
    {
      "http": {
        "deregistration_delay": "1m30s",
        "healthcheck": {
          "grace_period": "0s",
          "healthy_threshold": 2,
          "interval": "5m",
          "path": "/up",
          "port": 8081,
          "success_codes": "200,301-399",
          "timeout": "2s",
          "unhealthy_threshold": 10,
        },
        "path": "/",
      },
      "image": {
        "location": "nginx",
        "port": 80,
      },
      "name": "api",
      "type": "Load Balanced Web Service",
    }
  `);
  expect(manifest(...web("healthcheck: /up"))).toMatchObject({ http: { healthcheck: "/up" } });
  expect(manifest(...web("healthcheck: { success_codes: 204 }"))).toMatchObject({
    http: { healthcheck: { success_codes: "204" } },
  });
});

test("a health check keeps AWS's ranges", () => {
  expect(
    problems(
      ...web(`
        deregistration_delay: 3601s
        healthcheck:
          port: 99999
          success_codes: "700"
          healthy_threshold: 1
          unhealthy_threshold: 11
          interval: 400s
          timeout: 1s
          grace_period: -1s
      `),
    ),
  ).toMatchInlineSnapshot(`
    "6:25   error  \`http.deregistration_delay\` must be between 0s and 3600s, not \`3601s\`  (schema/value)
    8:11   error  \`http.healthcheck.port\` must be between 1 and 65535, not 99999  (schema/value)
    10:24  error  \`http.healthcheck.healthy_threshold\` must be between 2 and 10, not 1  (schema/value)
    11:26  error  \`http.healthcheck.unhealthy_threshold\` must be between 2 and 10, not 11  (schema/value)
    12:15  error  \`http.healthcheck.interval\` must be between 5s and 300s, not \`400s\`  (schema/value)
    13:14  error  \`http.healthcheck.timeout\` must be between 2s and 120s, not \`1s\`  (schema/value)
    14:19  error  \`http.healthcheck.grace_period\` must be between 0s and 2147483647s, not \`-1s\`  (schema/value)"
  `);
  expect(problems(...web("healthcheck: ''"))).toMatchInlineSnapshot(
    `"6:16   error  \`http.healthcheck\` must not be empty  (schema/value)"`,
  );
});

test.for(["200-500", "20", "0"])("success codes are not %s", (codes) => {
  expect(problems(...web(`healthcheck: { success_codes: "${codes}" }`))).toContain(
    "`http.healthcheck.success_codes` must be HTTP status codes between 200 and 499",
  );
});

test.for(["299-200", "200,", "2xx", "200-"])("%s are no codes", (codes) => {
  expect(problems(...web(`healthcheck: { success_codes: "${codes}" }`))).toContain(
    "`http.healthcheck.success_codes` must be status codes",
  );
});

test("gRPC has codes of its own", () => {
  expect(problems(...web('version: GRPC\nhealthcheck: { success_codes: "0,5-12" }'))).toBe("");
  expect(problems(...web('version: grpc\nhealthcheck: { success_codes: "200" }'))).toMatchInlineSnapshot(`
    "7:33   error  \`http.healthcheck.success_codes\` must be gRPC codes between 0 and 99, not \`200\`  (http/success-codes)
                  write \`0\`, or a range: \`0-99\`"
  `);
});

test("a health check ends before the next one", () => {
  expect(problems(...web("healthcheck: { interval: 10s, timeout: 10s }"))).toMatchInlineSnapshot(`
    "6:42   error  the health check's timeout of 10s is not shorter than its interval of 10s  (http/healthcheck)
                  give a shorter \`timeout\` or a longer \`interval\`"
  `);
  expect(problems(...web("healthcheck:\n  timeout: 60s"))).toMatchInlineSnapshot(`
    "7:14   error  the health check's timeout of 60s is not shorter than its interval of 30s (the default)  (http/healthcheck)
                  give a shorter \`timeout\` or a longer \`interval\`"
  `);
  expect(problems(...web("healthcheck:\n  interval: 5s"))).toMatchInlineSnapshot(`
    "7:15   error  the health check's timeout of 5s (the default) is not shorter than its interval of 5s  (http/healthcheck)
                  give a shorter \`timeout\` too, 2s or more"
  `);
  expect(problems(...web("healthcheck: { interval: 5s, timeout: 4s }"))).toBe("");
});

test("a check of a network load balancer may end when the next one starts", () => {
  const nlb = (check: string) =>
    problems(
      `name: api\ntype: Load Balanced Web Service\nimage: { location: a, port: 80 }\nhttp: false\nnlb: { port: 80, healthcheck: { ${check} } }\n`,
    );
  expect(nlb("interval: 10s")).toBe("");
  expect(nlb("interval: 9s")).toMatchInlineSnapshot(`
    "5:43   error  the health check's timeout of 10s (the default) is longer than its interval of 9s  (http/healthcheck)
                  give a shorter \`timeout\` too, 2s or more"
  `);
});
