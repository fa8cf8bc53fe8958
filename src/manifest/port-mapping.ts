/** A port as manifests write it: `8080`, `8080/udp`. The protocol is in lower case. */
export interface PortMapping {
  port: number;
  protocol: string;
}

/** Undefined when it is no port between 1 and 65535 with at most one protocol. */
export function parsePortMapping(text: string): PortMapping | undefined {
  const [, digits, protocol = "tcp"] = /^(\d+)(?:\/([a-z]+))?$/i.exec(text) ?? [];
  const port = Number(digits);
  return port >= 1 && port <= 65535 ? { port, protocol: protocol.toLowerCase() } : undefined;
}
