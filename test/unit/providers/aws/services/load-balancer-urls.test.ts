import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { type Listening, urlsOf } from "../../../../../src/providers/aws/services/load-balancer-urls.ts";

const elb = "arn:aws:elasticloadbalancing:us-west-2:123456789012";
/** @param name as in its ARN: the kind and the name of its load balancer, then what sets it apart */
const listener = (name: string, protocol: string, port: number, isPublic = true): [string, Listening] => [
  `${elb}:listener/${name}`,
  { protocol, port, dnsName: `${name.split("/")[1]}.elb.amazonaws.com`, isPublic },
];
const rule = (name: string, hosts: string[], path: string, Type: "forward" | "redirect" = "forward"): Rule => ({
  RuleArn: `${elb}:listener-rule/${name}/rule`,
  Actions: [{ Type }],
  Conditions: [
    ...(hosts.length > 0 ? [{ Field: "host-header", HostHeaderConfig: { Values: hosts } }] : []),
    { Field: "path-pattern", PathPatternConfig: { Values: [path] } },
  ],
});

function urls(
  rules: Rule[],
  listeners: [string, Listening][],
  names: Parameters<typeof urlsOf>[1] = { network: [] },
): string[] {
  return urlsOf({ rules, listeners: new Map(listeners) }, names);
}

const http = listener("app/shop/1/80", "HTTP", 80);
const https = listener("app/shop/1/443", "HTTPS", 443);

test("a service with a name is reached by HTTPS under it; what only leads there is no address", () => {
  const rules = [
    rule("app/shop/1/80", ["www.example.com"], "/*", "redirect"),
    rule("app/shop/1/443", ["www.example.com", "example.com"], "/*"),
  ];
  expect(urls(rules, [http, https])).toEqual(["https://www.example.com/", "https://example.com/"]);
});

test("without a name it is reached at the load balancer's, below its path and at the listener's port", () => {
  expect(urls([rule("app/shop/1/80", [], "/orders/*")], [http])).toEqual(["http://shop.elb.amazonaws.com/orders/"]);
  const other = listener("app/shop/1/8080", "HTTP", 8080);
  expect(urls([rule("app/shop/1/8080", ["*.example.com"], "/*")], [other])).toEqual([
    "http://shop.elb.amazonaws.com:8080/",
  ]);
});

test("a distribution stands before the public load balancer alone", () => {
  const names = { distribution: "d1.cloudfront.net", network: [] };
  const rules = [rule("app/shop/1/80", [], "/*")];
  expect(urls(rules, [http], names)).toEqual(["https://d1.cloudfront.net/"]);
  const named = [rule("app/shop/1/80", ["www.example.com"], "/*")];
  expect(urls(named, [http], names)).toEqual(["https://www.example.com/"]);
  const internal = [rule("app/shop/1/80", ["api.test.shop.internal"], "/*")];
  expect(urls(internal, [listener("app/shop/1/80", "HTTP", 80, false)], names)).toEqual([
    "http://api.test.shop.internal/",
  ]);
});

test("a network load balancer comes last, under its alias if it has one", () => {
  const rules = [rule("app/shop/1/80", [], "/*")];
  const all = [http, listener("net/game/2/7000", "UDP", 7000), listener("net/game/2/443", "TLS", 443)];
  expect(urls(rules, all)).toEqual([
    "http://shop.elb.amazonaws.com/",
    "udp://game.elb.amazonaws.com:7000",
    "tls://game.elb.amazonaws.com:443",
  ]);
  expect(urls([], all.slice(2), { network: ["play.example.com"] })).toEqual(["tls://play.example.com:443"]);
});
