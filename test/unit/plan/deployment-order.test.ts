import { expect, test } from "vitest";
import { deploymentOrder, neededBy } from "../../../src/plan/deployment-order.ts";
import { planWorkload } from "../../../src/plan/plan-workload.ts";
import type { WorkloadPlan } from "../../../src/plan/workload-plan.ts";

type Variables = Record<string, string | { from_cfn: string }>;

function backend(name: string, variables: Variables = {}, more: object = {}): WorkloadPlan {
  const manifest = { name, type: "Backend Service" as const, image: { location: "x", port: 80 }, variables, ...more };
  return planWorkload({ manifest, app: "shop", env: "test" });
}

test("whom others need comes first, and names decide what is free", () => {
  const web = backend("a-web", { API: "http://b-api.test.shop.local:8080/v1" });
  const api = backend("b-api", { DATABASE_URL: "postgres://user@c-db:5432/shop" });
  expect(deploymentOrder([web, backend("d-free"), api, backend("c-db")])).toEqual(["c-db", "b-api", "a-web", "d-free"]);
});

test("a workload needs those whose host, alias or export stands in its variables or its command", () => {
  const other = backend("back", {}, { network: { connect: { alias: "orders" } } });
  const needs = (value: string | { from_cfn: string }) => neededBy(backend("front", { X: value }), [other]).length > 0;
  for (const named of [
    "back",
    "orders",
    "back.test.shop.local",
    "http://back",
    "http://orders:8080/path",
    "back:6379",
    "redis-1:1,back:6379",
    "amqp://user:pw@back/vhost",
    { from_cfn: "shop-test-back-TableName" },
  ])
    expect([named, needs(named)]).toEqual([named, true]);
  for (const unnamed of [
    "feedback:1",
    "http://back-office/",
    "come back to us",
    "http://elsewhere/back",
    "back.prod.shop.local",
    "",
    { from_cfn: "shop-prod-back-TableName" },
  ])
    expect([unnamed, needs(unnamed)]).toEqual([unnamed, false]);
  expect(neededBy(backend("front", {}, { command: ["serve", "--to", "http://back:80"] }), [other])).toEqual(["back"]);
});

test("an application that is called as one of its services makes nobody need it", () => {
  expect(neededBy(backend("web"), [backend("shop"), backend("test")])).toEqual([]);
});

test("a circle is deployed in the order of the names, and what needs the circle after it", () => {
  const one = backend("one", { X: "http://two" });
  const two = backend("two", { X: "http://one" });
  expect(deploymentOrder([backend("after", { X: "http://two" }), two, one])).toEqual(["one", "two", "after"]);
});
