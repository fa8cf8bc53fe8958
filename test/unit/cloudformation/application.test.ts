import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openWorkspace } from "../../../src/actions/open-workspace.ts";
import { packageApplication } from "../../../src/actions/package-application.ts";
import { packageRoot } from "../../../src/actions/package-root.ts";
import type { ApplicationFacts } from "../../../src/actions/read-facts.ts";
import { parseTemplate } from "../../support/cloudformation.ts";
import { folderWith } from "../../support/files.ts";

const account = "111122223333";

/** The application `shop` with workloads of these types and with these environments. */
async function packaged(
  facts: Partial<ApplicationFacts> = {},
  workloads: Record<string, string> = {},
  environments: string[] = [],
) {
  const root = await folderWith({
    "copilot/.workspace": "application: shop\n",
    ...Object.fromEntries(
      Object.entries(workloads).map(([name, type]) => [`copilot/${name}/manifest.yml`, `name: ${name}\n${type}\n`]),
    ),
    ...Object.fromEntries(
      environments.map((name) => [`copilot/environments/${name}/manifest.yml`, `name: ${name}\ntype: Environment\n`]),
    ),
  });
  const { stacks, diagnostics } = await packageApplication({
    workspace: await openWorkspace(root),
    facts: { account, ...facts },
  });
  const [roles, regional] = stacks;
  if (!roles || !regional) throw new Error("two stacks were expected");
  const said = diagnostics.map(({ file, message, hint }) => `${file}: ${message}; ${hint}`);
  return { roles, regional, said };
}

const backend = "type: Backend Service";
const site = "type: Static Site";

/** What the template of the stack set says of itself, and who may use what it makes. */
function summary({ regional: { template } }: Awaited<ReturnType<typeof packaged>>) {
  const { Version, Workloads, Accounts } = template.Metadata ?? {};
  const workloads = (Workloads as { Name: string; WithECR: boolean }[]).map(
    ({ Name: name, WithECR: has }) => `${name}${has ? "" : " (no images)"}`,
  );
  return { version: Version, workloads, accounts: Accounts, resources: Object.keys(template.Resources).slice(3) };
}

describe("the stack set", () => {
  test("has an image repository for each workload that has images, and says so of itself", async () => {
    const made = await packaged(
      { environments: { test: at("111122223333"), prod: at("444455556666") } },
      { "web-front": backend, webfront: backend, docs: site },
    );
    expect(summary(made)).toMatchInlineSnapshot(`
      {
        "accounts": [
          "111122223333",
          "444455556666",
        ],
        "resources": [
          "ECRRepowebDASHfront",
          "ECRRepowebfront",
        ],
        "version": 1,
        "workloads": [
          "docs (no images)",
          "web-front",
          "webfront",
        ],
      }
    `);
    const { ECRRepowebDASHfront: repository } = made.regional.template.Resources;
    expect(repository?.Properties).toMatchInlineSnapshot(`
      {
        "RepositoryName": "shop/web-front",
        "RepositoryPolicyText": {
          "Statement": [
            {
              "Action": [
                "ecr:GetDownloadUrlForLayer",
                "ecr:BatchGetImage",
                "ecr:BatchCheckLayerAvailability",
                "ecr:PutImage",
                "ecr:InitiateLayerUpload",
                "ecr:UploadLayerPart",
                "ecr:CompleteLayerUpload",
              ],
              "Effect": "Allow",
              "Principal": {
                "AWS": [
                  {
                    "Fn::Sub": "arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root",
                  },
                  {
                    "Fn::Sub": "arn:\${AWS::Partition}:iam::111122223333:root",
                  },
                  {
                    "Fn::Sub": "arn:\${AWS::Partition}:iam::444455556666:root",
                  },
                ],
              },
              "Sid": "AllowPushPull",
            },
          ],
          "Version": "2012-10-17",
        },
        "Tags": [
          {
            "Key": "copilot-service",
            "Value": "web-front",
          },
        ],
      }
    `);
    expect(made.regional.template.Outputs).toMatchObject({
      ECRRepowebfront: { Value: { "Fn::GetAtt": ["ECRRepowebfront", "Arn"] } },
      StackSetOpId: { Value: "1" },
    });
    expect(made.said).toMatchInlineSnapshot(`
      [
        "copilot/.workspace: what the stack set shop-infrastructure holds is not known: repositories of workloads outside of this workspace would be removed from it, with their images; give it in the facts: "stackSet": { "version": …, "accounts": […], "workloads": […] }",
      ]
    `);
  });

  test("of an application with nothing in it is its first version", async () => {
    expect(summary(await packaged())).toEqual({ version: 0, workloads: [], accounts: [], resources: [] });
  });

  test("keeps every workload and every account that it has, and its version when nothing is new", async () => {
    const stackSet = {
      version: 7,
      accounts: ["444455556666"],
      workloads: [
        { name: "elsewhere", withECR: true },
        { name: "api", withECR: true },
      ],
    };
    const environments = { test: at("444455556666") };
    const same = await packaged({ stackSet, environments }, { api: backend });
    expect(summary(same)).toMatchInlineSnapshot(`
      {
        "accounts": [
          "444455556666",
        ],
        "resources": [
          "ECRRepoapi",
          "ECRRepoelsewhere",
        ],
        "version": 7,
        "workloads": [
          "api",
          "elsewhere",
        ],
      }
    `);
    const more = await packaged({ stackSet, environments: { prod: at(account) } }, { api: site, web: backend });
    expect(summary(more)).toMatchInlineSnapshot(`
      {
        "accounts": [
          "111122223333",
          "444455556666",
        ],
        "resources": [
          "ECRRepoapi",
          "ECRRepoelsewhere",
          "ECRRepoweb",
        ],
        "version": 8,
        "workloads": [
          "api",
          "elsewhere",
          "web",
        ],
      }
    `);
  });

  test("counts an environment of which nothing is known as in the application's account, and says so", async () => {
    const made = await packaged({ applicationAccount: "999900001111" }, { broken: "typ: x" }, ["test"]);
    expect(summary(made)).toMatchObject({ accounts: ["999900001111"], workloads: [] });
    expect(made.said).toMatchInlineSnapshot(`
      [
        "copilot/broken/manifest.yml: the type of broken is not known, so it gets no image repository; one that it has stays; pilotfish validate",
        "copilot/environments/test/manifest.yml: the account of the environment test is not known: it counts as in the application's own; give it in the facts: "environments": { "test": { "account": "…", … } }",
      ]
    `);
  });
});

