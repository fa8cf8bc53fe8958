import type { Socket } from "node:net";
import type { ClientHost } from "./client-host.ts";
import { Exchange } from "./exchange.ts";
import { type BodyTracker, trackBody } from "./http/body-framing.ts";
import { type ClientFacts, type RequestHead, readRequestHead, withoutEmptyLines } from "./http/request-head.ts";
import type { EdgeLimits } from "./limits.ts";
import { type OwnAnswer, writeOwnAnswer } from "./own-answer.ts";
import type { Upstream } from "./upstream.ts";
import { writeHead } from "./write-head.ts";

type State =
  /** Between requests, or within a head. */
  | "head"
  | "body"
  /** The request is complete; its response is not. */
  | "waiting"
  | "tunnel"
  /** The last answer is out; what comes in is thrown away. */
  | "lingering";

/** A client's connection: reads one request after another and hands each to a target. Requests sent before the answer to
 *  the one before them wait in `early`. */
export class ClientConnection {
  readonly limits: EdgeLimits;
  paused = false;
  private readonly socket: Socket;
  private readonly host: ClientHost;
  private readonly facts: ClientFacts;
  private readonly openedAt: number;
  private state: State = "head";
  private early: Buffer | undefined;
  private body: BodyTracker | undefined;
  private upstream: Upstream | undefined;
  /** When the present state began, for `head` its first byte. */
  private since: number;
  private reading = false;

  constructor(socket: Socket, host: ClientHost, facts: ClientFacts) {
    this.socket = socket;
    this.host = host;
    this.facts = facts;
    this.limits = host.limits;
    this.openedAt = host.clock.now;
    this.since = this.openedAt;
    socket.on("data", (bytes: Buffer) => this.received(bytes));
    socket.on("end", () => this.ended());
    socket.on("drain", () => this.upstream?.clientDrained());
    socket.on("error", () => {});
    socket.on("close", () => this.closed());
  }

  get now(): number {
    return this.host.clock.now;
  }

  /** This is the last request that the connection carries. */
  leaves(): boolean {
    return this.host.closing || this.now - this.openedAt > this.limits.clientLifeMs;
  }

  write(data: string | Buffer): boolean {
    return typeof data === "string" ? this.socket.write(data, "latin1") : this.socket.write(data);
  }

  writeHead(head: string, body: Buffer | undefined): boolean {
    return writeHead(this.socket, head, body);
  }

  pause(): void {
    this.paused = true;
    this.socket.pause();
  }

  /** The target can take more; not the end of a pause that keeps early requests back. */
  resume(): void {
    if (this.early === undefined) this.flow();
  }

  destroy(): void {
    this.upstream = undefined;
    this.socket.destroy();
  }

  /** The response has been written. */
  answered(stays: boolean): void {
    this.upstream = undefined;
    if (stays && !this.leaves()) this.nextRequest();
    else this.linger();
  }

  /** The response has been written, or cannot come any more, before the request was complete. */
  answeredEarly(): void {
    this.upstream = undefined;
    this.linger();
  }

  tunnelOpened(tunnel: Upstream): void {
    this.state = "tunnel";
    this.upstream = tunnel;
    const { early } = this;
    this.early = undefined;
    this.flow();
    if (early !== undefined) this.upstream?.send(early);
  }

  endTunnel(): void {
    this.socket.end();
  }

  /** Answers instead of a target.
   *  @param complete the whole request has been read, so another may follow */
  refuse(answer: OwnAnswer, head: RequestHead | undefined, complete: boolean): void {
    this.upstream = undefined;
    const stays = head !== undefined && complete && head.keepAlive && !this.leaves();
    this.write(writeOwnAnswer(answer, stays ? "keep-alive" : "close", head?.method === "HEAD"));
    if (stays) this.nextRequest();
    else this.linger();
  }

  sweep(): void {
    const passed = this.now - this.since;
    if (this.upstream !== undefined) this.upstream.sweep();
    else if (this.state === "lingering" && passed > this.lingerMs()) this.socket.destroy();
    else if (this.state === "head" && this.early !== undefined && passed > this.limits.headMs)
      this.refuse(
        { status: 408, reason: `the request's head was not complete after ${this.limits.headMs / 1000} s` },
        undefined,
        false,
      );
    else if (this.state === "head" && this.early === undefined && passed > this.limits.idleMs) this.linger();
  }

