import { type RemoteInfo, type Socket as UdpSocket, createSocket } from "node:dgram";
import { type Socket, createServer } from "node:net";

/** Where something listens. */
export interface Bound {
  port: number;
  hosts: string[];
  /** Accepts nothing more; what has been accepted goes on. */
  stop: () => void;
}

/** Listens on one port of an address. @returns what ends that; `closed` is called when the port is free @throws PortTaken */
export type BindOne = (port: number, host: string) => Promise<(closed?: () => void) => void>;

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
export async function bindLoopback(port: number, bind: BindOne): Promise<Bound> {
  const stopFour = await bind(port, "127.0.0.1");
  try {
    const stopSix = await bind(port, "::1");
    return {
      port,
      hosts: ["127.0.0.1", "::1"],
      stop: () => {
        stopFour();
        stopSix();
      },
    };
  } catch (error) {
    if (error instanceof PortTaken && isNoSuchAddress(error.code))
      return { port, hosts: ["127.0.0.1"], stop: stopFour };
    await new Promise<void>((resolve) => stopFour(resolve));
    throw error;
  }
}

/** The first port from `firstPort` up that is free in both families and not in `kept`.
 *  @throws PortTaken of the last one tried, when none is free */
export async function bindFirstFree(firstPort: number, kept: ReadonlySet<number>, bind: BindOne): Promise<Bound> {
  for (let port = firstPort; ; port += 1) {
    if (kept.has(port) && port < 65_535) continue;
    try {
      return await bindLoopback(port, bind);
    } catch (error) {
      if (!(error instanceof PortTaken) || port >= 65_535) throw error;
    }
  }
}

/** Connections on a port, half-open ones too. */
export function bindTcp(accept: (socket: Socket) => void): BindOne {
  return (port, host) =>
    new Promise((resolve, reject) => {
      const server = createServer({ noDelay: true, allowHalfOpen: true }, accept);
      server.once("error", (error: NodeJS.ErrnoException) => reject(new PortTaken(port, host, error.code)));
      server.listen({ port, host, ipv6Only: true, backlog: 1024 }, () => {
        // A failing accept (no descriptors left) concerns the client that comes, not those that are served.
        server.on("error", () => {});
        resolve((closed) => void server.close(closed));
      });
    });
}

/** Datagrams on a port. */
export function bindUdp(received: (socket: UdpSocket, datagram: Buffer, from: RemoteInfo) => void): BindOne {
  return (port, host) =>
    new Promise((resolve, reject) => {
      const socket = createSocket(host.includes(":") ? { type: "udp6", ipv6Only: true } : { type: "udp4" });
      socket.once("error", (error: NodeJS.ErrnoException) => {
        socket.close();
        reject(new PortTaken(port, host, error.code));
      });
      socket.on("message", (datagram, from) => received(socket, datagram, from));
      socket.bind({ port, address: host, exclusive: true }, () => {
        socket.on("error", () => {});
        resolve((closed) => void socket.close(closed));
      });
    });
}

function isNoSuchAddress(code: string | undefined): boolean {
  return code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT" || code === "EPROTONOSUPPORT";
}
