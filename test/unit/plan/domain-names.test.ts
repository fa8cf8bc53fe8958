import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  covers,
  environmentCertificateNames,
  networkLoadBalancerCertificateNames,
  siteCertificateNames,
  zoneNames,
  zoneOf,
} from "../../../src/plan/domain-names.ts";

const shop = { app: "shop", env: "test", domain: "example.com" };

test("a name belongs into the zone that it is nearest to", () => {
  const names = [
    "api.test.shop.example.com",
    "v1.api.test.shop.example.com",
    "TEST.shop.example.com.",
    "shop.example.com",
    "www.shop.example.com",
    "api.prod.shop.example.com",
    "example.com",
    "www.example.com",
    "a.www.example.com",
    "myexample.com",
    "shopXexample.com",
    "example.com.evil.org",
  ];
  expect(Object.fromEntries(names.map((name) => [name, zoneOf(name, shop) ?? "none"]))).toMatchInlineSnapshot(`
    {
      "TEST.shop.example.com.": "environment",
      "a.www.example.com": "none",
      "api.prod.shop.example.com": "none",
      "api.test.shop.example.com": "environment",
      "example.com": "domain",
      "example.com.evil.org": "none",
      "myexample.com": "none",
      "shop.example.com": "application",
      "shopXexample.com": "none",
      "v1.api.test.shop.example.com": "environment",
      "www.example.com": "domain",
      "www.shop.example.com": "application",
    }
  `);
});

test("the names of certificates", () => {
  const aliases = ["www.example.com", "WWW.example.com", "api.test.shop.example.com", "other.org"];
  expect({
    environment: environmentCertificateNames(shop, aliases),
    networkLoadBalancer: networkLoadBalancerCertificateNames(shop, "api", aliases),
    site: siteCertificateNames(shop, "docs", "docs.test.shop.example.com"),
  }).toMatchInlineSnapshot(`
    {
      "environment": [
        "test.shop.example.com",
        "*.test.shop.example.com",
        "www.example.com",
      ],
      "networkLoadBalancer": [
        "api-nlb.test.shop.example.com",
        "api.test.shop.example.com",
        "www.example.com",
      ],
      "site": [
        "docs.test.shop.example.com",
      ],
    }
  `);
});

test("a wildcard serves one label, and no other wildcard", () => {
  const certified = ["test.shop.example.com", "*.test.shop.example.com"];
  const names = [
    "api.test.shop.example.com",
    "a.b.test.shop.example.com",
    "shop.example.com",
    "*.test.shop.example.com",
  ];
  expect(names.map((name) => covers(certified, name))).toEqual([true, false, false, true]);
  expect(covers(["*.example.com"], "*.a.example.com")).toBe(false);
});

const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,4}$/);

test("each zone holds its own name and every name one label below it, but for what the next zone holds", () => {
  fc.assert(
    fc.property(label, label, label, label, (app, env, root, below) => {
      const where = { app, env, domain: `${root}.com` };
      const zones = zoneNames(where);
      for (const kind of ["environment", "application", "domain"] as const) {
        expect(zoneOf(zones[kind], where)).toBe(kind);
        const name = `${below}.${zones[kind]}`;
        const inner = Object.entries(zones).find(([, zone]) => zone === name)?.[0];
        expect(zoneOf(name, where)).toBe(inner ?? kind);
      }
      expect(zoneOf(`${below}${zones.domain}`, where)).toBe(undefined);
    }),
  );
});
