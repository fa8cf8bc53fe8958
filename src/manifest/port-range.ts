/** The ports of a security group's rule: one (`80`), a range (`8000-9000`), or all of them (`-1`); undefined for what is
 *  none of these. */
export function parsePortRange(text: string): { from: number; to: number } | undefined {
  const [, first, last = first] = /^(-1|\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (first === undefined || (first === "-1" && last !== first)) return undefined;
  const [from, to] = [Number(first), Number(last)];
  return from <= to && to <= 65535 ? { from, to } : undefined;
}
