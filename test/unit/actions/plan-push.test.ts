import { describe, expect, test } from "vitest";
import { planPush } from "../../../src/actions/plan-push.ts";
import type { RegistryImage, Repository } from "../../../src/providers/account/repositories.ts";
import { refusal } from "../../support/refusal.ts";

const id = `sha256:${"a".repeat(64)}`;
const repository = (canMove: boolean): Repository => ({
  name: "shop/api",
  uri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api",
  arn: "arn:aws:ecr:eu-west-1:123456789012:repository/shop/api",
  region: "eu-west-1",
  registryId: "123456789012",
  canMove: () => canMove,
});
const there = (digest: string, tags: string[], ids: string[]): RegistryImage => ({ digest, tags, ids, manifest: "{}" });
const image = { container: "api", id, tags: ["latest", "v1"] };
const ours = (tags: string[]) => there("sha256:1", tags, ["sha256:1", id]);
const other = (tags: string[]) => there("sha256:2", tags, ["sha256:2", "sha256:3"]);

describe("a repository", () => {
  const shown = (canMove: boolean, found: RegistryImage[], more: object = {}) => {
    const { present, ...plan } = planPush({ ...image, ...more }, repository(canMove), found);
    return { present: present?.digest, ...plan };
  };
  test.each([
    ["that is empty gets the image, its telling tag first", true, [], { push: ["v1", "latest"] }],
    ["that has the image under its tags gets nothing", true, [ours(["latest", "v1"])], { present: "sha256:1" }],
    ["that has it under one tag gets the other", true, [ours(["latest"])], { present: "sha256:1", retag: ["v1"] }],
    ["that has it under no tag gets both tags", true, [ours([])], { present: "sha256:1", retag: ["latest", "v1"] }],
    ["whose tags are another image's has them moved", true, [other(["latest", "v1"])], { push: ["v1", "latest"] }],
    [
      "with a tag of each has one moved",
      true,
      [ours(["v1"]), other(["latest"])],
      { present: "sha256:1", retag: ["latest"] },
    ],
    ["that never moves a tag keeps it", false, [other(["latest"])], { push: ["v1"], tags: ["v1"], left: ["latest"] }],
    [
      "that never moves a tag and has the image keeps both",
      false,
      [ours(["v1"]), other(["latest"])],
      { present: "sha256:1", tags: ["v1"], left: ["latest"] },
    ],
    [
      "without a tag left gets one that says which image it is",
      false,
      [other(["latest", "v1"])],
      { push: ["id-aaaaaaaaaaaa"], tags: ["id-aaaaaaaaaaaa"], left: ["latest", "v1"] },
    ],
  ])("%s", (_, canMove, found, plan) => {
    expect(shown(canMove, found)).toEqual({
      present: undefined,
      push: [],
      retag: [],
      tags: ["latest", "v1"],
      left: [],
      ...plan,
    });
  });

  test("that never moves a tag refuses one that was asked for", async () => {
    const plan = async () => shown(false, [other(["v1"])], { askedFor: "v1" });
    expect(await refusal(plan())).toMatchInlineSnapshot(`
      "image/tag-immutable: the tag v1 of shop/api is another image's, and it cannot be moved
        | It is sha256:2, and the image of api has been built anew.
        deploy with another --tag"
    `);
  });
});
