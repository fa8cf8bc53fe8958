import { CloudFormationClient, DescribeStacksCommand, ListStackResourcesCommand } from "@aws-sdk/client-cloudformation";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { loadCopilotApp, missingCopilotApp } from "../../support/aws/copilot-app.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";

describeWithAws(
  "an application that Copilot deployed",
  (aws) => {
    test("is in the emulator with its stacks, their resources and its records", async () => {
      const app = await loadCopilotApp(aws);
      const cloudFormation = aws.client(CloudFormationClient);
      const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({}));
      const withoutIds = (name: string | undefined) => name?.replace(/^(.*AddonsStack)-[^-]+$/, "$1");
      expect(Stacks.map(({ StackName, StackStatus }) => [withoutIds(StackName), StackStatus]).toSorted()).toEqual(
        app.stacks.map(({ name }) => [withoutIds(name), "CREATE_COMPLETE"]).toSorted(),
      );
      const { StackResourceSummaries: resources = [] } = await cloudFormation.send(
        new ListStackResourcesCommand({ StackName: "shop-test-front" }),
      );
      const expected = app.stacks.find(({ name }) => name === "shop-test-front")?.resources ?? {};
      expect(Object.fromEntries(resources.map((each) => [each.LogicalResourceId, each.ResourceType]))).toEqual(
        Object.fromEntries(Object.entries(expected).map(([id, { type }]) => [id, type])),
      );
      const { Parameters = [] } = await aws
        .client(SSMClient)
        .send(new GetParametersByPathCommand({ Path: "/copilot/applications/", Recursive: true }));
      expect(Parameters.map(({ Name }) => Name).toSorted()).toEqual(Object.keys(app.ssm).toSorted());
    });
  },
  missingCopilotApp,
);
