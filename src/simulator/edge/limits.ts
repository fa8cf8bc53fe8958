/** Times in milliseconds of the user's own time, sizes in bytes. The values of an Application and a Network Load
 *  Balancer where AWS publishes them; see BEHAVIOUR.md. */
export interface EdgeLimits {
  /** A connection to a target that is not established by then is answered with 504. */
  connectMs: number;
  /** Nothing sent or received for this long: 504, 408, or the connection is closed. */
  idleMs: number;
  /** A request's head must be complete this long after its first byte. */
  headMs: number;
  /** A client's connection is closed after the first response past this age. */
  clientLifeMs: number;
  /** How long what a client still sends is read and thrown away after the last answer. */
  lingerMs: number;
  /** How long an unused connection to a target is kept, and how many for each target. */
  poolIdleMs: number;
  poolSize: number;
  /** A flow in which nothing has passed for this long is over. */
  tcpFlowIdleMs: number;
  udpFlowIdleMs: number;
  /** Datagrams of more clients at once make the oldest flow give way. */
  udpFlows: number;
  requestLineBytes: number;
  fieldBytes: number;
  requestHeadBytes: number;
  responseHeadBytes: number;
  forwardedAddresses: number;
  /** How often the times above are looked at. */
  sweepMs: number;
}

export const albLimits: EdgeLimits = {
  connectMs: 10_000,
  idleMs: 60_000,
  headMs: 60_000,
  clientLifeMs: 3_600_000,
  lingerMs: 5_000,
  poolIdleMs: 60_000,
  poolSize: 256,
  tcpFlowIdleMs: 350_000,
  udpFlowIdleMs: 120_000,
  udpFlows: 4096,
  requestLineBytes: 16_384,
  fieldBytes: 16_384,
  requestHeadBytes: 65_536,
  responseHeadBytes: 32_768,
  forwardedAddresses: 30,
  sweepMs: 500,
};
