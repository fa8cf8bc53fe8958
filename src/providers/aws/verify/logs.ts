import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { stackName } from "../../../plan/names.ts";
import type { Check } from "../../account/verify.ts";
import { fail, checked, ok, skip } from "./check.ts";
import type { Place } from "./place.ts";

/** The log group is there when the workload has been deployed, and its name is free otherwise. */
export async function checkLogGroup({ request, there, workload, resources }: Place): Promise<Check[]> {
  const { app, env, name } = request;
  const logGroup = `/copilot/${stackName(app, env, name)}`;
  const check = await checked(logGroup, async () => {
    const describe = new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroup });
    const { logGroups = [] } = await there.client(CloudWatchLogsClient).send(describe);
    const isThere = logGroups.some(({ logGroupName }) => logGroupName === logGroup);
    const isOurs = Object.values(resources).some(({ type }) => type === "AWS::Logs::LogGroup");
    if (workload !== undefined && isOurs)
      return isThere
        ? ok(logGroup)
        : fail(
            logGroup,
            "it was deployed and is not there any more",
            `aws logs create-log-group --log-group-name ${logGroup}`,
          );
    if (!isThere) return skip(logGroup, "is made with the first deploy");
    return fail(
      logGroup,
      "it is there and belongs to no stack: the deploy could not make it",
      `aws logs delete-log-group --log-group-name ${logGroup}`,
    );
  });
  return [check];
}
