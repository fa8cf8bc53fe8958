import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decide, recordName, removals } from "../../../../../src/providers/aws/domains/record-changes.ts";

const alias = (name: string, dnsName: string): ResourceRecordSet => ({
  Name: `${name}.`,
  Type: "A",
  AliasTarget: { DNSName: `${dnsName}.`, HostedZoneId: "Z1", EvaluateTargetHealth: true },
});
const wanted = {
  name: "*.example.com",
  type: "A" as const,
  target: { dnsName: "LB-1.amazonaws.com", hostedZoneId: "Z1" },
};

test("a record that is there is kept, however Route 53 writes it", () => {
  const present = [alias("\\052.example.com", "dualstack.lb-1.amazonaws.com")];
  expect([recordName(present[0]!), decide(wanted, present)]).toEqual(["*.example.com", { do: "keep" }]);
});

test("one that leads to something of ours is turned, any other is left, and so is one with a policy", () => {
  const former = [alias("*.example.com", "lb-0.amazonaws.com")];
  const weighted = [{ ...alias("*.example.com", "lb-1.amazonaws.com"), SetIdentifier: "blue", Weight: 1 }];
  expect([
    decide(wanted, former, ["lb-0.amazonaws.com"]).do,
    decide(wanted, former),
    decide(wanted, weighted).do,
    decide(wanted, [{ Name: "*.example.com.", Type: "AAAA", TTL: 60, ResourceRecords: [{ Value: "::1" }] }]).do,
  ]).toEqual(["write", { do: "leave", leadsTo: "lb-0.amazonaws.com" }, "leave", "write"]);
});

const target = fc.constantFrom("lb-1.amazonaws.com", "lb-2.amazonaws.com", "other.org");
const record = fc.record({ name: fc.constantFrom("a.example.com", "b.example.com"), target });

test("whatever is in a zone, what does not lead to ours is neither written over nor removed", () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 4 }), target, (given, dnsName) => {
      const present = given.map((each) => alias(each.name, each.target));
      const ours = ["lb-1.amazonaws.com"];
      const name = "a.example.com";
      const decision = decide({ name, type: "A", target: { dnsName, hostedZoneId: "Z1" } }, present, ours);
      const foreign = given.some(
        (each) => each.name === name && each.target !== dnsName && !ours.includes(each.target),
      );
      expect(decision.do === "leave").toBe(foreign);
      for (const { ResourceRecordSet: set } of removals({ name, type: "A" }, present, ours))
        expect(set).toEqual(alias(name, "lb-1.amazonaws.com"));
    }),
  );
});
