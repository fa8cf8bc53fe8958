const unitSeconds: Record<string, number> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** The whole seconds of one of Go's durations (`90s`, `1m30s`, `1.5h`), cut as Copilot cuts them.
 *  It has been checked before: anything else is a bug. */
export function seconds(duration: string): number {
  const [, sign, rest = ""] = /^([+-]?)(.*)$/.exec(duration) ?? [];
  const parts = [...rest.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy)];
  if (rest !== "0" && (parts.length === 0 || parts.map(([text]) => text).join("") !== rest)) {
    throw new Error(`not a duration: ${duration}`);
  }
  const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitSeconds[unit ?? ""] ?? 0), 0);
  // Rounding to nanoseconds first, Go's own resolution, keeps 0.1 + 0.2 from losing a second.
  return Math.trunc((sign === "-" ? -1 : 1) * Number(total.toFixed(9)));
}
