import { createHash } from "node:crypto";
import type { CoarseClock } from "./clock.ts";
import type { EdgeTargetGroup } from "./edge.ts";
import type { EdgeLimits } from "./limits.ts";
import { Target } from "./target.ts";
import type { TaskTraffic } from "./task-traffic.ts";

/** The registered targets of a group, and which of them is next. */
export class TargetGroup {
  serviceId: string;
  version: EdgeTargetGroup["version"];
  stickiness: EdgeTargetGroup["stickiness"];
  private targets = new Map<string, Target>();
  private eligible: Target[] = [];
  private turn = 0;
  private readonly traffic: TaskTraffic;
  private readonly clock: CoarseClock;
  private readonly limits: EdgeLimits;

  constructor(group: EdgeTargetGroup, traffic: TaskTraffic, clock: CoarseClock, limits: EdgeLimits) {
    this.serviceId = group.serviceId;
    this.traffic = traffic;
    this.clock = clock;
    this.limits = limits;
    this.update(group);
  }

  /** Round robin over the healthy targets; while there is none, over the unhealthy ones (an ALB fails open), and while
   *  there is none of these either, over those that have not been checked. Never a draining one. */
  next(): Target | undefined {
    const { eligible } = this;
    if (eligible.length === 0) return undefined;
    this.turn = (this.turn + 1) % eligible.length;
    return eligible[this.turn];
  }

  /** For a flow from this address: with stickiness always the same target, as long as it may be given something. */
  nextFor(client: string): Target | undefined {
    if (this.stickiness?.type !== "source_ip") return this.next();
    const ranked = this.eligible.map((target) => ({ target, rank: rankOf(client, target.task) }));
    return ranked.toSorted((one, other) => (one.rank < other.rank ? -1 : 1))[0]?.target;
  }

  /** The target of this task, while it is one of those that get requests. */
  eligibleTarget(task: string | undefined): Target | undefined {
    return this.eligible.find((target) => target.task === task);
  }

  /** While there are better ones, it gets nothing more and loses what it has. */
  outranks(target: Target): boolean {
    return target.state === "unhealthy" && this.eligible.length > 0 && !this.eligible.includes(target);
  }

  update(group: EdgeTargetGroup): void {
    this.serviceId = group.serviceId;
    this.version = group.version;
    this.stickiness = group.stickiness;
    const targets = new Map<string, Target>();
    for (const picture of group.targets) {
      const key = `${picture.task} ${picture.address} ${picture.port} ${picture.tls === true}`;
      const target =
        this.targets.get(key) ?? new Target(picture, this.traffic.of(picture.task), this.clock, this.limits);
      target.update(picture.state);
      targets.set(key, target);
      this.targets.delete(key);
    }
    this.retire();
    this.targets = targets;
    const inState = (state: Target["state"]) => [...targets.values()].filter((target) => target.state === state);
    this.eligible =
      ([inState("healthy"), inState("unhealthy")] as const).find(({ length }) => length > 0) ?? inState("initial");
  }

  retire(): void {
    for (const target of this.targets.values()) target.retire();
    this.eligible = [];
  }

  sweep(): void {
    for (const target of this.targets.values()) target.sweep();
  }
}

/** Ranks do not change when other targets come and go. A client on loopback is one, whichever address it took. */
function rankOf(client: string, task: string): string {
  const address = client === "::1" ? "127.0.0.1" : client;
  return createHash("sha256").update(`${address} ${task}`).digest("hex");
}
