import * as fc from "fast-check";
import { expect, test } from "vitest";
import { choosePriorities } from "../../../src/plan/rule-priorities.ts";

const rules = (...priorities: (number | "default")[]) => priorities.map((each) => ({ Priority: String(each) }));

test("a path gets one more than the greatest, and the root one less than the least of its kind", () => {
  const wanted = [
    { parameter: "HTTPSRulePriority", listener: "https", path: "api" },
    { parameter: "HTTPSRulePriority1", listener: "https", path: "/" },
    { parameter: "HTTPSRulePriority2", listener: "https", path: "admin" },
    { parameter: "HTTPRuleWithDomainPriority", listener: "http", path: "api" },
    { parameter: "HTTPRuleWithDomainPriority1", listener: "http", path: "/" },
  ];
  expect(choosePriorities({ https: rules("default", 3, 1, 49_999, 50_000), http: rules("default") }, wanted))
    .toMatchInlineSnapshot(`
      {
        "HTTPRuleWithDomainPriority": 1,
        "HTTPRuleWithDomainPriority1": 50000,
        "HTTPSRulePriority": 4,
        "HTTPSRulePriority1": 49998,
        "HTTPSRulePriority2": 5,
      }
    `);
});

test("a rule that runs keeps its priority, and no new one gets it", () => {
  const wanted = [
    { parameter: "HTTPRulePriority1", listener: "http", path: "b" },
    { parameter: "HTTPRulePriority", listener: "http", path: "a" },
  ];
  expect(choosePriorities({ http: rules(4) }, wanted, { HTTPRulePriority: 7 })).toEqual({
    HTTPRulePriority: 7,
    HTTPRulePriority1: 8,
  });
});

test("where the next one would leave its range, the nearest free one is taken; where none is free, none", () => {
  const of = (path: string) => [{ parameter: "HTTPRulePriority", listener: "http", path }];
  const allForRoot = Array.from({ length: 2001 }, (_, i) => 48_000 + i);
  expect([
    choosePriorities({ http: rules(47_999, 47_998) }, of("api")),
    choosePriorities({ http: rules(48_000, 50_000) }, of("/")),
    choosePriorities({ http: rules(...allForRoot) }, of("/")),
  ]).toEqual([{ HTTPRulePriority: 47_997 }, { HTTPRulePriority: 49_999 }, {}]);
});

test("whatever rules there are, priorities are unused, in their range, and different on one listener", () => {
  const listener = fc.constantFrom("a", "b");
  const priority = fc.oneof(fc.integer({ min: 1, max: 50_000 }), fc.constantFrom(1, 47_999, 48_000, 50_000));
  fc.assert(
    fc.property(
      fc.dictionary(listener, fc.array(priority.map((each) => ({ Priority: String(each) })))),
      fc.array(fc.record({ listener, path: fc.constantFrom("/", "api", "/x") }), { maxLength: 6 }),
      (present, given) => {
        const wanted = given.map((each, i) => ({ ...each, parameter: `P${i}` }));
        const chosen = choosePriorities(present, wanted);
        const places = wanted.map(({ parameter, listener: on }) => `${on} ${chosen[parameter]}`);
        expect(new Set(places).size).toBe(wanted.length);
        for (const { parameter, listener: on, path } of wanted) {
          const got = chosen[parameter] ?? 0;
          expect(present[on]?.some(({ Priority }) => Priority === String(got)) ?? false).toBe(false);
          expect(path === "/" ? got >= 48_000 && got <= 50_000 : got >= 1 && got < 48_000).toBe(true);
        }
      },
    ),
  );
});
