import { expect, test } from "vitest";
import { imageTags } from "../../../src/images/image-tags.ts";
import { refusal } from "../../support/refusal.ts";

test("an image is latest, and what was asked for, else what git says of a clean tree", () => {
  expect(imageTags({})).toEqual(["latest"]);
  expect(imageTags({ gitDescription: "v1.2.0-3-gabc" })).toEqual(["latest", "v1.2.0-3-gabc"]);
  expect(imageTags({ tag: "mine", gitDescription: "v1" })).toEqual(["latest", "mine"]);
  expect(imageTags({ tag: "latest" })).toEqual(["latest"]);
});

test("a description of git that is no tag for Docker is left out", () => {
  expect(imageTags({ gitDescription: "release/1.0" })).toEqual(["latest"]);
});

test("a tag asked for that Docker does not take is refused", async () => {
  const tags = ["", "-x", ".x", "a b", "a;b", "ä", "x".repeat(129)];
  for (const tag of tags) expect(() => imageTags({ tag })).toThrow("cannot be an image's tag");
  expect(await refusal(Promise.resolve().then(() => imageTags({ tag: "a b" })))).toMatchInlineSnapshot(`
    "usage/invalid-flag: --tag: "a b" cannot be an image's tag
      use up to 128 letters, digits, dots, dashes and underscores, beginning with none of \`.\` and \`-\`"
  `);
});
