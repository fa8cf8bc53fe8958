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

  test("a key of another type says whose it is", () => {
    expect(problems(...backend("nlb: { port: 80 }"))).toMatchInlineSnapshot(`
      "4:1    warning  unknown key \`nlb\`; it has no effect  (schema/unknown-key)
                      only a Load Balanced Web Service has \`nlb\`"
    `);
  });

  test("inventions get no far-fetched suggestion", () => {
    expect(problems(...web("https: true"))).toMatchInlineSnapshot(
      `"6:3    warning  unknown key \`https\` in \`http\`; it has no effect  (schema/unknown-key)"`,
    );
    expect(
      problems(
        ...backend(
          "https: true\ntaskRole: x\ncapacityProviders: []\ntags: {}\nexecution_role: x\nconstructor: 1\n__proto__: 2\n'': 3",
        ),
      ),
    ).toMatchInlineSnapshot(`
      "4:1    warning  unknown key \`https\`; it has no effect  (schema/unknown-key)
                      did you mean \`http\`?
      5:1    warning  unknown key \`taskRole\`; it has no effect  (schema/unknown-key)
      6:1    warning  unknown key \`capacityProviders\`; it has no effect  (schema/unknown-key)
      7:1    warning  unknown key \`tags\`; it has no effect  (schema/unknown-key)
                      only a Request-Driven Web Service has \`tags\`
      8:1    warning  unknown key \`execution_role\`; it has no effect  (schema/unknown-key)
      9:1    warning  unknown key \`constructor\`; it has no effect  (schema/unknown-key)
      10:1   warning  unknown key \`__proto__\`; it has no effect  (schema/unknown-key)
      11:1   warning  unknown key \`\`; it has no effect  (schema/unknown-key)"
    `);
  });
});
