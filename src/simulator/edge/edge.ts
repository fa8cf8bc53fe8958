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

export type EdgeListener = EdgeHttpListener | EdgeFlowListener;

interface ListenerPort {
  id: string;
  /** Kept: bound as it is or reported as taken, with the program that has it where that can be found out. */
  port?: number;
  /** Used when `port` is absent: the first free one from here up. */
  firstPort: number;
}

/** Of an Application Load Balancer. */
export interface EdgeHttpListener extends ListenerPort {
  rules: EdgeRule[];
}

/** Of a Network Load Balancer: bytes or datagrams pass as they are. */
export interface EdgeFlowListener extends ListenerPort {
  protocol: "TCP" | "UDP";
  targetGroup: string;
}

/** All that is given has to be met; one value of each kind is enough. */
export interface EdgeRule {
  /** Lowest first. */
  priority: number;
  /** ALB path patterns, `*` and `?`, case-sensitive. */
  paths: string[];
  /** Patterns of the same kind for the name in Host, in any case and without its port; any name when absent. */
  hosts?: string[];
  /** CIDR blocks of the client's address; any address when absent. */
  sources?: string[];
  targetGroup: string;
}

export interface EdgeTargetGroup {
  id: string;
  /** For messages: `shop/local/api`. */
  serviceId: string;
  /** What targets are sent when it is not HTTP/1.1. */
  version?: "HTTP2" | "GRPC";
  /** `lb_cookie`: for so many seconds of the user's time after the last answer. `source_ip`: of a listener for flows. */
  stickiness?: { type: "lb_cookie"; seconds: number } | { type: "source_ip" };
  healthCheck: EdgeHealthCheck;
  targets: EdgeTarget[];
}

export interface EdgeHealthCheck {
  protocol: "HTTP" | "TCP";
  /** With HTTP, when it is not version 1.1. */
  version?: "HTTP2" | "GRPC";
  path: string;
  /** ALB's matcher: `200`, `200,301`, `200-299`. gRPC's own codes for gRPC. */
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
  /** Spoken to with TLS, whatever its certificate. */
  tls?: boolean;
  /** Where the health check goes, when not to `port`. */
  checkPort?: number;
  /** The health check speaks TLS. */
  checkTls?: boolean;
  state: "initial" | "healthy" | "unhealthy" | "draining";
}
