import { expect, test } from "vitest";
import { updateStack } from "../../../src/actions/update-stack.ts";
import { readTemplate } from "../../../src/cloudformation/read-template.ts";
import type { Account } from "../../../src/providers/account.ts";
import { drain } from "../../support/aws/drain.ts";

const before = `
Description: What a service needs
Metadata: { Version: v1, Manifest: "name: api\\n" }
Parameters: { Tag: { Type: String } }
Resources:
  Topic:
    Metadata: { "aws:copilot:description": A topic }
    Type: AWS::SNS::Topic
    Properties: { TopicName: !Sub "api-\${Tag}" }
`;

/** What becomes of a stack that has this template when it gets another text. */
async function outcome(text: string, { tag = "1", status = "UPDATE_COMPLETE" } = {}): Promise<string | undefined> {
  const there = { name: "shop-test-api", id: "i", status, parameters: { Tag: "1" }, tags: {}, outputs: {} };
  const account = {
    identity: async () => ({ account: "123456789012", region: "us-west-2", partition: "aws" }),
    stacks: {
      describe: async () => there,
      template: async () => before,
      async *deploy() {
        yield* [];
        return { outcome: "updated" };
      },
    },
  } as unknown as Account;
  const stack = { name: there.name, text, template: readTemplate(text), parameters: { Tag: tag }, tags: {} };
  const story = updateStack({ stack, where: {} }, { account }, new AbortController().signal);
  return (await drain(story)).result?.outcome;
}

test("what a template says of itself alone, such as a comment in the manifest that it carries, is no change", async () => {
  expect(await outcome(before)).toBe("unchanged");
  expect(await outcome(before.replace("name: api\\n", "# a comment\\nname: api\\n"))).toBe("unchanged");
  expect(await outcome(before.replace("What a service needs", "Other words"))).toBe("unchanged");
  expect(await outcome(before.replace('!Sub "api-${Tag}"', '{ "Fn::Sub": "api-${Tag}" }'))).toBe("unchanged");
});

test("what it says of a resource is one, as are its properties, parameters and a stack that has failed", async () => {
  expect(await outcome(before.replace("A topic", "The topic"))).toBe("updated");
  expect(await outcome(before.replace("api-", "web-"))).toBe("updated");
  expect(await outcome(before, { tag: "2" })).toBe("updated");
  expect(await outcome(before, { status: "UPDATE_ROLLBACK_COMPLETE" })).toBe("updated");
});
