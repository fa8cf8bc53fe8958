import { jsonMember } from "./json-member.ts";
import { readSecretSource, type SecretSource } from "./secret-source.ts";
import type { ValueStore } from "./value-store.ts";

/** A value of a task cannot be fetched: what ECS says behind `ResourceInitializationError: `. */
export class UnresolvedValue extends Error {}

/** The values of these sources, by source, as ECS fetches them when a task starts: all parameters with one request,
 *  secrets one after the other.
 *  @throws UnresolvedValue, UserError value/unreadable */
export function resolveSecrets(sources: Iterable<string>, store: ValueStore): Map<string, string> {
  const values = new Map<string, string>();
  const invalid: string[] = [];
  const all = [...new Set(sources)].map((valueFrom) => ({ valueFrom, source: readSecretSource(valueFrom) }));
  for (const { valueFrom, source } of all) {
    if (source.kind !== "parameter") continue;
    const value = parameterValue(source, store);
    if (value === undefined) invalid.push(valueFrom);
    else values.set(valueFrom, value);
  }
  if (invalid.length > 0)
    throw failure("unable to retrieve secrets from ssm", `invalid ssm parameters: ${invalid.join(",")}`);
  for (const { valueFrom, source } of all) {
    if (source.kind === "malformed") throw failure("unable to retrieve secret from asm", source.problem);
    if (source.kind === "secret") values.set(valueFrom, secretValue(source, store));
  }
  return values;
}

type Of<Kind extends SecretSource["kind"]> = Extract<SecretSource, { kind: Kind }>;

function parameterValue({ names, version }: Of<"parameter">, store: ValueStore): string | undefined {
  for (const name of names) {
    const found = store.get("parameter", name, { id: version });
    if (typeof found === "object") return found.value;
  }
  return undefined;
}

function secretValue({ arn, names, jsonKey, stage, version }: Of<"secret">, store: ValueStore): string {
  if (stage !== undefined && version !== undefined)
    throw notFetched(arn, "InvalidParameterException: a version stage and a version id exclude each other");
  const found = names.map((name) => store.get("secret", name, { stage, id: version })).find((one) => one !== undefined);
  if (found === undefined)
    throw notFetched(arn, "ResourceNotFoundException: Secrets Manager can't find the specified secret.");
  if (found === "no-version") {
    const which = version === undefined ? `staging label: ${stage ?? "AWSCURRENT"}` : `VersionId: ${version}`;
    throw notFetched(
      arn,
      `ResourceNotFoundException: Secrets Manager can't find the specified secret value for ${which}`,
    );
  }
  if (jsonKey === undefined) return found.value;
  const member = jsonMember(found.value, jsonKey);
  // AWS quotes the character that is no JSON; it belongs to the secret, so it is not repeated here.
  if (member === "no-object")
    throw failure(
      "unable to retrieve secret from asm",
      `retrieved secret from Secrets Manager is not a JSON object, json key ${jsonKey}`,
    );
  if (member === undefined)
    throw failure(
      "unable to retrieve secret from asm",
      `retrieved secret from Secrets Manager did not contain json key ${jsonKey}`,
    );
  return member.text;
}

function notFetched(arn: string, why: string): UnresolvedValue {
  return failure("unable to retrieve secret from asm", `failed to fetch secret ${arn} from secrets manager: ${why}`);
}

function failure(what: string, why: string): UnresolvedValue {
  return new UnresolvedValue(
    `unable to pull secrets or registry auth: execution resource retrieval failed: ${what}: service call has been retried 1 time(s): ${why}`,
  );
}
