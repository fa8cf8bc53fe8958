import { describe, expect, test } from "vitest";
import { backend, manifest, problems } from "./problems.ts";

describe("variables in a manifest", () => {
  test("are replaced in values, not in keys", () => {
    const good = manifest(
      ...backend(
        `
        variables:
          TAG: v\${TAG}-\${TAG}
          QUOTED: "\${TAG}"
          LITERAL: \\\${TAG}
          NO_NAME: $TAG \${} \${1A} \${A-B}
          \${TAG}: key
          COPILOT: \${COPILOT_APPLICATION_NAME}/\${COPILOT_ENVIRONMENT_NAME}
        `,
        { env: "test", variables: { TAG: "1.10" } },
      ),
    );
    expect(good).toMatchInlineSnapshot(`
      {
        "image": {
          "location": "nginx",
          "port": 80,
        },
        "name": "api",
        "type": "Backend Service",
        "variables": {
          "\${TAG}": "key",
          "COPILOT": "demo/test",
          "LITERAL": "\${TAG}",
          "NO_NAME": "$TAG \${} \${1A} \${A-B}",
          "QUOTED": "1.10",
          "TAG": "v1.10-1.10",
        },
      }
    `);
  });

  test("are not looked up in comments", () => {
    expect(problems(...backend("# ${NOBODY}\ncpu: 256 # ${NOBODY}"))).toBe("");
  });

  test("have to be set", () => {
    expect(
      problems(
        ...backend(`
          cpu: \${CPU}
          variables:
            A: \${NOBODY} and \${NOBODY_ELSE}
          environments:
            other:
              variables: { A: "\${toString}" }
        `),
      ),
    ).toMatchInlineSnapshot(`
      "4:6    error  the variable \`CPU\` is not set  (interpolation/undefined)
                    set it first: CPU=… before the command
      6:6    error  the variable \`NOBODY\` is not set  (interpolation/undefined)
                    set it first: NOBODY=… before the command
      6:6    error  the variable \`NOBODY_ELSE\` is not set  (interpolation/undefined)
                    set it first: NOBODY_ELSE=… before the command
      9:21   error  the variable \`toString\` is not set  (interpolation/undefined)
                    set it first: toString=… before the command"
    `);
  });

  test("give text, and so no numbers", () => {
    const context = { variables: { N: "2", FOUR: "4m" } };
    expect(problems(...backend("count: ${N}", context))).toMatchInlineSnapshot(`
      "4:8    error  \`count\` must be a whole number or a map, and what a variable gives is text  (schema/type)
                    write the number itself, under \`environments\` where it differs"
    `);
    expect(manifest(...backend("variables: { N: '${N}' }", context))).toMatchObject({ variables: { N: "2" } });
  });

  test("that the tool sets itself cannot be set to something else", () => {
    const given = (app: string) => ({ env: "test", variables: { COPILOT_APPLICATION_NAME: app } });
    const text = "variables: { APP: '${COPILOT_APPLICATION_NAME}' }";
    expect(problems(...backend(text, given("demo")))).toBe("");
    expect(problems(...backend(text, given("shop")))).toMatchInlineSnapshot(`
      "4:19   error  the variable \`COPILOT_APPLICATION_NAME\` is set to \`shop\`, but here it is \`demo\`  (interpolation/predefined)
                    unset COPILOT_APPLICATION_NAME"
    `);
    expect(problems(...backend("", given("shop")))).toBe("");
  });

  test("of an environment that is not known yet stay as they are written", () => {
    const text = `
      variables: { ENV: "in \${COPILOT_ENVIRONMENT_NAME}" }
      image: { build: { dockerfile: "\${COPILOT_ENVIRONMENT_NAME}.Dockerfile" } }
      name: api
      type: Backend Service
    `;
    expect(manifest(text)).toMatchObject({ variables: { ENV: "in ${COPILOT_ENVIRONMENT_NAME}" } });
    expect(manifest(text, { env: "test" })).toMatchObject({ image: { build: { dockerfile: "test.Dockerfile" } } });
  });
});

test("a variable that containers get only when they run is called that", () => {
  expect(problems(...backend("variables: { URL: 'https://${COPILOT_LB_DNS}' }"))).toMatchInlineSnapshot(`
    "4:19   error  the variable \`COPILOT_LB_DNS\` is not set  (interpolation/undefined)
                  containers get it when they run; to have it expanded there, write \\\${COPILOT_LB_DNS}, and have a shell or the program read it"
  `);
});
