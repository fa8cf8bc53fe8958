/** What a client's connection hands its bytes to, from a request's head to the end of it all. */
export interface Upstream {
  /** The client has been given the beginning of a response. */
  readonly begun: boolean;
  /** More of the request's body, or bytes of an upgraded connection. */
  send(bytes: Buffer): void;
  /** The request's body has been sent. */
  sent(): void;
  /** The client sends no more. */
  clientEnded(): void;
  /** The client can take more. */
  clientDrained(): void;
  /** Gives it up: the client has gone, or has broken the protocol. */
  abort(): void;
  /** Looks at the time-outs. */
  sweep(): void;
}
