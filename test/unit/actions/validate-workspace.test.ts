import { expect, test } from "vitest";
import { validateWorkspace } from "../../../src/actions/validate-workspace.ts";
import { findWorkspace } from "../../../src/workspace/workspace.ts";
import { folderWith } from "../../support/files.ts";

async function validate(
  files: Record<string, string>,
  options: { name?: string; env?: string; strict?: boolean } = {},
) {
  const root = await folderWith({ "copilot/.workspace": "application: shop\n", ...files });
  const {
    diagnostics,
    leftOut: _,
    ...rest
  } = await validateWorkspace({
    workspace: await findWorkspace(root),
    variables: { TAG: "v1" },
    strict: false,
    ...options,
  });
  const lines = diagnostics.map(
    ({ severity, file, line, column, message, code }) => `${file}:${line}:${column} ${severity} ${message} (${code})`,
  );
  return { lines, ...rest };
}

const service = (more = "") => `name: api
type: Backend Service
image:
  location: example/api:\${TAG}
${more}`;

test("a workspace without problems", async () => {
  const files = { "copilot/api/manifest.yml": service(), "copilot/environments/test/manifest.yml": "name: test\n" };
  expect(await validate(files)).toEqual({ lines: [], files: 1, failed: false });
  expect(await validate({})).toEqual({ lines: [], files: 0, failed: false });
});

test("a problem of the base is told once, those of every overlay too, in the order of the lines", async () => {
  const files = {
    "copilot/api/manifest.yml": service(`memory: lots
environments:
  test:
    cpu: many
  prod:
    coutn: 2
`),
    "copilot/web/manifest.yml": "name: web\n",
    "copilot/environments/test/manifest.yml": "name: test\n",
  };
  expect(await validate(files)).toMatchInlineSnapshot(`
    {
      "failed": true,
      "files": 2,
      "lines": [
        "copilot/api/manifest.yml:5:9 error \`memory\` must be a whole number, not \`lots\` (schema/type)",
        "copilot/api/manifest.yml:8:10 error \`cpu\` must be a whole number, not \`many\` (schema/type)",
        "copilot/api/manifest.yml:10:5 warning unknown key \`coutn\`; it has no effect (schema/unknown-key)",
        "copilot/web/manifest.yml:1:1 error \`type\` is missing (schema/missing)",
      ],
    }
  `);
});

test("one workload and one environment can be picked", async () => {
  const files = { "copilot/api/manifest.yml": service(), "copilot/web/manifest.yml": "name: web\n" };
  expect(await validate(files, { name: "api", env: "test" })).toEqual({ lines: [], files: 1, failed: false });
});

test("a shell variable that is not set is a warning, and a failure when warnings are", async () => {
  const files = { "copilot/api/manifest.yml": service("variables:\n  A: ${UNSET}\n") };
  expect(await validate(files)).toMatchInlineSnapshot(`
    {
      "failed": false,
      "files": 1,
      "lines": [
        "copilot/api/manifest.yml:6:6 warning the variable \`UNSET\` is not set (interpolation/undefined)",
      ],
    }
  `);
  expect((await validate(files, { strict: true })).failed).toBe(true);
});

test("a file that is no YAML is no obstacle for the others", async () => {
  const files = { "copilot/api/manifest.yml": "a: [\n", "copilot/web/manifest.yml": "- web\n" };
  expect(await validate(files)).toMatchInlineSnapshot(`
    {
      "failed": true,
      "files": 2,
      "lines": [
        "copilot/api/manifest.yml:1:4 error this bracket is never closed (yaml/syntax)",
        "copilot/web/manifest.yml:1:1 error a manifest is a map of keys, not a list (yaml/not-a-map)",
      ],
    }
  `);
});
