import {
  type CloudFormationClient,
  DescribeStackSetCommand,
  paginateListStackInstances,
  StackSetNotFoundException,
} from "@aws-sdk/client-cloudformation";
import type { StackOfSet, StackSetDescription } from "../../account/stack-sets.ts";

export async function describeStackSet(
  aws: CloudFormationClient,
  name: string,
): Promise<StackSetDescription | undefined> {
  const answer = await unlessMissing(aws.send(new DescribeStackSetCommand({ StackSetName: name })));
  const set = answer?.StackSet;
  if (set === undefined || set.Status === "DELETED") return undefined;
  const { AdministrationRoleARN, ExecutionRoleName } = set;
  return {
    name,
    text: set.TemplateBody ?? "",
    parameters: Object.fromEntries(
      (set.Parameters ?? []).map(({ ParameterKey = "", ParameterValue = "" }) => [ParameterKey, ParameterValue]),
    ),
    tags: Object.fromEntries((set.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
    ...(AdministrationRoleARN !== undefined && { administrationRoleArn: AdministrationRoleARN }),
    ...(ExecutionRoleName !== undefined && { executionRoleName: ExecutionRoleName }),
  };
}

/** Undefined: there is no such stack set. */
export async function readStacksOfSet(aws: CloudFormationClient, name: string): Promise<StackOfSet[] | undefined> {
  const found: StackOfSet[] = [];
  const read = async () => {
    for await (const { Summaries = [] } of paginateListStackInstances({ client: aws }, { StackSetName: name }))
      for (const { Account = "", Region = "", StackId, Status = "", StatusReason } of Summaries)
        found.push({
          name,
          account: Account,
          region: Region,
          ...(StackId !== undefined && { stackId: StackId }),
          status: Status,
          ...(StatusReason !== undefined && { reason: StatusReason }),
        });
    return found;
  };
  return unlessMissing(read());
}

/** Undefined for what there is no stack set of. */
async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StackSetNotFoundException) return undefined;
    throw error;
  }
}
