import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../../src/actions/package-root.ts";
import { readApplicationFacts, readFacts, type StackFacts } from "../../../src/actions/read-facts.ts";
import type { Diagnostic } from "../../../src/errors.ts";
import { UserError } from "../../../src/errors.ts";
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
  placementSubnets: true,
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

const least = { account: "1", region: "r", artifacts: { bucket: "b", kmsKeyArn: "k" } };

test("members that nothing reads are told, and what another command reads is none of them", async () => {
  const facts = {
    ...least,
    certificate: { loadBalancer: "a" },
    certificates: { loadbalancer: "a" },
    __proto__x: 1,
    stackSet: { version: 1, accounts: [], workloads: [{ name: "api", withECR: true, withEcr: true }] },
  };
  const folder = await folderWith({ "facts.json": JSON.stringify(facts, null, 2) });
  const told: Diagnostic[] = [];
  await readFacts("facts.json", folder, (warnings) => told.push(...warnings));
  expect(told.map(({ line, column, message, hint }) => `${line}:${column} ${message}; ${hint}`)).toMatchInlineSnapshot(`
    [
      "8:3 facts have no \`certificate\`: it has no effect; did you mean \`certificates\`?",
      "12:5 facts have no \`certificates.loadbalancer\`: it has no effect; docs/facts.md lists all members",
      "14:3 facts have no \`__proto__x\`: it has no effect; docs/facts.md lists all members",
      "22:9 facts have no \`stackSet.workloads.0.withEcr\`: it has no effect; docs/facts.md lists all members",
    ]
  `);
  told.length = 0;
  await readApplicationFacts("facts.json", folder, (warnings) => told.push(...warnings));
  expect(told.map(({ message }) => message)).toMatchInlineSnapshot(`
    [
      "facts have no \`certificate\`: it has no effect",
      "facts have no \`__proto__x\`: it has no effect",
      "facts have no \`stackSet.workloads.0.withEcr\`: it has no effect",
    ]
  `);
});

test("a mark of the byte order is no part of the facts", async () => {
  const folder = await folderWith({ "facts.json": `\uFEFF${JSON.stringify(least)}` });
  expect(await readFacts("facts.json", folder)).toEqual({ ...least, partition: "aws" });
});

test.for([
  ["cut off", `{"account":`],
  ["empty", ""],
  ["a list", "[]"],
  ["null", "null"],
  ["of other types", JSON.stringify({ ...least, region: 1, tags: { a: 1 } })],
  ["not there", undefined],
] as const)("facts that are %s are refused with what to do", async ([, text]) => {
  const folder = await folderWith(text === undefined ? {} : { "facts.json": text });
  const error: unknown = await readFacts("facts.json", folder).catch((thrown: unknown) => thrown);
  if (!(error instanceof UserError)) throw new Error("it was not refused");
  expect([error.message, ...error.details, error.hint].join("\n")).toMatchSnapshot();
});

test("facts hold nothing but what is in their file", async () => {
  const folder = await folderWith({ "facts.json": JSON.stringify({ ...least, environments: {}, connections: {} }) });
  const { environments, connections } = await readFacts("facts.json", folder);
  expect([environments?.["constructor"], connections?.["toString"]]).toEqual([undefined, undefined]);
});
