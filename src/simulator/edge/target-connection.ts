import { type Socket, connect } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Target } from "./target.ts";

/** Whoever uses a connection to a target right now. */
export interface TargetConnectionUser {
  received(bytes: Buffer): void;
  /** The target sends no more. */
  ended(): void;
  /** What was held back has been written. */
  drained(): void;
  closed(error: NodeJS.ErrnoException | undefined): void;
}

/** One connection to a target, used for one request after another. */
export class TargetConnection {
  readonly socket: Socket;
  readonly startedAt: number;
  user: TargetConnectionUser | undefined;
  connected = false;
  /** It has carried a request before. */
  reused = false;
  /** While in the pool: when it is closed for not being used. */
  expiresAt = Infinity;
  private error: NodeJS.ErrnoException | undefined;

  constructor(target: Target, now: number) {
    this.startedAt = now;
    this.socket = open(target);
    this.socket.on(target.tls ? "secureConnect" : "connect", () => (this.connected = true));
    this.socket.on("data", (bytes: Buffer) => {
      if (this.user === undefined) this.destroy();
      else this.user.received(bytes);
    });
    this.socket.on("end", () => {
      if (this.user === undefined) this.destroy();
      else this.user.ended();
    });
    this.socket.on("drain", () => this.user?.drained());
    this.socket.on("error", (error) => (this.error = error));
    this.socket.on("close", () => {
      target.forget(this);
      const { user } = this;
      this.user = undefined;
      user?.closed(this.error);
    });
  }

  /** Ends it at once; its user hears nothing more. */
  destroy(): void {
    this.user = undefined;
    this.socket.destroy();
  }
}

/** A load balancer looks at no certificate of a target. */
function open({ address: host, port, tls }: Target): Socket {
  if (!tls) return connect({ host, port, noDelay: true, allowHalfOpen: true });
  const socket = connectTls({ host, port, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] });
  return socket.setNoDelay();
}
