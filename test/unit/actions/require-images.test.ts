import { expect, test } from "vitest";
import { requireImages } from "../../../src/actions/require-images.ts";
import type { ReferencesToFind, Repositories } from "../../../src/providers/account/repositories.ts";
import type { ImageReference } from "../../../src/providers/provider.ts";
import { refusal } from "../../support/refusal.ts";

const host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const digest = (digit: number) => `sha256:${String(digit).repeat(64)}`;
const api = { app: "shop", env: "test", name: "api" };

/** A registry that holds these images of `shop/api`: tag → digest. */
function registry(images: Record<string, string>): Pick<Repositories, "find" | "images"> {
  const uri = `${host}/shop/api`;
  const repository = {
    name: "shop/api",
    uri,
    arn: "",
    region: "eu-west-1",
    registryId: "123456789012",
    canMove: () => true,
  };
  return {
    find: async (names) => (names.includes("shop/api") ? { "shop/api": repository } : ({} as Record<string, never>)),
    images: async (_, { tags, digests }: ReferencesToFind) =>
      Object.entries(images)
        .filter(([tag, each]) => tags.includes(tag) || digests.includes(each))
        .map(([tag, each]) => ({ digest: each, tags: [tag], ids: [], manifest: "" })),
  };
}

async function told(image: ImageReference, there: Record<string, string>, stackImage: string, commit?: string) {
  const former = { revision: 3, at: "2026-11-21T12:00:00.000Z", images: { api: image } };
  const entry = { ...former, result: "completed" as const, serves: false, ...(commit !== undefined && { commit }) };
  const stack = { text: "Resources: {}", parameters: { ContainerImage: stackImage } };
  const account = { repositories: registry(there) as Repositories };
  const events: unknown[] = [];
  for await (const event of requireImages(api, entry, stack, account)) events.push(event);
  return events;
}

test("an image that is there by its digest is enough, whatever its tags are now", async () => {
  const image = { name: `${host}/shop/api:v3`, id: digest(3) };
  expect(await told(image, { other: digest(3) }, `${host}/shop/api@${digest(3)}`)).toEqual([]);
});

test("an image that is gone is an error, with the commit that it can be built from", async () => {
  const image = { name: `${host}/shop/api:v3`, id: digest(3) };
  const asked = (commit?: string) => refusal(told(image, { v4: digest(4) }, `${host}/shop/api@${digest(3)}`, commit));
  expect(await asked("v1.2")).toMatchInlineSnapshot(`
    "image/gone: the image of api in revision 3 of api is not in the registry any more: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api:v3@sha256:3333333333333333333333333333333333333333333333333333333333333333
      | Nothing was changed.
      git switch --detach v1.2 && pilotfish svc deploy -n api -e test"
  `);
  expect((await asked("v1.2+")).split("\n").at(-1)).toMatchInlineSnapshot(
    `"  pilotfish svc history -a shop -n api -e test"`,
  );
});

test("an image of a repository that is gone is an error, too", async () => {
  const image = { name: `${host}/shop/old:v3`, id: digest(3) };
  expect(await refusal(told(image, {}, `${host}/shop/old@${digest(3)}`))).toMatch(/^image\/gone/);
});

test("a tag that is another image by now is told", async () => {
  const image = { name: `${host}/shop/api:latest`, id: digest(3) };
  expect(await told(image, { latest: digest(3) }, image.name)).toEqual([]);
  expect(await told(image, { latest: digest(4) }, image.name)).toMatchInlineSnapshot(`
    [
      {
        "code": "history/image-moved",
        "message": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api:latest is another image by now: sha256:444444444444, and was sha256:333333333333",
        "type": "notice",
      },
    ]
  `);
});

test("images of other registries and other accounts are not looked at", async () => {
  const elsewhere = "210987654321.dkr.ecr.eu-west-1.amazonaws.com/shop/api:v3";
  for (const name of ["nginx", "public.ecr.aws/nginx/nginx:1", elsewhere])
    expect(await told({ name, id: digest(3) }, {}, name)).toEqual([]);
});
