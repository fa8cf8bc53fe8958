import type { CoarseClock } from "./clock.ts";
import type { EdgeTarget } from "./edge.ts";
import type { EdgeLimits } from "./limits.ts";
import { TargetConnection } from "./target-connection.ts";
import type { Traffic } from "./task-traffic.ts";

/** A registered target with the connections to it that wait for the next request. */
export class Target {
  readonly task: string;
  readonly address: string;
  readonly port: number;
  readonly tls: boolean;
  readonly traffic: Traffic;
  state: EdgeTarget["state"];
  retired = false;
  private readonly waiting: TargetConnection[] = [];
  private readonly clock: CoarseClock;
  private readonly limits: EdgeLimits;

  constructor(target: EdgeTarget, traffic: Traffic, clock: CoarseClock, limits: EdgeLimits) {
    this.task = target.task;
    this.address = target.address;
    this.port = target.port;
    this.tls = target.tls === true;
    this.state = target.state;
    this.traffic = traffic;
    this.clock = clock;
    this.limits = limits;
  }

  /** May be given new requests. */
  get accepts(): boolean {
    return !this.retired && this.state !== "draining";
  }

  /** The connection used last, or a new one. */
  take(): TargetConnection {
    for (let connection = this.waiting.pop(); connection !== undefined; connection = this.waiting.pop()) {
      if (connection.socket.destroyed || connection.expiresAt <= this.clock.now) connection.destroy();
      else {
        connection.reused = true;
        return connection;
      }
    }
    return this.connect();
  }

  connect(): TargetConnection {
    return new TargetConnection(this, this.clock.now);
  }

  /** Takes a connection back after its response has ended.
   *  @param seconds how long the target said that it keeps it; it is given up a second and a sweep before that */
  release(connection: TargetConnection, seconds: number | undefined): void {
    connection.user = undefined;
    const told = seconds === undefined ? Infinity : seconds * 1000 - 1000 - this.limits.sweepMs;
    const keepMs = Math.min(this.limits.poolIdleMs, told);
    if (!this.accepts || keepMs <= 0 || this.waiting.length >= this.limits.poolSize) {
      connection.destroy();
      return;
    }
    connection.expiresAt = this.clock.now + keepMs;
    if (connection.socket.isPaused()) connection.socket.resume();
    this.waiting.push(connection);
  }

  forget(connection: TargetConnection): void {
    const index = this.waiting.indexOf(connection);
    if (index >= 0) this.waiting.splice(index, 1);
  }

  /** Closes the connections that have waited too long. */
  sweep(): void {
    for (const connection of this.waiting.filter(({ expiresAt }) => expiresAt <= this.clock.now)) this.drop(connection);
  }

  update(state: EdgeTarget["state"]): void {
    this.state = state;
    if (state === "draining") this.closeWaiting();
  }

  /** It has left its group: nothing new is sent, what is open goes on. */
  retire(): void {
    this.retired = true;
    this.closeWaiting();
  }

  private closeWaiting(): void {
    for (const connection of this.waiting.splice(0)) connection.destroy();
  }

  private drop(connection: TargetConnection): void {
    this.forget(connection);
    connection.destroy();
  }
}
