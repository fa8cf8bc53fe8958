import { expect, test } from "vitest";
import { imageTags } from "../../../src/images/image-tags.ts";
import { refusal } from "../../support/refusal.ts";

test("an image is latest, and what was asked for, else what git says of a clean tree", () => {
  expect(imageTags({})).toEqual(["latest"]);
  expect(imageTags({ gitDescription: "v1.2.0-3-gabc" })).toEqual(["latest", "v1.2.0-3-gabc"]);
  expect(imageTags({ tag: "mine", gitDescription: "v1" })).toEqual(["latest", "mine"]);
  expect(imageTags({ tag: "latest" })).toEqual(["latest"]);
});

test("a sidecar's image shares the repository, and never takes the tag that was asked for", () => {
  expect(imageTags({ sidecar: "nginx" })).toEqual(["nginx-latest"]);
  expect(imageTags({ sidecar: "nginx", gitDescription: "v1" })).toEqual(["nginx-latest", "nginx-v1"]);
  expect(imageTags({ sidecar: "nginx", gitDescription: "release/1" })).toEqual(["nginx-latest"]);
  expect(imageTags({ sidecar: "x".repeat(120), gitDescription: "v1.2.3-14-gabc" })).toEqual([
    `${"x".repeat(120)}-latest`,
  ]);
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
