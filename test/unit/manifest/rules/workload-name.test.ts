import { expect, test } from "vitest";
import { problems } from "../problems.ts";

const named = (name: string) => problems(`type: Backend Service\nimage: { location: nginx }\nname: ${name}`);

test("a name that differs from its folder is refused at its line", () => {
  expect(named("web")).toMatchInlineSnapshot(`
    "3:7    error  the name is \`web\`, but the folder is \`api\`  (workload/name)
                  write \`name: api\`, or rename the folder"
  `);
});

test("a name with a character that no name has says which", () => {
  expect(named("a;b")).toMatchInlineSnapshot(
    `"3:7    error  a name has lower-case letters, digits and hyphens only; \`;\` is none of them  (workload/name)"`,
  );
  expect(named("my api")).toMatchInlineSnapshot(
    `"3:7    error  a name has lower-case letters, digits and hyphens only; a space is none of them  (workload/name)"`,
  );
  expect(named("Api")).toMatchInlineSnapshot(
    `"3:7    error  a name has lower-case letters, digits and hyphens only; \`A\` is none of them  (workload/name)"`,
  );
  expect(named("api_v2")).toMatchInlineSnapshot(
    `"3:7    error  a name has lower-case letters, digits and hyphens only; \`_\` is none of them  (workload/name)"`,
  );
  expect(named('"a\\tb"')).toMatchInlineSnapshot(
    `"3:7    error  a name has lower-case letters, digits and hyphens only; a control character is none of them  (workload/name)"`,
  );
  expect(named("../etc")).toMatchInlineSnapshot(
    `"3:7    error  a name has lower-case letters, digits and hyphens only; \`.\` is none of them  (workload/name)"`,
  );
});

test("a name keeps Copilot's format", () => {
  expect(named('""')).toMatchInlineSnapshot(`"3:7    error  a name must not be empty  (workload/name)"`);
  expect(named("1api")).toMatchInlineSnapshot(
    `"3:7    error  a name starts with a letter, not with \`1\`  (workload/name)"`,
  );
  expect(named("a--b")).toMatchInlineSnapshot(`"3:7    error  a name has no two hyphens in a row  (workload/name)"`);
  expect(named("api-")).toMatchInlineSnapshot(`"3:7    error  a name does not end with a hyphen  (workload/name)"`);
  expect(named("pipelines")).toMatchInlineSnapshot(
    `"3:7    error  the name \`pipelines\` is reserved for Copilot's own folder  (workload/name)"`,
  );
  expect(named("a".repeat(256))).toMatchInlineSnapshot(
    `"3:7    error  a name has at most 255 characters, not 256  (workload/name)"`,
  );
});

test("a missing name points at the top", () => {
  expect(problems("\n# a comment\ntype: Backend Service\nimage: { location: nginx }")).toMatchInlineSnapshot(`
    "2:1    error  \`name\` is missing  (schema/missing)
                  give the name of the folder: \`name: api\`"
  `);
});
