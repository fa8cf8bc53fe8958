import type { EdgeLimits } from "../limits.ts";
import type { Framing } from "./body-framing.ts";
import { contentLength, fieldKind, listMembers } from "./field-kind.ts";
import { FAULT, FieldScanner, INCOMPLETE, isToken } from "./field-scanner.ts";
import { traceHeader } from "./trace-id.ts";

/** A request's head, read strictly and written anew for the target. */
export interface RequestHead {
  method: string;
  /** Without the query; what listener rules look at. */
  path: string;
  /** The name that the client asked for, as it wrote it, with its port. */
  host: string;
  /** The head to send to a target, with its blank line. Hop-by-hop fields are gone, the forwarded ones are there. */
  forTarget: string;
  framing: Framing;
  /** HTTP/1.0 clients get no chunks, no 1xx. */
  minor: 0 | 1;
  keepAlive: boolean;
  expectsContinue: boolean;
  /** The protocol asked for, such as `websocket`. */
  upgrade: string | undefined;
  /** How many bytes the head took. */
  size: number;
}

/** What is answered instead: a status and why. */
export interface Refused {
  status: number;
  reason: string;
}

/** What a connection adds to each of its requests. */
export interface ClientFacts {
  address: string;
  /** The listener's. */
  port: number;
}

const scanner = new FieldScanner();
const idempotent = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

/** RFC 9110 section 9.2.2: may be sent again when the connection failed. */
export function isIdempotent(head: RequestHead): boolean {
  return idempotent.has(head.method);
}

/** RFC 9112 section 2.2: empty lines before a request are ignored. */
export function withoutEmptyLines(bytes: Buffer): Buffer {
  let at = 0;
  while (bytes[at] === 13 && bytes[at + 1] === 10) at += 2;
  return at === 0 ? bytes : bytes.subarray(at);
}

/** Reads the head at the start of `bytes`; undefined while it is not all there. */
export function readRequestHead(
  bytes: Buffer,
  client: ClientFacts,
  limits: EdgeLimits,
): RequestHead | Refused | undefined {
  const lineEnd = endOfLine(bytes, limits.requestLineBytes);
  if (lineEnd === FAULT) return refuse(400, "the request line has a character that is not allowed");
  if (lineEnd === INCOMPLETE && bytes.length <= limits.requestLineBytes) return undefined;
  if (lineEnd === INCOMPLETE || lineEnd > limits.requestLineBytes)
    return refuse(414, `the request line is over ${limits.requestLineBytes} bytes`);
  const end = scanner.scan(bytes, lineEnd + 2, limits.fieldBytes);
  if (end === FAULT) return refuse(400, scanner.fault);
  if (end > limits.requestHeadBytes || (end === INCOMPLETE && bytes.length > limits.requestHeadBytes))
    return refuse(400, `the request's headers are over ${limits.requestHeadBytes} bytes`);
  if (end === INCOMPLETE) return undefined;
  return interpret(bytes.toString("latin1", 0, end), lineEnd, client, limits);
}

