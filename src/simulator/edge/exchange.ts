import { type BodyTracker, trackBody } from "./http/body-framing.ts";
import { type RequestHead, isIdempotent } from "./http/request-head.ts";
import { type ResponseHead, readResponseHead } from "./http/response-head.ts";
import type { ClientConnection } from "./client-connection.ts";
import type { Destination } from "./client-host.ts";
import type { OwnAnswer } from "./own-answer.ts";
import type { Target } from "./target.ts";
import type { TargetConnection, TargetConnectionUser } from "./target-connection.ts";
import { Tunnel } from "./tunnel.ts";
import type { Upstream } from "./upstream.ts";
import { whyUnanswered } from "./why-unanswered.ts";
import { writeHead } from "./write-head.ts";

type Phase =
  /** Nothing final has come from the target. */
  | "head"
  | "body"
  /** The response is out; the request's body is still coming in. */
  | "answered"
  | "over";

/** One request at one target, from its head to the end of its response. Counts as open from its making until it is over. */
export class Exchange implements Upstream, TargetConnectionUser {
  private readonly client: ClientConnection;
  private readonly head: RequestHead;
  private readonly serviceId: string;
  private readonly addedFields: string;
  private readonly target: Target;
  private connection: TargetConnection;
  private phase: Phase = "head";
  private requestDone = false;
  private requestBodySent = false;
  private retried = false;
  /** Part of a response's head. */
  private partial: Buffer | undefined;
  private body: BodyTracker | undefined;
  private response: ResponseHead | undefined;
  /** The client's connection goes on after this. */
  private clientStays = false;
  /** The content of chunks for a client that does not know them. */
  private unchunk = false;
  private surplus = false;
  private lastAt: number;

  constructor(client: ClientConnection, head: RequestHead, { target, serviceId, addedFields }: Destination) {
    this.client = client;
    this.head = head;
    this.target = target;
    this.serviceId = serviceId;
    this.addedFields = addedFields;
    this.lastAt = client.now;
    target.traffic.open += 1;
    this.connection = target.take();
    this.connection.user = this;
  }

  get begun(): boolean {
    return this.phase !== "head";
  }

  /** Sends the head, with what there is of the body.
   *  @param complete the body ends here */
  start(body: Buffer | undefined, complete: boolean): void {
    this.requestDone = complete;
    this.requestBodySent = body !== undefined;
    if (!writeHead(this.connection.socket, this.head.forTarget, body)) this.client.pause();
  }

  send(bytes: Buffer): void {
    this.lastAt = this.client.now;
    this.requestBodySent = true;
    if (!this.connection.socket.write(bytes)) this.client.pause();
  }

  sent(): void {
    this.requestDone = true;
    if (this.phase === "answered") this.finish();
  }

  clientEnded(): void {
    this.abort();
  }

  clientDrained(): void {
    this.lastAt = this.client.now;
    this.connection.socket.resume();
  }

  abort(): void {
    if (this.phase === "over") return;
    this.over();
    this.connection.destroy();
  }

  sweep(): void {
    const { limits, now } = this.client;
    const idle = now - this.lastAt > limits.idleMs;
    if (this.phase === "head" && !this.connection.connected && now - this.connection.startedAt > limits.connectMs)
      this.fail({
        status: 504,
        reason: `${this.who()} did not take the connection within ${limits.connectMs / 1000} s`,
      });
    else if (!idle) return;
    else if (this.phase !== "head") this.truncate();
    else if (!this.requestDone && !this.client.paused)
      this.fail({ status: 408, reason: `the client sent nothing more of the request for ${limits.idleMs / 1000} s` });
    else this.fail({ status: 504, reason: `${this.who()} did not answer within ${limits.idleMs / 1000} s` });
  }

  received(bytes: Buffer): void {
    this.lastAt = this.client.now;
    if (this.phase === "body") this.receivedBody(bytes);
    else if (this.phase === "head") this.receivedHead(bytes);
    else this.surplus = true;
  }

  drained(): void {
    this.lastAt = this.client.now;
    this.client.resume();
  }

  ended(): void {
    this.connection.socket.destroy();
  }

  closed(error: NodeJS.ErrnoException | undefined): void {
    if (this.phase === "head") this.closedUnanswered(error);
    else if (this.phase === "body") {
      if (this.response?.framing === "until-close" && error === undefined) this.responseEnded();
      else this.truncate();
    } else if (this.phase === "answered") {
      this.over();
      this.client.answeredEarly();
    }
  }

