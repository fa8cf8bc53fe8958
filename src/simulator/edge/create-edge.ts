import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Binding, Edge, EdgeListener, EdgeObserver, EdgePicture } from "./edge.ts";
import { HealthChecks } from "./health-checks.ts";
import { HttpListener } from "./http-listener.ts";
import type { Listener, ListenerParts } from "./listener.ts";
import { type EdgeLimits, albLimits } from "./limits.ts";
import { StickyCookies } from "./sticky-cookies.ts";
import { TargetGroup } from "./target-group.ts";
import { TaskTraffic } from "./task-traffic.ts";
import { TcpListener } from "./tcp-listener.ts";
import { UdpListener } from "./udp-listener.ts";

/** Opens an edge that carries nothing yet. Reports go to `observer`, never from within a call of `apply`.
 *  @param limits other than a load balancer's own, for tests
 *  @param cookieKey 32 bytes: cookies for stickiness that were made with them are known again */
export function createEdge(
  observer: EdgeObserver,
  limits: Partial<EdgeLimits> = {},
  cookieKey: Buffer = randomBytes(32),
): Edge {
  return new LoadBalancer(observer, { ...albLimits, ...limits }, cookieKey);
}

class LoadBalancer implements Edge {
  private readonly clock = { now: performance.now() };
  private readonly groups = new Map<string, TargetGroup>();
  private readonly listeners = new Map<string, Listener>();
  /** Those that are gone from the picture and still have connections. */
  private leaving: Listener[] = [];
  private readonly traffic: TaskTraffic;
  private readonly checks: HealthChecks;
  private readonly limits: EdgeLimits;
  private readonly parts: ListenerParts;
  private readonly sweeper: NodeJS.Timeout;
  private binding: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(observer: EdgeObserver, limits: EdgeLimits, cookieKey: Buffer) {
    this.limits = limits;
    this.parts = { groups: this.groups, clock: this.clock, limits, cookies: new StickyCookies(cookieKey) };
    this.traffic = new TaskTraffic((task) => observer.idle(task));
    this.checks = new HealthChecks((task, targetGroup, result) => observer.checked(task, targetGroup, result));
    this.sweeper = setInterval(() => this.sweep(), limits.sweepMs);
    this.sweeper.unref();
  }

  async apply(picture: EdgePicture): Promise<void> {
    if (this.closed) return;
    this.clock.now = performance.now();
    this.applyGroups(picture);
    this.checks.update(picture.targetGroups);
    this.applyListeners(picture);
    this.binding = this.binding.then(() => this.bindAll());
    await this.binding;
  }

  bindings(): Record<string, Binding> {
    return Object.fromEntries([...this.listeners].map(([id, { port }]) => [id, port.binding]));
  }

  openRequests(task: string): number {
    return this.traffic.open(task);
  }

  async close(graceMs: number): Promise<void> {
    this.closed = true;
    this.checks.stop();
    await this.binding;
    const all = [...this.listeners.values(), ...this.leaving];
    for (const listener of all) listener.close();
    const deadline = performance.now() + graceMs;
    while (all.some(({ connections }) => connections > 0) && performance.now() < deadline) await delay(10);
    for (const listener of all) listener.destroy();
    for (const group of this.groups.values()) group.retire();
    clearInterval(this.sweeper);
  }

  private applyGroups(picture: EdgePicture): void {
    for (const [id, group] of this.groups) {
      if (id in picture.targetGroups) continue;
      group.retire();
      this.groups.delete(id);
    }
    const draining = new Map<string, boolean>();
    for (const [id, group] of Object.entries(picture.targetGroups)) {
      const known = this.groups.get(id);
      if (known !== undefined) known.update(group);
      else this.groups.set(id, new TargetGroup(group, this.traffic, this.clock, this.limits));
      for (const { task, state } of group.targets)
        draining.set(task, state === "draining" && draining.get(task) !== false);
    }
    this.traffic.update(draining);
  }

  private applyListeners(picture: EdgePicture): void {
    const wanted = new Set(picture.listeners.map(({ id }) => id));
    for (const id of this.listeners.keys()) if (!wanted.has(id)) this.letGo(id);
    for (const listener of picture.listeners) {
      if (this.listeners.get(listener.id)?.update(listener) === true) continue;
      this.letGo(listener.id);
      this.listeners.set(listener.id, newListener(listener, this.parts));
    }
  }

  private letGo(id: string): void {
    const listener = this.listeners.get(id);
    if (listener === undefined) return;
    listener.close();
    this.listeners.delete(id);
    this.leaving.push(listener);
  }

  /** Those with a port of their own come first, so that no search takes it. */
  private async bindAll(): Promise<void> {
    const ports = [...this.listeners.values()].map(({ port }) => port);
    const numbers = new Set(ports.flatMap(({ kept }) => kept ?? []));
    for (const port of ports.filter(({ kept }) => kept !== undefined)) await port.bind(numbers);
    for (const port of ports.filter(({ kept }) => kept === undefined)) await port.bind(numbers);
  }

  private sweep(): void {
    this.clock.now = performance.now();
    this.leaving = this.leaving.filter(({ connections }) => connections > 0);
    for (const listener of this.listeners.values()) listener.sweep();
    for (const listener of this.leaving) listener.sweep();
    for (const group of this.groups.values()) group.sweep();
  }
}

function newListener(picture: EdgeListener, parts: ListenerParts): Listener {
  if ("rules" in picture) return new HttpListener(picture, parts);
  return picture.protocol === "TCP" ? new TcpListener(picture, parts) : new UdpListener(picture, parts);
}
