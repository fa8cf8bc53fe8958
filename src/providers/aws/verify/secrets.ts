import { DescribeKeyCommand, KMSClient, ListResourceTagsCommand } from "@aws-sdk/client-kms";
import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { DescribeParametersCommand, ListTagsForResourceCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { NeededSecret } from "../../../plan/needs.ts";
import type { Check } from "../../account/verify.ts";
import { fail, checked, ok, skip } from "./check.ts";
import { type Exports, type Place, textOf } from "./place.ts";

/** Each secret and parameter is there, has the key and the version that the manifest names, and carries the tags by which
 *  the execution role may read it. Source: Amazon ECS Developer Guide, "Pass sensitive data to a container". */
export async function checkSecrets(place: Place, exports: Exports): Promise<Check[]> {
  return Promise.all(place.request.needs.secrets.map((secret) => checkSecret(secret, place, exports)));
}

async function checkSecret(secret: NeededSecret, place: Place, exports: Exports): Promise<Check> {
  const subject = `${secret.container} ${secret.name}`;
  return checked(subject, async () => {
    const from = await textOf(secret.from, place, exports);
    if (from === undefined) return unresolved(subject, secret);
    if (!from.startsWith("arn:")) return parameter(`${subject} from ${from}`, from, place);
    const [, , service, region, account] = from.split(":");
    const where = `${subject} from ${from}`;
    if (account !== place.record.accountID) return skip(where, `it belongs to the account ${account}`);
    if (service === "secretsmanager") return ofSecretsManager(where, from, { ...place, region });
    const name = from.slice(from.indexOf(":parameter") + ":parameter".length);
    return parameter(where, name, place, region);
  });
}

function unresolved(subject: string, { from }: NeededSecret): Check {
  if (typeof from === "object" && "import" in from)
    return fail(
      `${subject} from the export ${from.import}`,
      "no stack exports it",
      "aws cloudformation list-exports --query 'Exports[].Name'",
    );
  return skip(subject, "what it is read from is known after the addons have been deployed");
}

async function parameter(subject: string, given: string, place: Place, region?: string): Promise<Check> {
  const { app, env } = place.request;
  const ssm = (region === undefined ? place.there : place.there.inRegion(region)).client(SSMClient);
  // An ARN leaves out which of `/name` and `name` it is.
  const bare = given.replace(/^\//, "");
  const names = given.startsWith("/") ? [given, ...(bare.includes("/") ? [] : [bare])] : [given];
  const filters = [{ Key: "Name", Option: "Equals", Values: names }];
  const { Parameters = [] } = await ssm.send(new DescribeParametersCommand({ ParameterFilters: filters }));
  const { Name: name, KeyId: keyId } = Parameters[0] ?? {};
  if (name === undefined)
    return fail(subject, "there is no such parameter", `pilotfish secret init --name ${given.split("/").at(-1)}`);
  const listTags = new ListTagsForResourceCommand({ ResourceType: "Parameter", ResourceId: name });
  const { TagList = [] } = await ssm.send(listTags);
  const found = tagged(subject, TagList, { app, env }, (tags) => {
    const shown = tags.map(([key, value]) => `Key=${key},Value=${value}`).join(" ");
    return `aws ssm add-tags-to-resource --resource-type Parameter --resource-id ${name} --tags ${shown}`;
  });
  return decryptable(found, keyId, place);
}

/** The execution role may use keys with the tags of the environment; what a key's own policy allows is not looked at. */
async function decryptable(found: Check, keyId: string | undefined, place: Place): Promise<Check> {
  if (found.status !== "ok" || keyId === undefined || /(^|:)alias\/aws\//.test(keyId)) return found;
  return checked(found.subject, async () => {
    const kms = place.there.client(KMSClient);
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: keyId }));
    if (KeyMetadata?.KeyManager === "AWS") return found;
    const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId: KeyMetadata?.KeyId ?? keyId }));
    const lacking = lackingTags(
      Tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue })),
      place.request,
    );
    if (lacking.length === 0) return found;
    const names = lacking.map(([key, value]) => `${key}=${value}`).join(" and ");
    return skip(
      found.subject,
      `its key ${keyId} is without the tag ${names}: the key's own policy has to let the execution role use it`,
    );
  });
}

