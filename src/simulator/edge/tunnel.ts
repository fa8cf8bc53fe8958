import type { ClientConnection } from "./client-connection.ts";
import type { Target } from "./target.ts";
import type { TargetConnection, TargetConnectionUser } from "./target-connection.ts";
import type { Upstream } from "./upstream.ts";

/** An upgraded connection: bytes pass both ways. Takes over from the exchange that opened it, and its place among the
 *  target's open requests. */
export class Tunnel implements Upstream, TargetConnectionUser {
  readonly begun = true;
  private readonly client: ClientConnection;
  private readonly target: Target;
  private readonly connection: TargetConnection;
  private open = true;
  private lastAt: number;

  constructor(client: ClientConnection, target: Target, connection: TargetConnection) {
    this.client = client;
    this.target = target;
    this.connection = connection;
    this.lastAt = client.now;
    connection.user = this;
  }

  send(bytes: Buffer): void {
    this.lastAt = this.client.now;
    if (!this.connection.socket.write(bytes)) this.client.pause();
  }

  sent(): void {}

  clientEnded(): void {
    this.connection.socket.end();
  }

  clientDrained(): void {
    this.lastAt = this.client.now;
    this.connection.socket.resume();
  }

  abort(): void {
    if (!this.open) return;
    this.over();
    this.connection.socket.destroySoon();
  }

  sweep(): void {
    if (this.client.now - this.lastAt <= this.client.limits.idleMs) return;
    this.over();
    this.connection.destroy();
    this.client.destroy();
  }

  received(bytes: Buffer): void {
    this.lastAt = this.client.now;
    if (this.open && !this.client.write(bytes)) this.connection.socket.pause();
  }

  drained(): void {
    this.lastAt = this.client.now;
    this.client.resume();
  }

  ended(): void {
    if (this.open) this.client.endTunnel();
    else this.connection.socket.destroy();
  }

  closed(error: NodeJS.ErrnoException | undefined): void {
    if (!this.open) return;
    this.over();
    if (error === undefined) this.client.answeredEarly();
    else this.client.destroy();
  }

  private over(): void {
    this.open = false;
    this.target.traffic.closed();
  }
}
