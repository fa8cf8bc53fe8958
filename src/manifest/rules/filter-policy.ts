import { nearest } from "../spelling.ts";
import type { Path } from "../problems.ts";
import { quoted } from "../words.ts";
import { type Report, rule } from "./rule.ts";
import { subscribeOf } from "./subscribe.ts";

/** What SNS compares an attribute with. Source: Amazon SNS, "Subscription filter policies". */
const operators = [
  "anything-but",
  "cidr",
  "equals-ignore-case",
  "exists",
  "numeric",
  "prefix",
  "suffix",
  "wildcard",
] as const;

const mostKeys = 5;

/** A filter policy names attributes of messages, each with a list of what it may be. */
export const filterPolicies = rule("subscribe/filter-policy", ["subscribe/**"], (manifest, report) => {
  for (const [i, topic] of (subscribeOf(manifest)?.topics ?? []).entries()) {
    const policy = topic?.filter_policy;
    const at: Path = ["subscribe", "topics", i, "filter_policy"];
    if (policy === undefined) continue;
    checkPolicy(policy, at, report);
    const keys = new Set(attributesOf(policy));
    if (keys.size > mostKeys)
      report(at, `the policy names ${keys.size} attributes, and SNS takes ${mostKeys}`, {
        hint: "leave some of them to the program",
      });
  }
});

function checkPolicy(policy: Readonly<Record<string, unknown>>, at: Path, report: Report): void {
  for (const [attribute, accepted] of Object.entries(policy)) {
    const here = [...at, attribute];
    if (accepted === undefined) continue;
    if (!Array.isArray(accepted)) {
      const hint = isMap(accepted)
        ? conditionHint(attribute, accepted)
        : `write \`${attribute}: [${String(accepted)}]\``;
      report(here, `${quoted(attribute)} needs a list of what it may be`, { hint });
      continue;
    }
    for (const [i, value] of accepted.entries()) {
      if (!isMap(value)) continue;
      if (attribute === "$or") checkPolicy(value, [...here, i], report);
      else checkCondition(value, [...here, i], report);
    }
  }
}

function checkCondition(condition: Readonly<Record<string, unknown>>, at: Path, report: Report): void {
  const given = Object.keys(condition);
  const unknown = given.find((key) => !(operators as readonly string[]).includes(key));
  if (unknown !== undefined) {
    const meant = nearest(unknown, operators);
    const hint = meant ? `did you mean ${quoted(meant)}?` : `use one of ${operators.join(", ")}`;
    report([...at, unknown], `SNS knows no condition ${quoted(unknown)}`, { hint });
  } else if (given.length !== 1)
    report(at, `a condition has one operator, not ${given.length}`, { hint: "write one after the other in the list" });
}

function conditionHint(attribute: string, value: Readonly<Record<string, unknown>>): string {
  const [key = ""] = Object.keys(value);
  return (operators as readonly string[]).includes(key)
    ? `write \`${attribute}: [{ ${key}: … }]\``
    : "attributes of messages have no parts";
}

function attributesOf(policy: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(policy).flatMap(([key, value]) =>
    key === "$or" && Array.isArray(value) ? value.filter(isMap).flatMap(attributesOf) : [key],
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
