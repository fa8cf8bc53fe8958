import { expect, test } from "vitest";
import { backend, problems } from "../problems.ts";

test("memory that Fargate does not offer for the CPU is refused at its line", () => {
  expect(problems(...backend("cpu: 256\nmemory: 4096"))).toMatchInlineSnapshot(`
    "5:9    error  4096 MiB does not go with 256 CPU units  (task/size)
                  use one of 512, 1024, 2048"
  `);
  expect(problems(...backend("cpu: 4096\nmemory: 8000"))).toMatchInlineSnapshot(`
    "5:9    error  8000 MiB does not go with 4096 CPU units  (task/size)
                  use 8192 to 30720 in steps of 1024"
  `);
});

test("the default of the one is compared with what is given of the other", () => {
  expect(problems(...backend("cpu: 1024"))).toMatchInlineSnapshot(`
    "4:6    error  512 MiB (the default) does not go with 1024 CPU units  (task/size)
                  give \`memory\`: use 2048 to 8192 in steps of 1024"
  `);
  expect(problems(...backend("memory: 8192"))).toMatchInlineSnapshot(`
    "4:9    error  8192 MiB does not go with 256 CPU units (the default)  (task/size)
                  use one of 512, 1024, 2048"
  `);
});

test("CPU comes in Fargate's sizes", () => {
  expect(problems(...backend("cpu: 1000\nmemory: 2048"))).toMatchInlineSnapshot(`
    "4:6    error  Fargate has no size with 1000 CPU units  (task/size)
                  use one of 256, 512, 1024, 2048, 4096, 8192, 16384"
  `);
  expect(problems(...backend("cpu: -1"))).toMatchInlineSnapshot(
    `"4:6    error  \`cpu\` must be 1 or more, not -1  (schema/value)"`,
  );
  expect(problems(...backend("cpu: 256.5"))).toMatchInlineSnapshot(
    `"4:6    error  \`cpu\` must be a whole number, not \`256.5\`  (schema/type)"`,
  );
});

test("a size that cannot be read is not judged", () => {
  expect(problems(...backend("cpu: lots\nmemory: 4096"))).toMatchInlineSnapshot(
    `"4:6    error  \`cpu\` must be a whole number, not \`lots\`  (schema/type)"`,
  );
});

test("every size that Fargate offers passes", () => {
  const offered = "256 512, 256 2048, 512 4096, 1024 2048, 1024 8192, 2048 16384, 4096 30720, 8192 61440, 16384 122880";
  for (const [cpu, memory] of offered.split(", ").map((size) => size.split(" "))) {
    expect(problems(...backend(`cpu: ${cpu}\nmemory: ${memory}`))).toBe("");
  }
});

test("the number of tasks is not negative", () => {
  expect(problems(...backend("count: 0"))).toBe("");
  expect(problems(...backend("count: -1"))).toMatchInlineSnapshot(
    `"4:8    error  \`count\` must be 0 or more, not -1  (schema/value)"`,
  );
});

test("variables have names that a container can have", () => {
  expect(problems(...backend('variables:\n  "": a\n  "A=B": b\n  1A: c\n  A-B: d\n  a.b: e'))).toMatchInlineSnapshot(`
    "5:7    error  a variable must have a name  (variables/name)
    6:10   error  the variable name \`A=B\` holds a character that no container takes  (variables/name)"
  `);
});

test("reserved variables are pointed out", () => {
  expect(problems(...backend("variables:\n  COPILOT_LB_DNS: x\n  COPILOTS: y"))).toMatchInlineSnapshot(
    `"5:19   warning  names that start with COPILOT_ are reserved; \`COPILOT_LB_DNS\` may be overwritten  (variables/reserved)"`,
  );
});

test("variables hold text", () => {
  expect(problems(...backend("variables:\n  A: [1, 2]\n  B: { c: d }\n  C:\n    - x"))).toMatchInlineSnapshot(`
    "5:3    error  \`variables.A\` must be text or a map, not a list  (schema/type)
    6:3    error  \`variables.B.from_cfn\` is missing  (schema/missing)
    6:8    warning  unknown key \`c\` in \`variables.B\`; it has no effect  (schema/unknown-key)
    7:3    error  \`variables.C\` must be text or a map, not a list  (schema/type)"
  `);
  expect(problems(...backend("variables: [A=b]"))).toMatchInlineSnapshot(
    `
    "4:1    error  \`variables\` must be a map, not a list  (schema/type)
                  write \`NAME: value\`, a line each"
  `,
  );
});