describe("the roles", () => {
  test("are the application's, with its tags and its boundary", async () => {
    const { roles, regional } = await packaged({ permissionsBoundary: "shop-limits", tags: { team: "web" } });
    expect(roles.parameters).toMatchInlineSnapshot(`
      {
        "AdminRoleName": "shop-adminrole",
        "AppDNSDelegatedAccounts": "111122223333",
        "AppDomainHostedZoneID": "",
        "AppDomainName": "",
        "AppName": "shop",
        "DNSDelegationRoleName": "shop-DNSDelegationRole",
        "ExecutionRoleName": "shop-executionrole",
      }
    `);
    expect([roles.tags, regional.tags]).toEqual([tags, tags]);
    const bounded = Object.entries(roles.template.Resources).filter(([, { Properties }]) =>
      Object.hasOwn(Properties ?? {}, "PermissionsBoundary"),
    );
    expect(bounded.map(([id]) => id)).toEqual(["AdministrationRole", "ExecutionRole", "DNSDelegationRole"]);
  });

  test("let every account of the application write into its zone", async () => {
    const { roles, said } = await packaged({
      domain: "example.com",
      environments: { prod: at("444455556666"), test: at(account) },
      stackSet: { version: 1, accounts: ["777788889999"], workloads: [] },
    });
    expect(roles.parameters).toMatchObject({
      AppDNSDelegatedAccounts: "111122223333,777788889999,444455556666",
      AppDomainName: "example.com",
      AppDomainHostedZoneID: "",
    });
    expect(said).toMatchInlineSnapshot(`
      [
        "copilot/.workspace: the id of the hosted zone of example.com is not known; give it in the facts: "domainHostedZoneId": "Z…"",
      ]
    `);
  });
});

test("a domain that the application has stays, and so do the accounts that may write into its zone", async () => {
  const applicationParameters = {
    AppDomainName: "example.com",
    AppDomainHostedZoneID: "Z1",
    AppDNSDelegatedAccounts: "444455556666,111122223333",
  };
  const { roles, said } = await packaged({
    applicationParameters,
    environments: { test: at("777788889999") },
    stackSet: { version: 1, accounts: [], workloads: [] },
  });
  expect(roles.parameters).toMatchObject({
    ...applicationParameters,
    AppDNSDelegatedAccounts: "444455556666,111122223333,777788889999",
  });
  expect(said).toEqual([]);
});

