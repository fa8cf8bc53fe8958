import { type Socket, createSocket } from "node:dgram";
import type { CoarseClock } from "./clock.ts";
import type { Target } from "./target.ts";

/** The datagrams of one client: they all go to one target, from a port of their own, to which the answers come. */
export class UdpFlow {
  readonly target: Target;
  private readonly upstream: Socket;
  private readonly clock: CoarseClock;
  private waiting: Buffer[] | undefined = [];
  private lastAt: number;

  constructor(target: Target, clock: CoarseClock, answer: (datagram: Buffer) => void) {
    this.target = target;
    this.clock = clock;
    this.lastAt = clock.now;
    this.upstream = createSocket(target.address.includes(":") ? "udp6" : "udp4");
    this.upstream.on("message", (datagram) => {
      this.lastAt = clock.now;
      answer(datagram);
    });
    // Nothing listens there: datagrams are lost, as they would be on any network.
    this.upstream.on("error", () => {});
    this.upstream.connect(target.port, target.address, () => {
      const { waiting = [] } = this;
      this.waiting = undefined;
      for (const datagram of waiting) this.upstream.send(datagram);
    });
  }

  send(datagram: Buffer): void {
    this.lastAt = this.clock.now;
    if (this.waiting !== undefined) this.waiting.push(datagram);
    else this.upstream.send(datagram);
  }

  isIdle(limitMs: number): boolean {
    return this.clock.now - this.lastAt > limitMs;
  }

  close(): void {
    this.upstream.close();
  }
}