  private receivedHead(received: Buffer): void {
    let bytes = this.partial === undefined ? received : Buffer.concat([this.partial, received]);
    this.partial = undefined;
    for (;;) {
      const response = readResponseHead(bytes, this.head.minor === 1, this.client.limits);
      if (response === undefined) {
        this.partial = bytes;
        return;
      }
      if (typeof response === "string") {
        this.fail({ status: 502, reason: `${this.who()} sent ${response}` });
        return;
      }
      bytes = bytes.subarray(response.size);
      if (response.status === 101) {
        this.openTunnel(response, bytes);
        return;
      }
      if (response.status >= 200) {
        this.answer(response, bytes);
        return;
      }
      if (this.head.minor === 1) this.client.write(`${response.forClient}\r\n`);
      if (bytes.length === 0) return;
    }
  }

  private answer(response: ResponseHead, rest: Buffer): void {
    if (this.head.method === "HEAD" || response.status === 204 || response.status === 304) response.framing = 0;
    const { framing } = response;
    this.response = response;
    this.phase = "body";
    this.body = trackBody(framing);
    this.unchunk = framing === "chunked" && this.head.minor === 0;
    this.clientStays =
      this.head.keepAlive &&
      framing !== "until-close" &&
      !this.unchunk &&
      !this.client.leaves() &&
      (this.requestDone || (response.keepAlive && !this.head.expectsContinue));
    const head = `${response.forClient}${this.addedFields}Connection: ${this.clientStays ? "keep-alive" : "close"}\r\n\r\n`;
    if (this.unchunk) {
      this.client.write(head);
      this.receivedBody(rest);
      return;
    }
    const taken = this.body.take(rest);
    this.surplus = taken >= 0 && taken < rest.length;
    if (!this.client.writeHead(head, taken <= 0 ? undefined : rest.subarray(0, taken))) this.connection.socket.pause();
    if (taken < 0) this.truncate();
    else if (this.body.done) this.responseEnded();
  }

  private receivedBody(bytes: Buffer): void {
    const body = this.body!;
    const taken = body.take(bytes, this.unchunk ? (part) => this.deliver(part) : undefined);
    if (taken < 0) {
      this.truncate();
      return;
    }
    if (!this.unchunk && taken > 0) this.deliver(taken === bytes.length ? bytes : bytes.subarray(0, taken));
    if (taken < bytes.length) this.surplus = true;
    if (body.done) this.responseEnded();
  }

  private deliver(bytes: Buffer): void {
    if (!this.client.write(bytes)) this.connection.socket.pause();
  }

  private openTunnel(response: ResponseHead, rest: Buffer): void {
    if (this.head.upgrade === undefined || !this.requestDone) {
      this.fail({ status: 502, reason: `${this.who()} switched protocols without being asked` });
      return;
    }
    this.phase = "over";
    const tunnel = new Tunnel(this.client, this.target, this.connection);
    const upgrade = response.upgrade ?? this.head.upgrade;
    this.client.write(`${response.forClient}Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n\r\n`);
    if (rest.length > 0) tunnel.received(rest);
    this.client.tunnelOpened(tunnel);
  }

  private responseEnded(): void {
    this.phase = "answered";
    if (this.requestDone || !this.clientStays || this.connection.socket.destroyed) this.finish();
  }

  private finish(): void {
    const response = this.response!;
    this.over();
    if (this.requestDone && response.keepAlive && !this.surplus && !this.connection.socket.destroyed)
      this.target.release(this.connection, response.keepAliveSeconds);
    else this.connection.destroy();
    if (!this.requestDone) this.client.answeredEarly();
    else this.client.answered(this.clientStays);
  }

  private closedUnanswered(error: NodeJS.ErrnoException | undefined): void {
    if (this.connection.reused && !this.retried && this.partial === undefined && this.canBeSentAgain()) {
      this.sendAgain();
      return;
    }
    this.fail(whyUnanswered(this.who(), this.connection.connected, error?.code));
  }

  private canBeSentAgain(): boolean {
    return !this.requestBodySent && isIdempotent(this.head) && this.target.accepts;
  }

  private sendAgain(): void {
    this.retried = true;
    this.connection = this.target.connect();
    this.connection.user = this;
    if (this.connection.socket.write(this.head.forTarget, "latin1")) this.client.resume();
  }

  private fail(answer: OwnAnswer): void {
    this.over();
    this.connection.destroy();
    this.client.refuse(answer, this.head, this.requestDone);
  }

  /** The client must see that the response is not whole. */
  private truncate(): void {
    this.over();
    this.connection.destroy();
    this.client.destroy();
  }

  private over(): void {
    if (this.phase === "over") return;
    this.phase = "over";
    this.target.traffic.closed();
  }

  private who(): string {
    return `target ${this.target.address}:${this.target.port} of ${this.serviceId}`;
  }
}
