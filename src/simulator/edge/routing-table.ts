import type { EdgeRule } from "./edge.ts";
import { matchesPath } from "./path-pattern.ts";

/** A listener's rules, lowest priority number first. */
export class RoutingTable {
  private readonly rules: EdgeRule[];

  constructor(rules: EdgeRule[]) {
    this.rules = rules.toSorted((one, other) => one.priority - other.priority);
  }

  /** The target group of the first rule that matches this path. */
  targetGroupOf(path: string): string | undefined {
    for (const rule of this.rules) {
      for (const pattern of rule.paths) {
        if (pattern === "/*" ? path.charCodeAt(0) === 47 : matchesPath(pattern, path)) return rule.targetGroup;
      }
    }
    return undefined;
  }
}
