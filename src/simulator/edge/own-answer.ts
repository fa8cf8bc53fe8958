/** A status that the load balancer answers by itself, and the reason that AWS would keep from us. */
export interface OwnAnswer {
  status: number;
  /** Goes into `x-pilotfish-reason`. */
  reason: string;
}

const phrases: Record<number, string> = {
  400: "Bad Request",
  405: "Method Not Allowed",
  408: "Request Timeout",
  414: "URI Too Long",
  463: "Too Many Forwarded Addresses",
  464: "Incompatible Protocol Version",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Temporarily Unavailable",
  504: "Gateway Timeout",
  505: "HTTP Version Not Supported",
};

/** The whole message. `bodiless` is for the answer to HEAD. */
export function writeOwnAnswer(
  { status, reason }: OwnAnswer,
  connection: "keep-alive" | "close",
  bodiless: boolean,
): string {
  const title = `${status} ${phrases[status] ?? "Error"}`;
  const why = reason.replaceAll(/[^ -~]/g, "?");
  const page =
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n` +
    `<center>${escapeHtml(why)}</center>\r\n</body>\r\n</html>\r\n`;
  return (
    `HTTP/1.1 ${title}\r\nServer: pilotfish\r\nDate: ${new Date().toUTCString()}\r\nContent-Type: text/html\r\n` +
    `Content-Length: ${page.length}\r\nConnection: ${connection}\r\nx-pilotfish-reason: ${why}\r\n\r\n${bodiless ? "" : page}`
  );
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
