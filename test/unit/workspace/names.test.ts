import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";
import { nameProblem, nearestName } from "../../../src/workspace/names.ts";

test("names that cannot be given, and why", () => {
  const names = ["", "a", "1st", "Web", "my_app", "a;b", "a b", "a--b", "a-", "-a", "pipelines", "x".repeat(256), "ä"];
  const problems = names.map((name) => `${name.slice(0, 12)}: ${nameProblem(name)}`);
  expect(problems).toMatchInlineSnapshot(`
    [
      ": must not be empty",
      "a: must have at least two characters",
      "1st: must begin with a lower-case letter",
      "Web: must begin with a lower-case letter",
      "my_app: may only have lower-case letters, digits and dashes",
      "a;b: may only have lower-case letters, digits and dashes",
      "a b: may only have lower-case letters, digits and dashes",
      "a--b: must not have two dashes in a row or one at the end",
      "a-: must not have two dashes in a row or one at the end",
      "-a: must begin with a lower-case letter",
      "pipelines: is reserved: copilot/pipelines has a meaning of its own",
      "xxxxxxxxxxxx: must not be longer than 255 characters",
      "ä: must have at least two characters",
    ]
  `);
  expect(["ok", "web-2", "api", "x".repeat(255)].map(nameProblem)).toEqual(Array(4).fill(undefined));
});

test.each([
  ["My Shop", "my-shop"],
  ["@acme/shop_v2.1", "acme-shop-v2-1"],
  ["2048-game", "game"],
  ["trailing--", "trailing"],
  ["pipelines", undefined],
  ["日本", undefined],
  ["7", undefined],
])("a folder named %j suggests %j", (folder, name) => {
  expect(nearestName(folder)).toBe(name);
});

test("what is suggested is always a valid name", () => {
  assert(
    property(string(), (text) => {
      const name = nearestName(text);
      expect(name === undefined || nameProblem(name) === undefined).toBe(true);
    }),
  );
});