/** The parts of `arn:…:secret:NAME[:key[:stage[:version]]]`. */
function partsOf(arn: string): { id: string; key: string; stage: string; version: string } {
  const parts = arn.split(":");
  const [key = "", stage = "", version = ""] = parts.slice(7);
  return { id: parts.slice(0, 7).join(":"), key, stage, version };
}

async function ofSecretsManager(
  subject: string,
  arn: string,
  place: Place & { region?: string | undefined },
): Promise<Check> {
  const { id, key, stage, version } = partsOf(arn);
  const { app, env } = place.request;
  const client = place.there.inRegion(place.region ?? place.record.region).client(SecretsManagerClient);
  const described = await client.send(new DescribeSecretCommand({ SecretId: id })).catch(missing);
  if (described === undefined)
    return fail(subject, "there is no such secret", `aws secretsmanager create-secret --name ${id.split(":").at(-1)}`);
  if (described.DeletedDate !== undefined)
    return fail(subject, "it is being deleted", `aws secretsmanager restore-secret --secret-id ${id}`);
  const lacking = lackingVersion(described, { stage, version });
  if (lacking !== undefined)
    return fail(subject, lacking, `aws secretsmanager list-secret-version-ids --secret-id ${id}`);
  if (key !== "" && !(await hasKey(client, { id, key, stage, version })))
    return fail(subject, `what is in it has no key ${key}`, `aws secretsmanager put-secret-value --secret-id ${id}`);
  const found = tagged(subject, described.Tags ?? [], { app, env }, (tags) => {
    const shown = tags.map(([name, value]) => `Key=${name},Value=${value}`).join(" ");
    return `aws secretsmanager tag-resource --secret-id ${id} --tags ${shown}`;
  });
  return decryptable(found, described.KmsKeyId, place);
}

/** The value is checked at here and nowhere else. */
async function hasKey(
  client: SecretsManagerClient,
  { id, key, stage, version }: { id: string; key: string; stage: string; version: string },
): Promise<boolean> {
  const { SecretString = "" } = await client.send(
    new GetSecretValueCommand({
      SecretId: id,
      ...(stage !== "" && { VersionStage: stage }),
      ...(version !== "" && { VersionId: version }),
    }),
  );
  try {
    const value: unknown = JSON.parse(SecretString);
    return typeof value === "object" && value !== null && Object.hasOwn(value, key);
  } catch {
    return false;
  }
}

function lackingVersion(
  { VersionIdsToStages = {} }: DescribeSecretCommandOutput,
  { stage, version }: { stage: string; version: string },
): string | undefined {
  const ids = Object.entries(VersionIdsToStages).filter(([id]) => version === "" || id === version);
  if (ids.length === 0) return version === "" ? "it has no value yet" : `it has no version ${version}`;
  const wanted = stage === "" ? (version === "" ? "AWSCURRENT" : undefined) : stage;
  if (wanted === undefined || ids.some(([, stages]) => stages.includes(wanted))) return undefined;
  return wanted === "AWSCURRENT" ? "it has no value yet" : `no version of it has the stage ${wanted}`;
}

type Tag = [key: string, value: string];

interface GivenTag {
  Key?: string | undefined;
  Value?: string | undefined;
}

function tagged(
  subject: string,
  given: readonly GivenTag[],
  { app, env }: { app: string; env: string },
  command: (tags: Tag[]) => string,
): Check {
  const lacking = lackingTags(given, { app, env });
  if (lacking.length === 0) return ok(subject);
  const names = lacking.map(([key, value]) => `${key}=${value}`).join(" and ");
  return fail(subject, `without the tag ${names} the execution role may not read it`, command(lacking));
}

function lackingTags(given: readonly GivenTag[], { app, env }: { app: string; env: string }): Tag[] {
  const needed: Tag[] = [
    ["copilot-application", app],
    ["copilot-environment", env],
  ];
  return needed.filter(([key, value]) => !given.some(({ Key, Value }) => Key === key && Value === value));
}

function missing(error: unknown): undefined {
  if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
  throw error;
}
