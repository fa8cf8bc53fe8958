import type { CoarseClock } from "./clock.ts";
import type { EdgeListener } from "./edge.ts";
import type { EdgeLimits } from "./limits.ts";
import type { ListenerPort } from "./listener-port.ts";
import type { StickyCookies } from "./sticky-cookies.ts";
import type { TargetGroup } from "./target-group.ts";

/** What stands behind a port of the edge. */
export interface Listener {
  readonly port: ListenerPort;
  /** Open now; a listener that has been closed is forgotten when it has none. */
  readonly connections: number;
  /** Takes over another picture of its own kind; false for one of another kind. */
  update(picture: EdgeListener): boolean;
  /** Looks at the time-outs. */
  sweep(): void;
  /** Stops accepting; what is open goes on. */
  close(): void;
  /** Ends what is open at once. */
  destroy(): void;
}

/** What listeners share. */
export interface ListenerParts {
  groups: ReadonlyMap<string, TargetGroup>;
  clock: CoarseClock;
  limits: EdgeLimits;
  cookies: StickyCookies;
}
