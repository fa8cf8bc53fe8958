import type { Listener, LoadBalancer, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { urlsOf } from "../../../../../src/providers/aws/services/load-balancer-urls.ts";

const elb = "arn:aws:elasticloadbalancing:us-west-2:123456789012";
const balancer = (name: string, more: LoadBalancer = {}): LoadBalancer => ({
  LoadBalancerArn: `${elb}:loadbalancer/${name}`,
  DNSName: `${name.split("/")[1]}.elb.amazonaws.com`,
  Scheme: "internet-facing",
  ...more,
});
const listener = (name: string, Protocol: Listener["Protocol"], Port: number): Listener => ({
  ListenerArn: `${elb}:listener/${name}`,
  Protocol,
  Port,
});
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
  listeners: Listener[],
  balancers: LoadBalancer[],
  names: Parameters<typeof urlsOf>[1] = { network: [] },
): string[] {
  const traffic = {
    rules,
    listeners: new Map(listeners.map((each) => [each.ListenerArn ?? "", each])),
    loadBalancers: new Map(balancers.map((each) => [each.LoadBalancerArn ?? "", each])),
  };
  return urlsOf(traffic, names);
}

const http = listener("app/shop/1/80", "HTTP", 80);
const https = listener("app/shop/1/443", "HTTPS", 443);

test("a service with a name is reached by HTTPS under it; what only leads there is no address", () => {
  const rules = [
    rule("app/shop/1/80", ["www.example.com"], "/*", "redirect"),
    rule("app/shop/1/443", ["www.example.com", "example.com"], "/*"),
  ];
  expect(urls(rules, [http, https], [balancer("app/shop/1")])).toEqual([
    "https://www.example.com/",
    "https://example.com/",
  ]);
});

test("without a name it is reached at the load balancer's, below its path and at the listener's port", () => {
  expect(urls([rule("app/shop/1/80", [], "/orders/*")], [http], [balancer("app/shop/1")])).toEqual([
    "http://shop.elb.amazonaws.com/orders/",
  ]);
  const other = listener("app/shop/1/8080", "HTTP", 8080);
  expect(urls([rule("app/shop/1/8080", ["*.example.com"], "/*")], [other], [balancer("app/shop/1")])).toEqual([
    "http://shop.elb.amazonaws.com:8080/",
  ]);
});

test("a distribution stands before the public load balancer alone", () => {
  const names = { distribution: "d1.cloudfront.net", network: [] };
  const rules = [rule("app/shop/1/80", [], "/*")];
  expect(urls(rules, [http], [balancer("app/shop/1")], names)).toEqual(["https://d1.cloudfront.net/"]);
  const named = [rule("app/shop/1/80", ["www.example.com"], "/*")];
  expect(urls(named, [http], [balancer("app/shop/1")], names)).toEqual(["https://www.example.com/"]);
  const internal = [rule("app/shop/1/80", ["api.test.shop.internal"], "/*")];
  expect(urls(internal, [http], [balancer("app/shop/1", { Scheme: "internal" })], names)).toEqual([
    "http://api.test.shop.internal/",
  ]);
});

test("a network load balancer comes last, under its alias if it has one", () => {
  const rules = [rule("app/shop/1/80", [], "/*")];
  const all = [http, listener("net/game/2/7000", "UDP", 7000), listener("net/game/2/443", "TLS", 443)];
  const balancers = [balancer("app/shop/1"), balancer("net/game/2")];
  expect(urls(rules, all, balancers)).toEqual([
    "http://shop.elb.amazonaws.com/",
    "udp://game.elb.amazonaws.com:7000",
    "tls://game.elb.amazonaws.com:443",
  ]);
  expect(urls([], all.slice(2), balancers, { network: ["play.example.com"] })).toEqual(["tls://play.example.com:443"]);
});
