import type { CoarseClock } from "./clock.ts";
import type { RequestHead } from "./http/request-head.ts";
import type { EdgeLimits } from "./limits.ts";
import type { OwnAnswer } from "./own-answer.ts";
import type { Target } from "./target.ts";

/** Where a request goes, with the lines that the response gets on top. */
export interface Destination {
  target: Target;
  serviceId: string;
  /** Each ends in CRLF. */
  addedFields: string;
}

/** To a target, or back with an answer of ours. */
export type Route = Destination | OwnAnswer;

/** What a connection needs of its listener. */
export interface ClientHost {
  readonly clock: CoarseClock;
  readonly limits: EdgeLimits;
  /** No request after the present one. */
  readonly closing: boolean;
  /** @param client its address */
  route(head: RequestHead, client: string): Route;
}
