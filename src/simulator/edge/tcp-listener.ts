import type { Socket } from "node:net";
import { bindTcp } from "./bind-loopback.ts";
import type { EdgeFlowListener, EdgeListener } from "./edge.ts";
import { ListenerPort } from "./listener-port.ts";
import type { Listener, ListenerParts } from "./listener.ts";
import { TcpFlow } from "./tcp-flow.ts";

/** A listener of a Network Load Balancer for TCP. */
export class TcpListener implements Listener {
  readonly port: ListenerPort;
  private targetGroup: string;
  private readonly parts: ListenerParts;
  private readonly flows = new Set<TcpFlow>();

  constructor(picture: EdgeFlowListener, parts: ListenerParts) {
    this.targetGroup = picture.targetGroup;
    this.parts = parts;
    this.port = new ListenerPort(
      picture,
      "tcp",
      bindTcp((socket) => this.accept(socket)),
    );
  }

  get connections(): number {
    return this.flows.size;
  }

  /** The new target group holds for new connections. */
  update(picture: EdgeListener): boolean {
    if ("rules" in picture || picture.protocol !== "TCP") return false;
    this.port.update(picture);
    this.targetGroup = picture.targetGroup;
    return true;
  }

  /** Connections to a target that has become unhealthy are broken off while there are better ones. */
  sweep(): void {
    const group = this.parts.groups.get(this.targetGroup);
    for (const flow of this.flows) {
      if (group?.outranks(flow.target) === true) flow.reset();
      else flow.sweep();
    }
  }

  close(): void {
    this.port.close();
  }

  destroy(): void {
    for (const flow of this.flows) flow.reset();
  }

  private accept(socket: Socket): void {
    socket.on("error", () => {});
    const target = this.parts.groups.get(this.targetGroup)?.nextFor(socket.remoteAddress ?? "");
    if (target === undefined) {
      socket.resetAndDestroy();
      return;
    }
    const { clock, limits } = this.parts;
    const flow = new TcpFlow(socket, target, clock, limits, () => this.flows.delete(flow));
    this.flows.add(flow);
  }
}
