import { expect, test } from "vitest";
import type { ServiceManifest } from "../../../../src/manifest/load.ts";
import { listenerTitle } from "../../../../src/simulator/daemon/listener-ids.ts";
import { serviceUrls, unmetRules } from "../../../../src/simulator/daemon/service-urls.ts";
import { planOf } from "./deploy-input.ts";

const web = { type: "Load Balanced Web Service" as const, name: "api", image: { location: "shop/app", port: 8080 } };

test("a path leads through the load balancer; the address of its own comes next", () => {
  expect(urls({ ...web, http: { path: "api" } })).toMatchInlineSnapshot(`
    [
      "http://127.0.0.1:8080/api",
      "http://127.0.0.1:18080/",
    ]
  `);
  expect(urls({ ...web, http: { path: "/", additional_rules: [{ path: "admin" }] } })).toMatchInlineSnapshot(`
    [
      "http://127.0.0.1:8080/",
      "http://127.0.0.1:8080/admin",
      "http://127.0.0.1:18080/",
    ]
  `);
});

test("a name comes after what everybody can look up, a pattern has no address, and a bound address counts", () => {
  expect(
    urls({
      ...web,
      http: {
        path: "v1",
        alias: ["*.example.com", "api.example.com"],
        additional_rules: [{ path: "/", alias: "api.localhost" }],
      },
    }),
  ).toMatchInlineSnapshot(`
    [
      "http://127.0.0.1:18080/",
      "http://api.example.com.localhost:8080/v1",
      "http://api.localhost:8080/",
    ]
  `);
  expect(urls({ ...web, type: "Backend Service", http: { path: "/" } })).toMatchInlineSnapshot(`
    [
      "http://127.0.0.1:9080/",
      "http://127.0.0.1:18080/",
    ]
  `);
});

test("what this machine's address does not get through is left out, and so is gRPC behind the load balancer", () => {
  expect(urls({ ...web, http: { path: "/", allowed_source_ips: ["10.0.0.0/8"] } })).toEqual([
    "http://127.0.0.1:18080/",
  ]);
  expect(urls({ ...web, http: { path: "/", allowed_source_ips: ["127.0.0.0/8"] } })[0]).toBe("http://127.0.0.1:8080/");
  expect(urls({ ...web, http: { path: "/", version: "grpc" } })).toEqual(["http://127.0.0.1:18080/"]);
  const both = { path: "/", additional_rules: [{ path: "rpc", version: "grpc", target_port: 9000 }] };
  expect(urls({ ...web, http: both })).toEqual([
    "http://127.0.0.1:8080/",
    "http://127.0.0.1:18080/",
    "http://127.0.0.1:18081/",
  ]);
});

test("a rule that no request from here meets is told, with its addresses", () => {
  const rules = [{ path: "vpn", allowed_source_ips: ["10.0.0.0/8", "2001:db8::/32"] }, { path: "any" }];
  const http = { path: "/", allowed_source_ips: ["0.0.0.0/0"], additional_rules: rules };
  expect(unmetRules(planOf({ ...web, http }))).toMatchInlineSnapshot(`
    [
      "the rule for /vpn takes requests from 10.0.0.0/8 and 2001:db8::/32 alone: none from this machine comes through",
    ]
  `);
});

test("listeners of a network load balancer come last, or alone", () => {
  const nlb = { port: "443/tls", additional_listeners: [{ port: "53/udp", healthcheck: { port: 8080 } }] };
  expect(urls({ ...web, http: { path: "/" }, nlb })).toMatchInlineSnapshot(`
    [
      "http://127.0.0.1:8080/",
      "http://127.0.0.1:18080/",
      "tcp://127.0.0.1:10443",
      "udp://127.0.0.1:10053",
    ]
  `);
  expect(urls({ ...web, http: false, nlb })).toEqual(["tcp://127.0.0.1:10443", "udp://127.0.0.1:10053"]);
});

test("what could not be bound is left out", () => {
  const plan = planOf({ ...web, http: { path: "/" } });
  expect(
    serviceUrls("shop/local/api", plan, (id) =>
      id === "shop/local/api" ? { port: 1, hosts: [] } : { error: "taken", wanted: 8080 },
    ),
  ).toEqual(["http://127.0.0.1:1/"]);
});

test("listeners have names for people", () => {
  const ids = [
    "shop/local/alb::internal",
    "shop/local/imported::arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/corporate/1",
    "shop/local/public",
    "shop/local/api:53/udp",
    "shop/local/alb:53/udp",
  ];
  expect(ids.map(listenerTitle)).toMatchInlineSnapshot(`
    [
      "the internal load balancer of shop/local",
      "the load balancer arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/corporate/1 of shop/local",
      "the address of shop/local/public",
      "the listener 53/udp of shop/local/api",
      "the listener 53/udp of shop/local/alb",
    ]
  `);
});

function urls(manifest: ServiceManifest): string[] {
  const ports: Record<string, number> = {
    "shop/local/alb::public": 8080,
    "shop/local/alb::internal": 9080,
    "shop/local/api": 18080,
    "shop/local/api:rule1": 18081,
    "shop/local/api:443/tls": 10443,
    "shop/local/api:53/udp": 10053,
  };
  return serviceUrls("shop/local/api", planOf(manifest), (id) => ({ port: ports[id] ?? 0, hosts: ["127.0.0.1"] }));
}