function interpret(text: string, lineEnd: number, client: ClientFacts, limits: EdgeLimits): RequestHead | Refused {
  const methodEnd = text.indexOf(" ");
  const targetEnd = text.indexOf(" ", methodEnd + 1);
  const version = text.slice(targetEnd + 1, lineEnd);
  if (methodEnd <= 0 || methodEnd > lineEnd || targetEnd < 0 || targetEnd > lineEnd || !isWord(text, methodEnd))
    return refuse(400, "the request line is not METHOD TARGET VERSION");
  if (version !== "HTTP/1.1" && version !== "HTTP/1.0")
    return /^HTTP\/[0-9](\.[0-9])?$/.test(version)
      ? refuse(505, `${version} is not spoken here`)
      : refuse(400, "the request line is not METHOD TARGET VERSION");
  const method = text.slice(0, methodEnd);
  if (method === "CONNECT" || method === "TRACE") return refuse(405, `${method} is not allowed`);
  const minor = version === "HTTP/1.1" ? 1 : 0;

  let target = text.slice(methodEnd + 1, targetEnd);
  let host: string | undefined;
  let named = "";
  let kept = "";
  let keptFrom = lineEnd + 2;
  let length: number | undefined;
  let chunked = false;
  let connection: string[] | undefined;
  let upgrade: string | undefined;
  let expectsContinue = false;
  let forwardedFor: string | undefined;
  let traceId: string | undefined;
  let hosts = 0;

  if (target.charCodeAt(0) !== 47 && !(target === "*" && method === "OPTIONS")) {
    const absolute = /^https?:\/\/([^/?#@\s]+)([/?].*)?$/i.exec(target);
    if (absolute === null) return refuse(400, "the request's target is neither a path nor a URL");
    host = absolute[1]!;
    target = absolute[2] ?? "/";
    if (target.startsWith("?")) target = `/${target}`;
  }

  for (let index = 0; index < scanner.count; index += 1) {
    const start = scanner.nameStart(index);
    const kind = fieldKind(text, start, scanner.nameEnd(index));
    if (kind === undefined) continue;
    const valueEnd = scanner.valueEnd(index);
    const value = text.slice(scanner.valueStart(index), valueEnd);
    let keep = false;
    switch (kind) {
      case "host":
        hosts += 1;
        if (hosts > 1) return refuse(400, "more than one Host");
        keep = host === undefined;
        named = value;
        break;
      case "content-length": {
        const counted = endsInTab(text, valueEnd) ? undefined : contentLength(value);
        if (counted === undefined) return refuse(400, "a Content-Length that is not a number");
        if (length !== undefined) return refuse(400, "more than one Content-Length");
        length = counted;
        keep = true;
        break;
      }
      case "transfer-encoding":
        if (chunked || minor === 0) return refuse(400, "a Transfer-Encoding that does not belong here");
        if (value.toLowerCase() !== "chunked") return refuse(501, "a Transfer-Encoding other than chunked");
        chunked = true;
        keep = true;
        break;
      case "connection":
        connection = connection === undefined ? listMembers(value) : connection.concat(listMembers(value));
        break;
      case "upgrade":
        upgrade = upgrade === undefined ? value : `${upgrade}, ${value}`;
        break;
      case "expect":
        if (value.toLowerCase() === "100-continue") expectsContinue = minor === 1;
        keep = true;
        break;
      case "te":
        keep = value.toLowerCase() === "trailers";
        break;
      case "x-forwarded-for":
        forwardedFor = forwardedFor === undefined ? value : `${forwardedFor}, ${value}`;
        break;
      case "x-amzn-trace-id":
        traceId ??= value;
        break;
    }
    if (!keep) {
      kept += text.slice(keptFrom, start);
      keptFrom = afterLine(text, valueEnd);
    }
  }
  if (length !== undefined && chunked) return refuse(400, "both Content-Length and Transfer-Encoding");
  if (hosts === 0 && host === undefined) {
    if (minor === 1) return refuse(400, "no Host");
    host = `${client.address.includes(":") ? `[${client.address}]` : client.address}:${client.port}`;
  }
  if (forwardedFor !== undefined && forwardedFor.split(",").length > limits.forwardedAddresses)
    return refuse(463, `more than ${limits.forwardedAddresses} addresses in X-Forwarded-For`);

  const end = text.length;
  kept += text.slice(keptFrom, end - 2);
  if (connection !== undefined) kept = withoutNominated(kept, connection);
  const upgrades =
    connection?.includes("upgrade") === true && minor === 1 && upgrade !== undefined && !/^h2c?$/i.test(upgrade);
  const query = target.indexOf("?");
  return {
    method,
    path: query < 0 ? target : target.slice(0, query),
    host: host ?? named,
    forTarget:
      `${method} ${target} HTTP/1.1\r\n${host === undefined ? "" : `Host: ${host}\r\n`}${kept}` +
      `X-Forwarded-For: ${forwardedFor === undefined || forwardedFor === "" ? client.address : `${forwardedFor}, ${client.address}`}\r\n` +
      `X-Forwarded-Proto: http\r\nX-Forwarded-Port: ${client.port}\r\nX-Amzn-Trace-Id: ${traceHeader(traceId)}\r\n` +
      (upgrades ? `Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n\r\n` : "\r\n"),
    framing: chunked ? "chunked" : (length ?? 0),
    minor,
    keepAlive:
      minor === 1
        ? connection?.includes("close") !== true
        : connection?.includes("keep-alive") === true && !connection.includes("close"),
    expectsContinue,
    upgrade: upgrades ? upgrade : undefined,
    size: end,
  };
}

/** The end of the first line; INCOMPLETE, or FAULT at any byte that is not visible ASCII or a space. */
function endOfLine(bytes: Buffer, limit: number): number {
  const end = Math.min(bytes.length, limit + 1);
  for (let at = 0; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte >= 32 && byte < 127) continue;
    if (byte !== 13) return FAULT;
    if (at + 1 >= bytes.length) return INCOMPLETE;
    return bytes[at + 1] === 10 ? at : FAULT;
  }
  return INCOMPLETE;
}

function isWord(text: string, end: number): boolean {
  for (let at = 0; at < end; at += 1) if (isToken[text.charCodeAt(at)] !== 1) return false;
  return true;
}

/** From the end of a value, over the space that may follow it, to the next line. */
export function afterLine(text: string, valueEnd: number): number {
  return text.indexOf("\r\n", valueEnd) + 2;
}

/** A tab behind the number is legal, and others refuse it: what frames a message has to be read alike by everybody. */
function endsInTab(text: string, valueEnd: number): boolean {
  let at = valueEnd;
  while (text.charCodeAt(at) === 32) at += 1;
  return text.charCodeAt(at) === 9;
}

const neverNominated = new Set(["content-length", "transfer-encoding", "host", "close", "keep-alive", "upgrade", "te"]);

/** Takes out the fields that Connection names (RFC 9110 section 7.6.1), but for those that frame or address the message. */
export function withoutNominated(fields: string, connection: string[]): string {
  const names = connection.filter((name) => !neverNominated.has(name));
  if (names.length === 0) return fields;
  return fields
    .split("\r\n")
    .filter((line) => !names.includes(line.slice(0, Math.max(0, line.indexOf(":"))).toLowerCase()))
    .join("\r\n");
}

function refuse(status: number, reason: string): Refused {
  return { status, reason };
}
