import type { Records } from "../../account/records.ts";
import type { Stacks } from "../../account/stacks.ts";
import type { AwsSession } from "../session.ts";

/** What facts are gathered with. */
export interface FactsTools {
  /** Of the application's account. */
  session: AwsSession;
  records: Records;
  stacks: Stacks;
}
