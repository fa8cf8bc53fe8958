import { type IncomingMessage, get } from "node:http";
import { get as getTls } from "node:https";
import { connect } from "node:net";
import type { TargetCheck } from "../engine/inputs.ts";
import type { EdgeHealthCheck } from "./edge.ts";
import { askHttp2 } from "./http2-check.ts";
import { matchesStatus } from "./status-matcher.ts";

/** How long a TCP connection must stay open to count: a port that Docker publishes accepts with nothing behind it, and
 *  closes at once. */
const TCP_STAYS_MS = 200;

export interface CheckOutcome {
  /** A failed one's `counts` is for the caller to set. */
  result: TargetCheck;
  /** The program behind the port has said something, right or wrong. */
  answered: boolean;
}

/** Where a check goes. */
export interface CheckedAddress {
  address: string;
  port: number;
  /** With TLS, whatever the certificate. */
  tls: boolean;
}

/** Checks a target once, as ELB does. Never rejects; after `signal` its outcome means nothing. */
export function checkTarget(at: CheckedAddress, check: EdgeHealthCheck, signal: AbortSignal): Promise<CheckOutcome> {
  if (check.protocol === "TCP") return checkTcp(at, check, signal);
  return check.version === undefined ? checkHttp(at, check, signal) : checkHttp2(at, check, signal);
}

function checkHttp(at: CheckedAddress, check: EdgeHealthCheck, signal: AbortSignal): Promise<CheckOutcome> {
  return new Promise((resolve) => {
    const headers = { Host: authorityOf(at), "User-Agent": "ELB-HealthChecker/2.0", Connection: "close" };
    const { address: host, port } = at;
    const options = { host, port, path: check.path, agent: false, headers, signal };
    const heard = (response: IncomingMessage) => {
      response.on("error", () => {});
      response.resume();
      resolve(answeredWith(check, response.statusCode ?? 0));
    };
    const request = at.tls ? getTls({ ...options, rejectUnauthorized: false }, heard) : get(options, heard);
    const timer = setTimeout(() => {
      resolve(timedOut());
      request.destroy();
    }, check.timeoutMs);
    request.on("error", () => resolve(unanswered()));
    request.on("close", () => clearTimeout(timer));
  });
}

/** A gRPC check is a call without a message of the method that the path names. */
async function checkHttp2(at: CheckedAddress, check: EdgeHealthCheck, signal: AbortSignal): Promise<CheckOutcome> {
  const timeout = AbortSignal.timeout(check.timeoutMs);
  const authority = `${at.tls ? "https" : "http"}://${authorityOf(at)}`;
  const call = check.version === "GRPC";
  const answer = await askHttp2(authority, check.path, call, AbortSignal.any([signal, timeout]));
  if (answer !== undefined) return answeredWith(check, answer);
  return timeout.aborted ? timedOut() : unanswered();
}

function authorityOf({ address, port, tls }: CheckedAddress): string {
  const host = address.includes(":") ? `[${address}]` : address;
  return port === (tls ? 443 : 80) ? host : `${host}:${port}`;
}

function checkTcp(
  { address, port }: CheckedAddress,
  check: EdgeHealthCheck,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, signal });
    const end = (outcome: CheckOutcome) => {
      resolve(outcome);
      socket.destroy();
    };
    const passed = () => end({ result: { ok: true }, answered: true });
    const refused = () => end(unanswered());
    let stays: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => end(timedOut()), check.timeoutMs);
    socket.on("connect", () => (stays = setTimeout(passed, Math.min(TCP_STAYS_MS, check.timeoutMs / 2))));
    socket.on("data", passed);
    socket.on("end", refused);
    socket.on("error", refused);
    socket.on("close", () => {
      clearTimeout(timer);
      clearTimeout(stays);
      refused();
    });
  });
}

function answeredWith(check: EdgeHealthCheck, code: number): CheckOutcome {
  const result: TargetCheck = matchesStatus(check.codes, code)
    ? { ok: true }
    : failed("Target.ResponseCodeMismatch", `Health checks failed with these codes: [${code}]`);
  return { result, answered: true };
}

function unanswered(): CheckOutcome {
  return { result: failed("Target.FailedHealthChecks", "Health checks failed"), answered: false };
}

function timedOut(): CheckOutcome {
  return { result: failed("Target.Timeout", "Request timed out"), answered: false };
}

function failed(
  reason: "Target.ResponseCodeMismatch" | "Target.Timeout" | "Target.FailedHealthChecks",
  description: string,
): TargetCheck {
  return { ok: false, counts: true, reason, description };
}
