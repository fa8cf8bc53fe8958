import { UserError } from "../../errors.ts";

/** Where load balancers listen unless told otherwise. */
export const defaultFirstPort = 8080;
/** Services' own addresses begin so far above. */
const aboveForServices = 10_000;

/** The first port that is tried for public load balancers.
 *  @throws UserError usage/invalid-flag */
export function readFirstPort(text: string | undefined): number {
  if (text === undefined || text === "") return defaultFirstPort;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port + aboveForServices <= 65_000) return port;
  throw new UserError("usage/invalid-flag", `PILOTFISH_FIRST_PORT is ${text}: it may be a port from 1 to 55000`, {
    hint: "unset PILOTFISH_FIRST_PORT",
  });
}

/** The first port that is tried for each kind of listener. */
export function firstPorts(first: number): Record<"public" | "internal" | "service", number> {
  return { public: first, internal: first + 1000, service: first + aboveForServices };
}
