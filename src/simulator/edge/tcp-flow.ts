import { type Socket, connect } from "node:net";
import type { CoarseClock } from "./clock.ts";
import type { EdgeLimits } from "./limits.ts";
import type { Target } from "./target.ts";

/** A client's connection passed on to a target, byte by byte, each direction ended when its sender ends it. Counts as
 *  open at the target until both sides have closed. */
export class TcpFlow {
  readonly target: Target;
  private readonly client: Socket;
  private readonly upstream: Socket;
  private readonly clock: CoarseClock;
  private readonly limits: EdgeLimits;
  private lastAt: number;
  private connected = false;
  private open = 2;

  /** @param over called when both sides have closed */
  constructor(client: Socket, target: Target, clock: CoarseClock, limits: EdgeLimits, over: () => void) {
    this.client = client;
    this.target = target;
    this.clock = clock;
    this.limits = limits;
    this.lastAt = clock.now;
    target.traffic.open += 1;
    this.upstream = connect({ host: target.address, port: target.port, noDelay: true, allowHalfOpen: true });
    this.upstream.once("connect", () => (this.connected = true));
    const closed = () => {
      this.open -= 1;
      if (this.open > 0) return;
      target.traffic.closed();
      over();
    };
    this.pass(client, this.upstream, closed);
    this.pass(this.upstream, client, closed);
  }

  sweep(): void {
    const passed = this.clock.now - this.lastAt;
    if (passed > (this.connected ? this.limits.tcpFlowIdleMs : this.limits.connectMs)) this.reset();
  }

  /** Both sides see that the connection was broken off. */
  reset(): void {
    for (const socket of [this.client, this.upstream]) breakOff(socket);
  }

  private pass(from: Socket, to: Socket, closed: () => void): void {
    let broken = false;
    from.on("data", (bytes: Buffer) => {
      this.lastAt = this.clock.now;
      if (!to.write(bytes)) from.pause();
    });
    to.on("drain", () => {
      this.lastAt = this.clock.now;
      from.resume();
    });
    from.on("end", () => to.end());
    from.on("error", () => (broken = true));
    from.on("close", () => {
      // Half of a connection may close in peace while the other half is still in use; without its end it was broken off.
      if (broken || !from.readableEnded) breakOff(to);
      closed();
    });
  }
}

/** A reset instead of an end, where there is a connection to reset. */
function breakOff(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.connecting) socket.destroy();
  else socket.resetAndDestroy();
}
