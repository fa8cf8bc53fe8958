import { type Server, type Socket, createServer } from "node:net";

export interface Bound {
  port: number;
  hosts: string[];
  servers: Server[];
}

/** The port is in use by another program; `code` is the system's. */
export class PortTaken extends Error {
  readonly port: number;
  readonly host: string;
  readonly code: string | undefined;

  constructor(port: number, host: string, code: string | undefined) {
    super(`port ${port} on ${host} cannot be used (${code ?? "unknown"})`);
    this.port = port;
    this.host = host;
    this.code = code;
  }
}

/** Listens on this port of 127.0.0.1 and, where the machine has it, of ::1: on both or on none.
 *  @throws PortTaken */
export async function bindLoopback(port: number, accept: (socket: Socket) => void): Promise<Bound> {
  const four = await bind(port, "127.0.0.1", accept);
  try {
    return { port, hosts: ["127.0.0.1", "::1"], servers: [four, await bind(port, "::1", accept)] };
  } catch (error) {
    if (error instanceof PortTaken && isNoSuchAddress(error.code))
      return { port, hosts: ["127.0.0.1"], servers: [four] };
    await closeServer(four);
    throw error;
  }
}

/** The first port from `firstPort` up that is free in both families and not in `kept`.
 *  @throws PortTaken of the last one tried, when none is free */
export async function bindFirstFree(
  firstPort: number,
  kept: ReadonlySet<number>,
  accept: (socket: Socket) => void,
): Promise<Bound> {
  for (let port = firstPort; ; port += 1) {
    if (kept.has(port) && port < 65_535) continue;
    try {
      return await bindLoopback(port, accept);
    } catch (error) {
      if (!(error instanceof PortTaken) || port >= 65_535) throw error;
    }
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function bind(port: number, host: string, accept: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true, allowHalfOpen: true }, accept);
    server.once("error", (error: NodeJS.ErrnoException) => reject(new PortTaken(port, host, error.code)));
    server.listen({ port, host, ipv6Only: true, backlog: 1024 }, () => {
      // A failing accept (no descriptors left) concerns the client that comes, not those that are served.
      server.on("error", () => {});
      resolve(server);
    });
  });
}

function isNoSuchAddress(code: string | undefined): boolean {
  return code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT" || code === "EPROTONOSUPPORT";
}
