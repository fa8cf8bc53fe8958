import { shellWord } from "../../errors.ts";
import { readSecretSource, secretNameOf } from "./secret-source.ts";

/** What to type when a task could not get its values, from what ECS said about it; undefined when it is another reason.
 *  @param sources every `valueFrom` of the task, for what ECS does not say */
export function putHint(reason: string, sources: readonly string[]): string | undefined {
  const parameters = /invalid ssm parameters: (\S+)$/.exec(reason)?.[1];
  if (parameters !== undefined) return parametersHint(parameters.split(","));
  const arn = /failed to fetch secret (\S+) from secrets manager/.exec(reason)?.[1];
  const secret = arn && shellWord(secretNameOf(arn));
  if (secret !== undefined && /ResourceNotFoundException.*(staging label|VersionId)/.test(reason))
    return `pilotfish local values    (lists the versions of ${secret})`;
  if (secret !== undefined && reason.includes("ResourceNotFoundException"))
    return `pilotfish local put secret ${secret}`;
  const key = /json key (.+)$/.exec(reason)?.[1];
  const owner =
    key === undefined
      ? undefined
      : sources.map(readSecretSource).find((one) => one.kind === "secret" && one.jsonKey === key);
  if (owner?.kind === "secret")
    return `pilotfish local put secret ${shellWord(secretNameOf(owner.arn))} --overwrite    (a JSON object with the key ${key})`;
  if (reason.includes("unexpected ARN format with parameters"))
    return "write all three colons behind the secret's name: NAME:json-key:version-stage:version-id, each may be empty";
  if (reason.includes("version stage and a version id")) return "leave the version stage or the version id out";
  if (reason.includes("failed to download env files")) return "name the file in the manifest, with env_file";
  if (reason.includes("values cannot be read"))
    return "put the key file back, or start anew: pilotfish local delete --all";
  return undefined;
}

function parametersHint(written: string[]): string {
  const relative = written.find((name) => /^[^/:]+\//.test(name));
  if (relative !== undefined)
    return `write /${relative} in the manifest: the name of a parameter that has levels begins with a slash`;
  return written.map(parameterHint).join(" && ");
}

function parameterHint(written: string): string {
  const source = readSecretSource(written);
  if (source.kind !== "parameter") return `pilotfish local put parameter ${shellWord(written)}`;
  const overwrite = source.version === undefined ? "" : " --overwrite";
  return `pilotfish local put parameter ${shellWord(source.names[0] ?? "")}${overwrite}`;
}
