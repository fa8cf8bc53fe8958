import type { AwsSession } from "../session.ts";
import type { Paces } from "./poll.ts";

/** What everything about domains is done with. */
export interface DomainTools {
  session: AwsSession;
  paces: Paces;
}
