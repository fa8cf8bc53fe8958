/** The fields that a proxy has to understand; all others pass as they are. */
export type FieldKind =
  | "connection"
  | "content-length"
  | "expect"
  | "host"
  | "keep-alive"
  | "proxy-connection"
  | "te"
  | "transfer-encoding"
  | "upgrade"
  | "x-amzn-trace-id"
  | "x-forwarded-for"
  | "x-forwarded-port"
  | "x-forwarded-proto";

const kinds: readonly FieldKind[] = [
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
  "x-amzn-trace-id",
  "x-forwarded-for",
  "x-forwarded-port",
  "x-forwarded-proto",
];
const byName = new Map<string, FieldKind>(kinds.map((kind) => [kind, kind]));
const lengths = new Set(kinds.map((kind) => kind.length));
const hasLength = Uint8Array.from({ length: 32 }, (_, length) => (lengths.has(length) ? 1 : 0));

/** The kind of the field whose name stands at `start` to `end` of `text`, whatever its case. */
export function fieldKind(text: string, start: number, end: number): FieldKind | undefined {
  const length = end - start;
  if (length >= 32 || hasLength[length] === 0) return undefined;
  return byName.get(text.slice(start, end).toLowerCase());
}

/** The lower-case members of a comma-separated list such as Connection's. */
export function listMembers(value: string): string[] {
  return value
    .toLowerCase()
    .split(",")
    .map((member) => member.trim())
    .filter((member) => member !== "");
}

/** A Content-Length as RFC 9110 writes it, or undefined: digits only, small enough to be counted exactly. */
export function contentLength(value: string): number | undefined {
  return /^[0-9]{1,15}$/.test(value) ? Number(value) : undefined;
}
