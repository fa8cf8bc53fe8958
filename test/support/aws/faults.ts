import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type AwsError, errorAnswer, protocolOf } from "./answers.ts";
import type { AwsAnswer, AwsCall, Layer } from "./front.ts";

/** What can go wrong between a client and AWS. */
export type Fault = "throttle" | "server-error" | "reset" | "slow" | "malformed" | "denied";

export const allFaults: readonly Fault[] = ["throttle", "server-error", "reset", "slow", "malformed", "denied"];

export interface FaultPlan {
  /** The same calls fail in each run with the same seed, in whatever order they come. */
  seed: number;
  /** Which part of the calls fails: 0.3. */
  share: number;
  kinds: readonly Fault[];
  /** Whether the call has taken effect when it fails. Who is throttled or denied has never been let in. */
  when?: "before" | "after" | "either";
  /** Which calls: `ecs:UpdateService`, `cloudformation:*`; all of them. */
  calls?: readonly string[];
  /** At most so many faults. */
  most?: number;
  /** How long a slow call takes longer. */
  slowMs?: number;
}

export interface Injected {
  /** `ecs:UpdateService` */
  call: string;
  fault: Fault;
  /** Whether the emulator had done what it was asked. */
  tookEffect: boolean;
}

/** A layer that lets calls fail by a plan, and what it did. */
export function faults(plan: FaultPlan): Layer & { injected: Injected[] } {
  const seen = new Map<string, number>();
  const injected: Injected[] = [];
  const layer: Layer = async (call, pass) => {
    const turn = (seen.get(call.name) ?? 0) + 1;
    seen.set(call.name, turn);
    const chance = (what: string) => draw(`${plan.seed} ${call.name} ${turn} ${what}`);
    const isMeant = plan.calls === undefined || plan.calls.some((name) => matches(name, call.name));
    if (!isMeant || injected.length >= (plan.most ?? Infinity) || chance("share") >= plan.share) return pass();
    const fault = plan.kinds[Math.floor(chance("kind") * plan.kinds.length)];
    if (fault === undefined) return pass();
    const when = plan.when ?? "either";
    const isAfter = when === "after" || (when === "either" && chance("when") < 0.5);
    const tookEffect = fault === "slow" || (isAfter && fault !== "throttle" && fault !== "denied");
    injected.push({ call: call.name, fault, tookEffect });
    if (fault === "slow") await delay(plan.slowMs ?? 200);
    const real = tookEffect ? await pass() : undefined;
    return spoil(fault, call, real);
  };
  return Object.assign(layer, { injected });
}

function spoil(fault: Fault, call: AwsCall, real: AwsAnswer | undefined): AwsAnswer | "reset" {
  switch (fault) {
    case "reset":
      return "reset";
    case "slow":
      return real as AwsAnswer;
    case "throttle":
      return errorAnswer(call, throttled(call));
    case "server-error":
      return errorAnswer(call, internal(call));
    case "denied":
      return errorAnswer(call, denied(call));
    case "malformed":
      return malformed(real);
  }
}

/** Half of the answer, or what something between here and AWS says instead of it. */
function malformed(real: AwsAnswer | undefined): AwsAnswer {
  const page = Buffer.from("<html><head><title>Sign in to the network</title></head><body><p>Welcome");
  if (real === undefined || real.body.length < 2)
    return { status: 200, headers: { "content-type": "text/html" }, body: page };
  const { "content-length": _, ...headers } = real.headers;
  return { ...real, headers, body: real.body.subarray(0, Math.floor(real.body.length / 2)) };
}

/** Sources: the services' "Common Errors" pages, and botocore's list of throttling codes. */
function throttled(call: AwsCall): AwsError {
  const message = "Rate exceeded";
  if (call.service === "s3") return { code: "SlowDown", message: "Please reduce your request rate.", status: 503 };
  switch (protocolOf(call)) {
    case "ec2":
      return { code: "RequestLimitExceeded", message: "Request limit exceeded.", status: 503 };
    case "query":
    case "rest-xml":
      return { code: "Throttling", message, status: 400 };
    default:
      return { code: "ThrottlingException", message, status: 400 };
  }
}

function internal(call: AwsCall): AwsError {
  const message = "We encountered an internal error. Please try again.";
  if (call.service === "s3" || protocolOf(call) === "ec2") return { code: "InternalError", message, status: 500 };
  return { code: "InternalFailure", message, status: 500 };
}

function denied(call: AwsCall): AwsError {
  const user = "arn:aws:iam::123456789012:user/deployer";
  const message = `User: ${user} is not authorized to perform: ${call.name} because no identity-based policy allows the ${call.name} action`;
  switch (protocolOf(call)) {
    case "ec2":
      return {
        code: "UnauthorizedOperation",
        message: "You are not authorized to perform this operation.",
        status: 403,
      };
    case "query":
    case "rest-xml":
      return { code: "AccessDenied", message, status: 403 };
    default:
      return { code: "AccessDeniedException", message, status: 400 };
  }
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** Between 0 and 1, by a text. */
function draw(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}
