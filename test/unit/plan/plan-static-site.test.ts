import { expect, test } from "vitest";
import type { StaticSiteManifest } from "../../../src/manifest/load.ts";
import { planStaticSite } from "../../../src/plan/plan-static-site.ts";

const plan = (more: Partial<StaticSiteManifest> = {}, domain?: string) =>
  planStaticSite({ manifest: { name: "docs", type: "Static Site", ...more }, app: "shop", env: "test", domain });

test("a site with nothing but a name", () => {
  expect(plan()).toEqual({ app: "shop", env: "test", name: "docs", type: "Static Site", files: [] });
});

test("in a domain, a site has a name, its own or Copilot's", () => {
  expect(plan({}, "example.com").alias).toBe("docs.test.shop.example.com");
  expect(plan({ http: { alias: "www.example.com" } }, "example.com").alias).toBe("www.example.com");
  const certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1";
  expect(plan({ http: { alias: "www.example.org", certificate } })).toMatchObject({
    alias: "www.example.org",
    certificate,
  });
});

test("files are uploaded to the top of the site, unless something else is said", () => {
  expect(
    plan({
      files: [
        { source: "public" },
        { source: "more", destination: "a/b", recursive: true, exclude: "*", reinclude: ["*.jpg", "*.png"] },
      ],
    }).files,
  ).toMatchInlineSnapshot(`
    [
      {
        "destination": ".",
        "exclude": [],
        "recursive": false,
        "reinclude": [],
        "source": "public",
      },
      {
        "destination": "a/b",
        "exclude": [
          "*",
        ],
        "recursive": true,
        "reinclude": [
          "*.jpg",
          "*.png",
        ],
        "source": "more",
      },
    ]
  `);
});
