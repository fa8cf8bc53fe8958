/** A range of IPv4 addresses as its first and last one. */
export interface Ipv4Range {
  first: number;
  last: number;
  /** How many bits all its addresses share. */
  prefix: number;
}

/** `10.0.0.0/16`; undefined for what is no such range. Bits behind the prefix do not count. */
export function parseIpv4Range(text: string): Ipv4Range | undefined {
  const [, address = "", bits = ""] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const parts = address.split(".").filter((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  const prefix = Number(bits);
  if (parts.length !== 4 || address.split(".").length !== 4 || bits === "" || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  const number = parts.reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(number / size) * size;
  return { first, last: first + size - 1, prefix };
}

export function contains(outer: Ipv4Range, inner: Ipv4Range): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

export function overlap(a: Ipv4Range, b: Ipv4Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}
