import type { EdgeLimits } from "../limits.ts";
import type { Framing } from "./body-framing.ts";
import { contentLength, fieldKind, listMembers } from "./field-kind.ts";
import { FAULT, FieldScanner, INCOMPLETE } from "./field-scanner.ts";
import { afterLine, withoutNominated } from "./request-head.ts";

/** A response's head, read strictly. */
export interface ResponseHead {
  status: number;
  /** Status line and fields for the client, without hop-by-hop ones, Connection and the blank line. */
  forClient: string;
  /** As the fields say; the request's method and the status decide whether there is a body at all. */
  framing: Framing;
  /** The target goes on with this connection after the response. */
  keepAlive: boolean;
  /** `Keep-Alive: timeout=N`, in seconds. */
  keepAliveSeconds: number | undefined;
  upgrade: string | undefined;
  size: number;
}

const scanner = new FieldScanner();

/** Reads the head at the start of `bytes`; undefined while it is not all there, a text when it is malformed.
 *  @param chunks whether Transfer-Encoding may stay in what the client gets */
export function readResponseHead(
  bytes: Buffer,
  chunks: boolean,
  limits: EdgeLimits,
): ResponseHead | string | undefined {
  const lineEnd = statusLineEnd(bytes);
  if (lineEnd === FAULT) return "a status line that is not HTTP/1";
  const end = lineEnd === INCOMPLETE ? INCOMPLETE : scanner.scan(bytes, lineEnd + 2, limits.responseHeadBytes);
  if (end === FAULT) return scanner.fault;
  if (end > limits.responseHeadBytes || (end === INCOMPLETE && bytes.length > limits.responseHeadBytes))
    return `response headers over ${limits.responseHeadBytes} bytes`;
  if (end === INCOMPLETE) return undefined;
  return interpret(bytes.toString("latin1", 0, end), lineEnd, chunks);
}

function interpret(text: string, lineEnd: number, chunks: boolean): ResponseHead | string {
  const status = Number(text.slice(9, 12));
  if (status < 100) return `the status ${text.slice(9, 12)}`;
  const bodiless = status < 200 || status === 204;
  const minor = text.charCodeAt(7) - 48;
  let kept = `HTTP/1.1${text.slice(8, lineEnd)}${lineEnd === 12 ? " " : ""}\r\n`;
  let keptFrom = lineEnd + 2;
  let length: number | undefined;
  let chunked = false;
  let connection: string[] | undefined;
  let upgrade: string | undefined;
  let keepAliveSeconds: number | undefined;

  for (let index = 0; index < scanner.count; index += 1) {
    const start = scanner.nameStart(index);
    const kind = fieldKind(text, start, scanner.nameEnd(index));
    if (kind === undefined) continue;
    const valueEnd = scanner.valueEnd(index);
    const value = text.slice(scanner.valueStart(index), valueEnd);
    let keep = true;
    switch (kind) {
      case "content-length": {
        const counted = contentLength(value);
        if (counted === undefined) return "a Content-Length that is not a number";
        if (length !== undefined) return "more than one Content-Length";
        length = counted;
        keep = !bodiless;
        break;
      }
      case "transfer-encoding":
        if (chunked || value.toLowerCase() !== "chunked") return "a Transfer-Encoding other than chunked";
        chunked = true;
        keep = chunks && !bodiless;
        break;
      case "connection":
        connection = connection === undefined ? listMembers(value) : connection.concat(listMembers(value));
        keep = false;
        break;
      case "keep-alive": {
        const timeout = /(?:^|[,\s])timeout=(\d{1,6})/i.exec(value);
        if (timeout !== null) keepAliveSeconds = Number(timeout[1]);
        keep = false;
        break;
      }
      case "upgrade":
        upgrade = value;
        keep = status !== 101;
        break;
      case "proxy-connection":
        keep = false;
        break;
    }
    if (!keep) {
      kept += text.slice(keptFrom, start);
      keptFrom = afterLine(text, valueEnd);
    }
  }
  if (length !== undefined && chunked) return "both Content-Length and Transfer-Encoding";
  kept += text.slice(keptFrom, text.length - 2);
  return {
    status,
    forClient: connection === undefined ? kept : withoutNominated(kept, connection),
    framing: chunked ? "chunked" : (length ?? "until-close"),
    keepAlive:
      minor === 1
        ? connection?.includes("close") !== true
        : connection?.includes("keep-alive") === true && !connection.includes("close"),
    keepAliveSeconds,
    upgrade,
    size: text.length,
  };
}

const VERSION = "HTTP/1.";

/** The end of `HTTP/1.x NNN reason`, INCOMPLETE, or FAULT as soon as a byte does not fit. */
function statusLineEnd(bytes: Buffer): number {
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (at < 7) {
      if (byte !== VERSION.charCodeAt(at)) return FAULT;
    } else if (at === 7) {
      if (byte !== 48 && byte !== 49) return FAULT;
    } else if (at === 8) {
      if (byte !== 32) return FAULT;
    } else if (at < 12) {
      if (byte < 48 || byte > 57) return FAULT;
    } else if (byte === 13) {
      if (at + 1 >= bytes.length) return INCOMPLETE;
      return bytes[at + 1] === 10 ? at : FAULT;
    } else if (at === 12 ? byte !== 32 : byte < 32 && byte !== 9) return FAULT;
  }
  return INCOMPLETE;
}
