import { expect, test } from "vitest";
import { loadWorkloadManifest } from "../../../src/manifest/load.ts";

const loaded = (text: string, variables: Record<string, string>) =>
  loadWorkloadManifest({ file: "manifest.yml", text, folder: "api" }, { app: "shop", env: "test", variables });

const text = `# \${TAG} of a comment
name: api   # the name
type: Backend Service
image:
  location: registry/\${OWNER}:\${TAG}
variables:
  PORT: \${PORT}
  DOUBLE: "a\\"b \${OWNER} \\\\\${TAG}"
  SINGLE: 'it''s \${OWNER}'
  LITERAL: |
    of \${OWNER}
    and others
  FOLDED: >-
    of \${OWNER}
  OTHERS: \${OTHERS}
environments:
  test: { variables: { ENV: "\${COPILOT_ENVIRONMENT_NAME}"} }
`;

test("what a stack keeps of a manifest has the values of variables, and is written as the file is", () => {
  const { diagnostics, interpolatedText } = loaded(text, {
    TAG: "v1",
    OWNER: "o'neill",
    PORT: "8080",
    OTHERS: "a: b # c",
  });
  expect(diagnostics).toEqual([]);
  expect(interpolatedText()).toMatchInlineSnapshot(`
    "# \${TAG} of a comment
    name: api   # the name
    type: Backend Service
    image:
      location: registry/o'neill:v1
    variables:
      PORT: "8080"
      DOUBLE: "a\\"b o'neill \${TAG}"
      SINGLE: 'it''s o''neill'
      LITERAL: |
        of o'neill
        and others
      FOLDED: >-
        of o'neill
      OTHERS: "a: b # c"
    environments:
      test: { variables: { ENV: "test"} }
    "
  `);
});

test("read again, it is the same manifest", () => {
  const source = text.replace(" \\\\${TAG}", "");
  const first = loaded(source, { TAG: "1", OWNER: "[x", PORT: "null", OTHERS: "two\nlines: { of, it }" });
  expect(first.diagnostics).toEqual([]);
  const again = loaded(first.interpolatedText(), {});
  expect(again.diagnostics).toEqual([]);
  expect(again.manifest).toEqual(first.manifest);
});

test("a manifest without variables stays as it is", () => {
  const plain = text.replaceAll("${", "$(");
  expect(loaded(plain, {}).interpolatedText()).toBe(plain);
});