test("both templates are plain ASCII, which CloudFormation gives back as it stands", async () => {
  const { roles, regional } = await packaged({}, { api: backend });
  const others = [...roles.text, ...regional.text].filter((letter) => letter.charCodeAt(0) > 127);
  expect(others).toEqual([]);
});

const tags = { team: "web", "copilot-application": "shop" };

function at(id: string) {
  return { account: id, region: "eu-west-1", managerRoleArn: "arn:manager", executionRoleArn: "arn:execution" };
}

const root = packageRoot(import.meta.url);
const app = join(root, "../shared/copilot-app");
const isHere = existsSync(app);
if (!isHere) process.stderr.write("skipped: an application that Copilot deployed is not at ../shared/copilot-app\n");

interface Deployed {
  ssm: Record<string, { account: string; domain: string; domainHostedZoneID: string; accountID: string }>;
  stacks: { name: string; template: string; parameters: Record<string, string>; tags: Record<string, string> }[];
  stackSets: { template: string; tags: { Key: string; Value: string }[] }[];
}

describe.skipIf(!isHere)("beside an application that Copilot deployed", () => {
  test("both templates are the same, to the last property, but for words and what is a number", async () => {
    const deployed = JSON.parse(readFileSync(join(app, "deployed/app.json"), "utf8")) as Deployed;
    const record = deployed.ssm["/copilot/applications/shop"];
    const environments = Object.fromEntries(
      ["test", "prod"].map((env) => [
        env,
        at(deployed.ssm[`/copilot/applications/shop/environments/${env}`]?.accountID ?? ""),
      ]),
    );
    const workloads = ["api", "front", "orders", "report"].map((name) => ({ name, withECR: true }));
    const { stacks } = await packageApplication({
      workspace: await openWorkspace(join(app, "workspace")),
      facts: {
        account: record?.account ?? "",
        domain: record?.domain ?? "",
        domainHostedZoneId: record?.domainHostedZoneID ?? "",
        environments,
        stackSet: { version: 6, accounts: ["123456789012"], workloads },
      },
    });
    const [roles, regional] = stacks;
    const theirs = deployed.stacks.find(({ name }) => name === "shop-infrastructure-roles");
    const set = deployed.stackSets[0];
    const template = (file = "") => readFileSync(join(app, "deployed", file), "utf8");
    expect({
      roles: differences(withoutWords(template(theirs?.template)), withoutWords(roles?.text ?? "")),
      regional: differences(withoutWords(template(set?.template)), withoutWords(regional?.text ?? "")),
      // The emulator has kept a list where CloudFormation keeps its text.
      parameters: differences(theirs?.parameters, roles?.parameters),
      tags: differences(
        [theirs?.tags, Object.fromEntries(set?.tags.map(({ Key, Value }) => [Key, Value]) ?? [])],
        stacks.map((stack) => stack.tags),
      ),
    }).toMatchInlineSnapshot(`
      {
        "parameters": [
          "AppDNSDelegatedAccounts: "['123456789012']", ours "123456789012"",
        ],
        "regional": [
          "Metadata.Accounts.0: 123456789012, ours "123456789012"",
          "Outputs.StackSetOpId.Value: 6, ours "6"",
        ],
        "roles": [],
        "tags": [],
      }
    `);
  });
});

/** A template without what says something to people alone. */
function withoutWords(text: string): unknown {
  const drop = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(drop);
    if (typeof value !== "object" || value === null) return value;
    const kept = Object.entries(value).filter(([key]) => key !== "aws:copilot:description" && key !== "Description");
    return Object.fromEntries(kept.map(([key, item]) => [key, drop(item)]));
  };
  const { Resources: resources, ...rest } = drop(parseTemplate(text)) as {
    Resources: Record<string, { Metadata?: object }>;
  };
  const bare = Object.entries(resources).map(([id, { Metadata: _, ...resource }]) => [id, resource] as const);
  return { ...rest, Resources: Object.fromEntries(bare) };
}

/** Every leaf that is not the same in both. */
function differences(theirs: unknown, ours: unknown, path = ""): string[] {
  const isMap = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
  if (isMap(theirs) && isMap(ours)) {
    const keys = new Set([...Object.keys(theirs), ...Object.keys(ours)]);
    return [...keys].flatMap((key) => differences(theirs[key], ours[key], path === "" ? key : `${path}.${key}`));
  }
  return theirs === ours ? [] : [`${path}: ${JSON.stringify(theirs)}, ours ${JSON.stringify(ours)}`];
}
