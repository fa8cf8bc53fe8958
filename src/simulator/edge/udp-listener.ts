import type { RemoteInfo, Socket } from "node:dgram";
import { bindUdp } from "./bind-loopback.ts";
import type { EdgeFlowListener, EdgeListener } from "./edge.ts";
import { ListenerPort } from "./listener-port.ts";
import type { Listener, ListenerParts } from "./listener.ts";
import type { TargetGroup } from "./target-group.ts";
import { UdpFlow } from "./udp-flow.ts";

/** A listener of a Network Load Balancer for UDP. A flow is what one client's port sends; no target waits for it when it
 *  drains. */
export class UdpListener implements Listener {
  readonly port: ListenerPort;
  /** A datagram in flight holds nothing up. */
  readonly connections = 0;
  private targetGroup: string;
  private readonly parts: ListenerParts;
  /** By the client's address and port; the one that began first comes first. */
  private readonly flows = new Map<string, UdpFlow>();

  constructor(picture: EdgeFlowListener, parts: ListenerParts) {
    this.targetGroup = picture.targetGroup;
    this.parts = parts;
    this.port = new ListenerPort(
      picture,
      "udp",
      bindUdp((socket, datagram, from) => this.received(socket, datagram, from)),
    );
  }

  update(picture: EdgeListener): boolean {
    if ("rules" in picture || picture.protocol !== "UDP") return false;
    this.port.update(picture);
    this.targetGroup = picture.targetGroup;
    return true;
  }

  sweep(): void {
    for (const [client, flow] of this.flows)
      if (flow.isIdle(this.parts.limits.udpFlowIdleMs) || this.isOver(flow)) this.end(client);
  }

  close(): void {
    this.port.close();
    this.destroy();
  }

  destroy(): void {
    for (const client of this.flows.keys()) this.end(client);
  }

  private received(socket: Socket, datagram: Buffer, { address, port }: RemoteInfo): void {
    const client = `${address} ${port}`;
    const known = this.flows.get(client);
    if (known !== undefined && !this.isOver(known)) return known.send(datagram);
    this.end(client);
    const target = this.group()?.nextFor(address);
    if (target === undefined) return;
    const flow = new UdpFlow(target, this.parts.clock, (answer) => {
      if (this.flows.get(client) === flow) socket.send(answer, port, address);
    });
    this.flows.set(client, flow);
    for (const [oldest] of this.flows) if (this.flows.size > this.parts.limits.udpFlows) this.end(oldest);
    flow.send(datagram);
  }

  /** A draining target keeps its flows; one that has left or has become unhealthy does not. */
  private isOver({ target }: UdpFlow): boolean {
    return target.retired || this.group()?.outranks(target) === true;
  }

  private group(): TargetGroup | undefined {
    return this.parts.groups.get(this.targetGroup);
  }

  private end(client: string): void {
    this.flows.get(client)?.close();
    this.flows.delete(client);
  }
}
