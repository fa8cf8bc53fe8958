import { randomFillSync } from "node:crypto";

const pool = Buffer.allocUnsafeSlow(12 * 512);
let used = pool.length;

/** `1-` seconds in hex `-` 24 random hex digits, as X-Ray writes it. */
function newTraceId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 12;
  return `1-${Math.floor(Date.now() / 1000).toString(16)}-${pool.toString("hex", used - 12, used)}`;
}

/** X-Amzn-Trace-Id as an ALB passes it on: a Root where there is none; else a Self of its own, first. */
export function traceHeader(received: string | undefined): string {
  if (received === undefined || received === "") return `Root=${newTraceId()}`;
  const fields = received.split(";").filter((field) => !/^\s*Self=/.test(field));
  const name = fields.some((field) => /^\s*Root=/.test(field)) ? "Self" : "Root";
  return [`${name}=${newTraceId()}`, ...fields].join(";");
}
