import type { TargetCheck } from "../engine/inputs.ts";

/** What carries traffic: listeners, routing and health checks, made to match a picture that is data. */
export interface Edge {
  /** Makes the edge match this picture: opens and closes listeners, starts and stops checks. Open requests on a target
   *  that is no longer routed to go on. Resolves when new listeners are bound or have failed. */
  apply(picture: EdgePicture): Promise<void>;
  /** Listener id → where it is bound, or why not. */
  bindings(): Record<string, Binding>;
  /** Requests (and upgraded connections) open to the targets of this task. */
  openRequests(task: string): number;
  /** Stops accepting, ends what is left after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

export interface EdgeObserver {
  checked(task: string, targetGroup: string, result: TargetCheck): void;
  /** The last open request to a task that is `draining` has ended, or it had none when it became so. */
  idle(task: string): void;
}

export type Binding = { port: number; hosts: string[] } | { error: string; wanted: number };

export interface EdgePicture {
  listeners: EdgeListener[];
  targetGroups: Record<string, EdgeTargetGroup>;
}

export interface EdgeListener {
  id: string;
  /** Kept: bound as it is or reported as taken, with the program that has it where that can be found out. */
  port?: number;
  /** Used when `port` is absent: the first free one from here up. */
  firstPort: number;
  rules: EdgeRule[];
}

export interface EdgeRule {
  /** Lowest first. */
  priority: number;
  /** ALB path patterns, `*` and `?`, case-sensitive; one must match. */
  paths: string[];
  targetGroup: string;
}

export interface EdgeTargetGroup {
  id: string;
  /** For messages: `shop/local/api`. */
  serviceId: string;
  healthCheck: EdgeHealthCheck;
  targets: EdgeTarget[];
}

export interface EdgeHealthCheck {
  protocol: "HTTP" | "TCP";
  path: string;
  /** ALB's matcher: `200`, `200,301`, `200-299`. */
  codes: string;
  /** Already divided by the speed. */
  intervalMs: number;
  /** Never scaled. */
  timeoutMs: number;
}

export interface EdgeTarget {
  task: string;
  address: string;
  port: number;
  /** Where the health check goes, when not to `port`. */
  checkPort?: number;
  state: "initial" | "healthy" | "unhealthy" | "draining";
}
