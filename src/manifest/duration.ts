const secondsOf: Record<string, number> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Go keeps durations as 64-bit nanoseconds. */
const longest = 2 ** 63 / 1e9;

/** What Go reads as a duration, as a regular expression. */
export const durationPattern = String.raw`^[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$`;

/** The seconds of a Go duration (`90s`, `1m30s`, `1.5h`, `-2ms`, `0`), with fractions; undefined when it is none. */
export function durationSeconds(text: string): number | undefined {
  const [, sign, parts] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (parts === undefined) return undefined;
  if (parts === "0") return 0;
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(parts)) return undefined;
  let seconds = 0;
  for (const [, number, unit] of parts.matchAll(/([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    seconds += Number(number) * (secondsOf[unit ?? ""] ?? 0);
  }
  if (seconds >= longest) return undefined;
  return sign === "-" ? -seconds : seconds;
}
