import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../../src/actions/package-root.ts";
import { readFacts, type StackFacts } from "../../../src/actions/read-facts.ts";
import { folderWith } from "../../support/files.ts";

const documentation = readFileSync(join(packageRoot(import.meta.url), "docs/facts.md"), "utf8");
const [, example = ""] = /```json\n(.*?)```/s.exec(documentation) ?? [];

/** Every member that facts have, so that none goes without a word. */
const members: Record<keyof StackFacts, true> = {
  account: true,
  region: true,
  partition: true,
  artifacts: true,
  regionalArtifacts: true,
  applicationAccount: true,
  domain: true,
  domainHostedZoneId: true,
  permissionsBoundary: true,
  tags: true,
  loadBalancers: true,
  addonsTemplateUrl: true,
  rulePriorities: true,
  workloadParameters: true,
  environmentParameters: true,
  lastForceDeployId: true,
  certificates: true,
  cloudFrontPrefixListId: true,
  siteCertificates: true,
  environments: true,
  connections: true,
  legacyPipelines: true,
  stackSet: true,
  applicationParameters: true,
  stacks: true,
};

test("the documented facts are read as they stand, and every member is documented", async () => {
  const folder = await folderWith({ "facts.json": example });
  expect(await readFacts("facts.json", folder)).toEqual(JSON.parse(example));
  expect(Object.keys(JSON.parse(example) as object).toSorted()).toEqual(Object.keys(members).toSorted());
  for (const member of Object.keys(members))
    expect(documentation).toMatch(new RegExp(`^\\| .*\`${member}\`.* \\|`, "m"));
});

test("the domain of a running stack is the application's", async () => {
  const { account, region, artifacts } = JSON.parse(example) as StackFacts;
  const known = { account, region, artifacts, environmentParameters: { AppDNSName: "example.com" } };
  const none = { ...known, environmentParameters: { AppDNSName: "" } };
  const folder = await folderWith({ "known.json": JSON.stringify(known), "none.json": JSON.stringify(none) });
  expect((await readFacts("known.json", folder)).domain).toBe("example.com");
  expect(await readFacts("none.json", folder)).toEqual({ ...none, partition: "aws" });
});
