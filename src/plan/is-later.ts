import type { Later } from "./later.ts";

const values: { [Key in "ref" | "env"]: Set<unknown> } = {
  ref: new Set(["execution-role", "task-role", "log-group", "region", "account"]),
  env: new Set(["PublicLoadBalancerDNSName", "InternalLoadBalancerDNSName", "VpcId"]),
};

/** Whether an object inside a task definition is a reference: one key that references have, and nothing else. */
export function isLater(value: object): value is Later {
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0) return false;
  const [key, content] = entry;
  if (key === "image") return typeof content === "string";
  return (key === "ref" || key === "env") && values[key].has(content);
}
