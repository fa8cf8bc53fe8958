import type { Socket } from "node:net";

/** Up to here one string is cheaper than two writes. */
const SMALL = 8192;

/** Writes a head and the first bytes of its body in one go. @returns false when the socket wants a pause */
export function writeHead(socket: Socket, head: string, body: Buffer | undefined): boolean {
  if (body === undefined || body.length === 0) return socket.write(head, "latin1");
  if (body.length <= SMALL) return socket.write(head + body.toString("latin1", 0, body.length), "latin1");
  socket.cork();
  socket.write(head, "latin1");
  const more = socket.write(body);
  socket.uncork();
  return more;
}
