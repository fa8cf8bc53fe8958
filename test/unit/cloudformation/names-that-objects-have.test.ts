import { expect, test } from "vitest";
import type { RequestDrivenManifest } from "../../../src/manifest/load.ts";
import { requestDrivenStack } from "../../../src/cloudformation/request-driven/request-driven-stack.ts";
import { needParameters } from "../../../src/plan/environment-needs.ts";
import { planRequestDriven } from "../../../src/plan/plan-request-driven.ts";
import { properties, someFacts, stackOf } from "../../support/stack-of.ts";

/** Every object of JavaScript has a `constructor`; a manifest may call something by that name. */

test("a sidecar named constructor has no image until it is built", () => {
  const stack = stackOf(`
type: Backend Service
sidecars:
  constructor: { image: { build: Dockerfile } }`);
  const { TaskDefinition } = properties(stack, /^TaskDefinition$/);
  const [, sidecar] = (TaskDefinition?.["ContainerDefinitions"] ?? []) as Record<string, unknown>[];
  expect({ name: sidecar?.["Name"], image: sidecar?.["Image"] }).toEqual({ name: "constructor", image: "" });
});

test("a load balancer named constructor is not known", () => {
  const http = "http: { path: /, alb: constructor, alias: api.example.com, hosted_zone: Z1 }";
  const { missing = [] } = stackOf(`type: Load Balanced Web Service\n${http}`, { facts: { loadBalancers: {} } });
  expect(missing.map(({ message }) => message)).toMatchInlineSnapshot(`
    [
      "nothing is known of the load balancer constructor, so the service has no rules there",
    ]
  `);
});

test("a variable named constructor keeps its value", () => {
  const manifest: RequestDrivenManifest = {
    name: "run",
    type: "Request-Driven Web Service",
    image: { location: "public.ecr.aws/example/run:1", port: 80 },
    variables: { constructor: "x" },
  };
  const plan = planRequestDriven({ manifest, app: "shop", env: "test" });
  const { template } = requestDrivenStack({ plan, facts: someFacts, manifest: "" });
  expect(JSON.stringify(template.Resources["Service"])).toContain('{"Name":"constructor","Value":"x"}');
});

test("a service named constructor has aliases", () => {
  const workloads = [{ name: "constructor", needs: [], aliases: ["a.example.com"] }];
  expect(needParameters(workloads)["Aliases"]).toBe('{"constructor":["a.example.com"]}');
});
