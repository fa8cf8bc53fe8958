import { CloudFormationClient, paginateListExports } from "@aws-sdk/client-cloudformation";
import type { Later } from "../../../plan/later.ts";
import type { EnvironmentRecord } from "../../account/records.ts";
import type { StackDescription, StackResourceDescription } from "../../account/stacks.ts";
import type { WorkloadToVerify } from "../../account/verify.ts";
import { partitionOf } from "../partition.ts";
import type { AwsSession } from "../session.ts";

/** What the checks of a workload work with. */
export interface Place {
  request: WorkloadToVerify;
  /** The application's account and region. */
  session: AwsSession;
  /** The environment's, with the rights of the caller, or of the manager role where it is another account's. */
  there: AwsSession;
  record: EnvironmentRecord;
  environment: StackDescription | undefined;
  /** Absent before the first deployment. */
  workload: StackDescription | undefined;
  resources: Record<string, StackResourceDescription>;
}

/** Values of exports by their names, asked for once. */
export type Exports = () => Promise<ReadonlyMap<string, string>>;

export function exportsOf(session: AwsSession): Exports {
  let asked: Promise<Map<string, string>> | undefined;
  const ask = async () => {
    const found = new Map<string, string>();
    for await (const { Exports: page = [] } of paginateListExports(
      { client: session.client(CloudFormationClient) },
      {},
    ))
      for (const { Name = "", Value = "" } of page) found.set(Name, Value);
    return found;
  };
  return () => (asked ??= ask());
}

/** The text that a reference stands for; undefined where only a deployment knows it. */
export async function textOf(
  value: string | Later,
  { record, environment }: Pick<Place, "record" | "environment">,
  exports: Exports,
): Promise<string | undefined> {
  if (typeof value === "string") return withoutPseudoParameters(value, record);
  if ("join" in value) {
    const parts = await Promise.all(value.join.map((part) => textOf(part, { record, environment }, exports)));
    return parts.some((part) => part === undefined) ? undefined : parts.join("");
  }
  if ("import" in value) return (await exports()).get(value.import);
  if ("env" in value) return environment?.outputs[value.env];
  if (!("ref" in value)) return undefined;
  const known: Partial<Record<string, string>> = {
    partition: partitionOf(record.region),
    region: record.region,
    account: record.accountID,
  };
  return known[value.ref];
}

/** Texts of manifests may hold them, as CloudFormation's `Fn::Sub` reads them. */
function withoutPseudoParameters(text: string, { region, accountID }: EnvironmentRecord): string {
  return text
    .replaceAll("${AWS::Region}", region)
    .replaceAll("${AWS::AccountId}", accountID)
    .replaceAll("${AWS::Partition}", partitionOf(region));
}
