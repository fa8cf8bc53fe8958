import type { ArtifactFacts } from "../../../cloudformation/facts.ts";
import type { Records } from "../../account/records.ts";
import type { Stacks } from "../../account/stacks.ts";
import type { AwsSession } from "../session.ts";

/** What facts are gathered with. */
export interface FactsTools {
  /** Of the application's account. */
  session: AwsSession;
  records: Records;
  stacks: Stacks;
  /** Where the application keeps files, by region: in all of them, or in one alone. */
  artifacts(app: string, region?: string): Promise<Readonly<Record<string, ArtifactFacts>>>;
}
