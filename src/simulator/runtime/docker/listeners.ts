import type { Listener } from "../runtime.ts";
import type { EngineClient } from "./engine-client.ts";
import { frames } from "./frames.ts";

/** The Engine answers for names in the task's own namespace. */
const engineDns = "127.0.0.11";

/** Runs our program inside a pause container and reads where the programs of its network namespace listen. */
export async function readListeners(client: EngineClient, pauseId: string): Promise<Listener[]> {
  const body = { AttachStdout: true, Cmd: ["/pause", "listeners"] };
  const { Id } = await client.json<{ Id: string }>("POST", `/containers/${pauseId}/exec`, { body });
  const stream = await client.stream("POST", `/exec/${Id}/start`, {
    body: { Detach: false, Tty: false },
    timeoutMs: 10_000,
  });
  const output: Buffer[] = [];
  for await (const frame of frames(stream)) if (frame.stream === "stdout") output.push(frame.payload);
  return parseListeners(Buffer.concat(output).toString("latin1")).filter(({ address }) => address !== engineDns);
}

/** The sockets in state LISTEN of `/proc/net/tcp` and `/proc/net/tcp6`: each row has `local_address` as hexadecimal words in
 *  the machine's byte order (little endian on every platform that we run on), a colon, and the port. */
export function parseListeners(table: string): Listener[] {
  const rows = table.matchAll(/^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ 0A /gm);
  const found = [...rows].map(([, address = "", port = ""]) => ({
    address: addressOf(address),
    port: Number.parseInt(port, 16),
  }));
  const unique = new Map(found.map((listener) => [`${listener.address} ${listener.port}`, listener]));
  return [...unique.values()].toSorted((a, b) => a.port - b.port || a.address.localeCompare(b.address));
}

function addressOf(hex: string): string {
  const bytes = [...Buffer.from(hex, "hex").swap32()];
  if (bytes.length === 4) return bytes.join(".");
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (mapped) return bytes.slice(12).join(".");
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((bytes[2 * index]! << 8) | bytes[2 * index + 1]!).toString(16),
  );
  // The URL parser writes an IPv6 address in its shortest form.
  return new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
}
