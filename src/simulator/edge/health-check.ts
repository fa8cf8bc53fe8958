import { get } from "node:http";
import { connect } from "node:net";
import type { TargetCheck } from "../engine/inputs.ts";
import type { EdgeHealthCheck } from "./edge.ts";
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

/** Checks a target once, as ELB does. Never rejects; after `signal` its outcome means nothing. */
export function checkTarget(
  address: string,
  port: number,
  check: EdgeHealthCheck,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  return check.protocol === "TCP" ? checkTcp(address, port, check, signal) : checkHttp(address, port, check, signal);
}

function checkHttp(host: string, port: number, check: EdgeHealthCheck, signal: AbortSignal): Promise<CheckOutcome> {
  return new Promise((resolve) => {
    const address = host.includes(":") ? `[${host}]` : host;
    const headers = {
      Host: port === 80 ? address : `${address}:${port}`,
      "User-Agent": "ELB-HealthChecker/2.0",
      Connection: "close",
    };
    const request = get({ host, port, path: check.path, agent: false, headers, signal }, (response) => {
      const status = response.statusCode ?? 0;
      response.on("error", () => {});
      response.resume();
      const result: TargetCheck = matchesStatus(check.codes, status)
        ? { ok: true }
        : failed("Target.ResponseCodeMismatch", `Health checks failed with these codes: [${status}]`);
      resolve({ result, answered: true });
    });
    const timer = setTimeout(() => {
      resolve(timedOut());
      request.destroy();
    }, check.timeoutMs);
    request.on("error", () =>
      resolve({ result: failed("Target.FailedHealthChecks", "Health checks failed"), answered: false }),
    );
    request.on("close", () => clearTimeout(timer));
  });
}

function checkTcp(host: string, port: number, check: EdgeHealthCheck, signal: AbortSignal): Promise<CheckOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal });
    const end = (outcome: CheckOutcome) => {
      resolve(outcome);
      socket.destroy();
    };
    const passed = () => end({ result: { ok: true }, answered: true });
    const refused = () => end({ result: failed("Target.FailedHealthChecks", "Health checks failed"), answered: false });
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

function timedOut(): CheckOutcome {
  return { result: failed("Target.Timeout", "Request timed out"), answered: false };
}

function failed(
  reason: "Target.ResponseCodeMismatch" | "Target.Timeout" | "Target.FailedHealthChecks",
  description: string,
): TargetCheck {
  return { ok: false, counts: true, reason, description };
}