  /** Closes it when no request is under way. */
  closeIfIdle(): void {
    if (this.state === "head") this.linger();
  }

  private received(bytes: Buffer): void {
    switch (this.state) {
      case "head":
        if (this.early === undefined) this.since = this.now;
        this.early = this.early === undefined ? bytes : Buffer.concat([this.early, bytes]);
        this.readRequests();
        return;
      case "body":
        this.receivedBody(bytes);
        return;
      case "waiting":
        this.early = this.early === undefined ? bytes : Buffer.concat([this.early, bytes]);
        this.pause();
        return;
      case "tunnel":
        this.upstream?.send(bytes);
        return;
      case "lingering":
        return;
    }
  }

  /** Reads heads as long as one is there and none is being answered. */
  private readRequests(): void {
    if (this.reading) return;
    this.reading = true;
    while (this.state === "head" && this.early !== undefined) {
      const bytes = withoutEmptyLines(this.early);
      const head = bytes.length === 0 ? undefined : readRequestHead(bytes, this.facts, this.limits);
      if (head === undefined) {
        this.early = bytes.length === 0 ? undefined : bytes;
        break;
      }
      this.early = undefined;
      if ("status" in head) this.refuse(head, undefined, false);
      else this.begin(head, bytes.length > head.size ? bytes.subarray(head.size) : undefined);
    }
    this.reading = false;
  }

  private begin(head: RequestHead, rest: Buffer | undefined): void {
    const body = head.framing === 0 ? undefined : trackBody(head.framing);
    const taken = body === undefined || rest === undefined ? 0 : body.take(rest);
    if (taken < 0) {
      this.refuse({ status: 400, reason: "a chunk that is not framed as it must be" }, head, false);
      return;
    }
    const complete = body === undefined || body.done;
    this.early = rest === undefined || taken === rest.length ? undefined : rest.subarray(taken);
    this.body = body;
    this.state = complete ? "waiting" : "body";
    const route = this.host.route(head, this.facts.address);
    if ("status" in route) {
      this.refuse(route, head, complete);
      return;
    }
    const exchange = new Exchange(this, head, route);
    this.upstream = exchange;
    exchange.start(taken === 0 ? undefined : rest!.subarray(0, taken), complete);
    if (this.early !== undefined) this.pause();
  }

  private receivedBody(bytes: Buffer): void {
    const body = this.body!;
    const taken = body.take(bytes);
    if (taken < 0) {
      const begun = this.upstream?.begun === true;
      this.upstream?.abort();
      if (begun) this.destroy();
      else this.refuse({ status: 400, reason: "a chunk that is not framed as it must be" }, undefined, false);
      return;
    }
    if (body.done) this.state = "waiting";
    if (taken < bytes.length) {
      this.early = bytes.subarray(taken);
      this.pause();
    }
    this.upstream?.send(taken === bytes.length ? bytes : bytes.subarray(0, taken));
    if (body.done) this.upstream?.sent();
  }

  private nextRequest(): void {
    this.state = "head";
    this.since = this.now;
    this.body = undefined;
    this.flow();
    if (this.early !== undefined) this.readRequests();
  }

  private linger(): void {
    this.state = "lingering";
    this.since = this.now;
    this.early = undefined;
    this.socket.end();
    this.flow();
  }

  private flow(): void {
    if (!this.paused) return;
    this.paused = false;
    this.socket.resume();
  }

  private ended(): void {
    if (this.state === "tunnel") this.upstream?.clientEnded();
    else if (this.state === "head" && this.early === undefined) this.linger();
    else if (this.state !== "lingering") this.socket.destroy();
  }

  private lingerMs(): number {
    return this.socket.writableFinished ? this.limits.lingerMs : this.limits.idleMs;
  }

  private closed(): void {
    const { upstream } = this;
    this.upstream = undefined;
    upstream?.abort();
  }
}
