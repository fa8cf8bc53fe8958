import type { Server, Socket } from "node:net";
import { type Bound, PortTaken, bindFirstFree, bindLoopback } from "./bind-loopback.ts";
import { type ClientHost, ClientConnection, type Route } from "./client-connection.ts";
import type { CoarseClock } from "./clock.ts";
import type { Binding, EdgeListener } from "./edge.ts";
import type { EdgeLimits } from "./limits.ts";
import { portOwner } from "./port-owner.ts";
import { RoutingTable } from "./routing-table.ts";
import type { TargetGroup } from "./target-group.ts";

/** A listener of the load balancer: where it is bound, its rules, and the connections of its clients. */
export class Listener implements ClientHost {
  readonly clock: CoarseClock;
  readonly limits: EdgeLimits;
  closing = false;
  binding: Binding;
  private bound: Bound | undefined;
  private rules: RoutingTable;
  private picture: EdgeListener;
  private readonly groups: ReadonlyMap<string, TargetGroup>;
  private readonly clients = new Set<ClientConnection>();

  constructor(picture: EdgeListener, groups: ReadonlyMap<string, TargetGroup>, clock: CoarseClock, limits: EdgeLimits) {
    this.clock = clock;
    this.limits = limits;
    this.groups = groups;
    this.picture = picture;
    this.rules = new RoutingTable(picture.rules);
    this.binding = { error: "not bound yet", wanted: picture.port ?? picture.firstPort };
  }

  get connections(): number {
    return this.clients.size;
  }

  get keptPort(): number | undefined {
    return this.picture.port;
  }

  /** The new rules hold from the next request on, also on open connections. */
  update(picture: EdgeListener): void {
    this.picture = picture;
    this.rules = new RoutingTable(picture.rules);
  }

  /** It stands where the picture wants it. */
  get inPlace(): boolean {
    return this.bound !== undefined && (this.picture.port === undefined || this.picture.port === this.bound.port);
  }

  /** Binds it, or says in `binding` why not. Never throws.
   *  @param kept ports of other listeners, not to be taken by searching */
  async bind(kept: ReadonlySet<number>): Promise<void> {
    if (this.inPlace || this.closing) return;
    const { port, firstPort } = this.picture;
    const accept = (socket: Socket) => this.accept(socket);
    try {
      const bound = await (port === undefined ? bindFirstFree(firstPort, kept, accept) : bindLoopback(port, accept));
      stop(this.bound?.servers ?? []);
      this.bound = bound;
      this.binding = { port: bound.port, hosts: bound.hosts };
      if (this.closing) stop(bound.servers);
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
      if (this.bound === undefined) this.binding = { error: await explain(error), wanted: port ?? firstPort };
    }
  }

  route(path: string): Route {
    const id = this.rules.targetGroupOf(path);
    if (id === undefined) return { status: 503, reason: `no listener rule matches ${path.slice(0, 200)}` };
    const group = this.groups.get(id);
    const target = group?.next();
    if (group === undefined || target === undefined)
      return { status: 503, reason: `no registered target of ${group?.serviceId ?? id}` };
    return { target, serviceId: group.serviceId };
  }

  sweep(): void {
    for (const client of this.clients) client.sweep();
  }

  /** Stops accepting; connections end after the request that is under way. */
  close(): void {
    this.closing = true;
    stop(this.bound?.servers ?? []);
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

function stop(servers: Server[]): void {
  for (const server of servers) server.close();
}

async function explain({ port, host, code }: PortTaken): Promise<string> {
  if (code === "EACCES") return `port ${port} needs rights that this user does not have`;
  if (code !== "EADDRINUSE") return `port ${port} on ${host} cannot be used: ${code ?? "unknown error"}`;
  const owner = await portOwner(port);
  return `port ${port} is taken by ${owner ?? "another program"}`;
}
