import type { Socket } from "node:net";
import { bindTcp } from "./bind-loopback.ts";
import { ClientConnection } from "./client-connection.ts";
import type { ClientHost, Route } from "./client-host.ts";
import type { CoarseClock } from "./clock.ts";
import type { EdgeHttpListener, EdgeListener } from "./edge.ts";
import type { RequestHead } from "./http/request-head.ts";
import type { EdgeLimits } from "./limits.ts";
import { ListenerPort } from "./listener-port.ts";
import type { Listener, ListenerParts } from "./listener.ts";
import { RoutingTable } from "./routing-table.ts";

/** A listener of an Application Load Balancer: its rules, and the connections of its clients. */
export class HttpListener implements Listener, ClientHost {
  readonly port: ListenerPort;
  readonly clock: CoarseClock;
  readonly limits: EdgeLimits;
  closing = false;
  private rules: RoutingTable;
  private readonly parts: ListenerParts;
  private readonly clients = new Set<ClientConnection>();

  constructor(picture: EdgeHttpListener, parts: ListenerParts) {
    this.clock = parts.clock;
    this.limits = parts.limits;
    this.parts = parts;
    this.rules = new RoutingTable(picture.rules);
    this.port = new ListenerPort(
      picture,
      "tcp",
      bindTcp((socket) => this.accept(socket)),
    );
  }

  get connections(): number {
    return this.clients.size;
  }

  /** The new rules hold from the next request on, also on open connections. */
  update(picture: EdgeListener): boolean {
    if (!("rules" in picture)) return false;
    this.port.update(picture);
    this.rules = new RoutingTable(picture.rules);
    return true;
  }

  route(head: RequestHead, client: string): Route {
    const id = this.rules.targetGroupOf(head, client);
    if (id === undefined) return { status: 503, reason: this.rules.refusal(head, client) };
    const group = this.parts.groups.get(id);
    const name = group?.serviceId ?? id;
    if (group?.version === "GRPC")
      return { status: 464, reason: `${name} speaks gRPC there, which passes at an address of its own alone` };
    const sticky = group?.stickiness?.type === "lb_cookie" ? group.stickiness : undefined;
    const now = sticky && Date.now();
    const bound = now && this.parts.cookies.read(head.forTarget, id, now);
    const target = (bound && group?.eligibleTarget(bound)) || group?.next();
    if (target === undefined) return { status: 503, reason: `no registered target of ${name}` };
    const addedFields = sticky && now ? this.parts.cookies.issue(id, target.task, sticky.seconds, now) : "";
    return { target, serviceId: name, addedFields };
  }

  sweep(): void {
    for (const client of this.clients) client.sweep();
  }

  /** Stops accepting; connections end after the request that is under way. */
  close(): void {
    this.closing = true;
    this.port.close();
    for (const client of this.clients) client.closeIfIdle();
  }

  destroy(): void {
    for (const client of this.clients) client.destroy();
  }

  private accept(socket: Socket): void {
    const address = socket.remoteAddress ?? "";
    if (address === "" || this.closing) {
      socket.destroy();
      return;
    }
    const client = new ClientConnection(socket, this, { address, port: socket.localPort ?? 0 });
    this.clients.add(client);
    socket.once("close", () => this.clients.delete(client));
  }
}
