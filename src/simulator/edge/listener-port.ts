import { type BindOne, type Bound, PortTaken, bindFirstFree, bindLoopback } from "./bind-loopback.ts";
import type { Binding, EdgeListener } from "./edge.ts";
import { portOwner } from "./port-owner.ts";

/** The port of a listener: the one that it has to have, or the first free one. */
export class ListenerPort {
  binding: Binding;
  private wanted: Pick<EdgeListener, "port" | "firstPort">;
  private bound: Bound | undefined;
  private closed = false;
  private readonly protocol: "tcp" | "udp";
  private readonly bindOne: BindOne;

  constructor(wanted: Pick<EdgeListener, "port" | "firstPort">, protocol: "tcp" | "udp", bindOne: BindOne) {
    this.wanted = wanted;
    this.protocol = protocol;
    this.bindOne = bindOne;
    this.binding = { error: "not bound yet", wanted: wanted.port ?? wanted.firstPort };
  }

  get kept(): number | undefined {
    return this.wanted.port;
  }

  update(wanted: Pick<EdgeListener, "port" | "firstPort">): void {
    this.wanted = wanted;
  }

  /** Binds it, or says in `binding` why not. Never throws.
   *  @param kept ports of other listeners, not to be taken by searching */
  async bind(kept: ReadonlySet<number>): Promise<void> {
    if (this.inPlace() || this.closed) return;
    const { port, firstPort } = this.wanted;
    try {
      const bound = await (port === undefined
        ? bindFirstFree(firstPort, kept, this.bindOne)
        : bindLoopback(port, this.bindOne));
      this.bound?.stop();
      this.bound = bound;
      this.binding = { port: bound.port, hosts: bound.hosts };
      if (this.closed) bound.stop();
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
      if (this.bound === undefined)
        this.binding = { error: await explain(error, this.protocol), wanted: port ?? firstPort };
    }
  }

  /** Accepts nothing more, for good. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.bound?.stop();
  }

  private inPlace(): boolean {
    return this.bound !== undefined && (this.wanted.port === undefined || this.wanted.port === this.bound.port);
  }
}

async function explain({ port, host, code }: PortTaken, protocol: "tcp" | "udp"): Promise<string> {
  if (code === "EACCES") return `port ${port} needs rights that this user does not have`;
  if (code !== "EADDRINUSE") return `port ${port} on ${host} cannot be used: ${code ?? "unknown error"}`;
  const owner = await portOwner(port, protocol);
  return `port ${port} is taken by ${owner ?? "another program"}`;
}
