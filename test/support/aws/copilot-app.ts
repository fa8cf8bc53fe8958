import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CloudFormationClient,
  CreateStackCommand,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  DescribeStacksCommand,
  type Parameter,
  type Tag,
} from "@aws-sdk/client-cloudformation";
import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { packageRoot } from "../../../src/actions/package-root.ts";
import type { AwsEmulator } from "./emulator.ts";

const folder = join(packageRoot(import.meta.url), "../shared/copilot-app");

/** Why the application that Copilot deployed cannot be loaded; undefined when it can. */
export const missingCopilotApp = existsSync(join(folder, "deployed/app.json"))
  ? undefined
  : "../shared/copilot-app is not there";

/** Its workspace, as Copilot's users have it. */
export const copilotWorkspace = join(folder, "workspace");

interface DeployedStack {
  name: string;
  template: string;
  parameters: Record<string, string>;
  tags: Record<string, string>;
  outputs: Record<string, string>;
  /** By logical ID. */
  resources: Record<string, { type: string; id: string }>;
}

export interface DeployedApp {
  app: string;
  /** Names → JSON. */
  ssm: Record<string, { domain?: string; domainHostedZoneID?: string }>;
  stacks: DeployedStack[];
  stackSets: {
    name: string;
    template: string;
    parameters: Parameter[];
    tags: Tag[];
    administrationRole: string;
    executionRole: string;
    instances: { account: string; region: string }[];
  }[];
}

/** Puts an application into the emulator as the real Copilot left it: stacks, stack set, records. Names and parameters
 *  stay; ids that the emulator makes anew (bucket, key, hosted zone) stand where the old ones stood.
 *  @param wants which stacks of environments and workloads, by name: all take their time
 *  @returns what was deployed, with its old ids */
export function loadCopilotApp(aws: AwsEmulator, wants: (stack: string) => boolean = () => true): Promise<DeployedApp> {
  return aws.hurried(() => load(aws, wants));
}

async function load(aws: AwsEmulator, wants: (stack: string) => boolean): Promise<DeployedApp> {
  const read = (file: string) => readFileSync(join(folder, "deployed", file), "utf8");
  const app = JSON.parse(read("app.json")) as DeployedApp;
  const cloudFormation = aws.client(CloudFormationClient);
  const renewed = new Map<string, string>();
  const renew = (text: string) => [...renewed].reduce((so, [old, now]) => so.replaceAll(old, now), text);
  const create = ({ name, template, parameters, tags }: DeployedStack) =>
    cloudFormation.send(
      new CreateStackCommand({
        StackName: name,
        TemplateBody: renew(read(template)),
        Capabilities: ["CAPABILITY_NAMED_IAM"],
        Parameters: Object.entries(parameters).map(([key, value]) => ({
          ParameterKey: key,
          ParameterValue: renew(value),
        })),
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
  const named = (is: (stack: DeployedStack) => boolean) => app.stacks.filter(is);
  const wanted = ({ name }: DeployedStack) => wants(name);
  const has = (tag: string) => (stack: DeployedStack) => stack.tags[tag] !== undefined;

  const { domain, domainHostedZoneID } = app.ssm[`/copilot/applications/${app.app}`] ?? {};
  if (domain !== undefined && domainHostedZoneID !== undefined) {
    const zone = new CreateHostedZoneCommand({ Name: domain, CallerReference: app.app });
    const { HostedZone: { Id = "" } = {} } = await aws.client(Route53Client).send(zone);
    renewed.set(domainHostedZoneID, Id.split("/").at(-1) ?? "");
  }
  for (const roles of named(({ name }) => name.endsWith("-infrastructure-roles"))) await create(roles);
  for (const set of app.stackSets) {
    const { name: StackSetName, parameters: Parameters, tags: Tags, instances } = set;
    await cloudFormation.send(
      new CreateStackSetCommand({
        StackSetName,
        TemplateBody: read(set.template),
        Parameters,
        Tags,
        AdministrationRoleARN: set.administrationRole,
        ExecutionRoleName: set.executionRole,
        Capabilities: ["CAPABILITY_NAMED_IAM"],
      }),
    );
    for (const { account, region } of instances)
      await cloudFormation.send(
        new CreateStackInstancesCommand({ StackSetName, Accounts: [account], Regions: [region] }),
      );
  }
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({}));
  const isInstance = (name: string | undefined) => name?.startsWith("StackSet-") === true;
  const old = app.stacks.find(({ name }) => isInstance(name));
  const outputs = Stacks.find(({ StackName }) => isInstance(StackName))?.Outputs ?? [];
  const now = Object.fromEntries(outputs.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]));
  for (const key of ["PipelineBucket", "KMSKeyARN"]) renewed.set(old?.outputs[key] ?? key, now[key] ?? key);
  const Bucket = now["PipelineBucket"] ?? "";

  const isWorkload = has("copilot-service");
  for (const environment of named((stack) => has("copilot-environment")(stack) && !isWorkload(stack)).filter(wanted))
    await create(environment);
  for (const workload of named(isWorkload).filter(wanted)) {
    const url = workload.parameters["AddonsTemplateURL"];
    const addons = named(({ name }) => name.startsWith(`${workload.name}-AddonsStack`))[0];
    if (url && addons !== undefined) {
      const Key = new URL(renew(url)).pathname.replace(new RegExp(`^/(${Bucket}/)?`), "");
      await aws.client(S3Client).send(new PutObjectCommand({ Bucket, Key, Body: read(addons.template) }));
    }
    await create(workload);
  }
  for (const [Name, value] of Object.entries(app.ssm)) {
    const record = { Name, Type: "String", Value: renew(JSON.stringify(value)), Overwrite: true } as const;
    await aws.client(SSMClient).send(new PutParameterCommand(record));
  }
  return app;
}
