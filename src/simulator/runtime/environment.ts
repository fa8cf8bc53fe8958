import { parseEnvFile } from "./env-file.ts";
import { RuntimeError } from "./runtime.ts";
import type { TaskToRun } from "./runtime.ts";
import { definitionOf } from "./task-definition.ts";

/** The variables of a container: secrets before `environment` before its files, the first file first.
 *  @throws RuntimeError ResourceInitializationError for a value that the caller did not give,
 *  CannotCreateContainerError for one that no process can have */
export function environmentOf(task: TaskToRun, container: string): Record<string, string> {
  const { environment = [], environmentFiles = [], secrets = [] } = definitionOf(task, container);
  const files = task.values?.environmentFiles[container] ?? [];
  if (files.length < environmentFiles.length)
    throw new RuntimeError(
      "ResourceInitializationError",
      `failed to download env files: ${environmentFiles[files.length]?.value} was not read`,
      container,
    );
  const given = task.values?.secrets[container] ?? {};
  const missing = secrets.find(({ name = "" }) => given[name] === undefined);
  if (missing !== undefined)
    throw new RuntimeError(
      "ResourceInitializationError",
      `unable to pull secrets or registry auth: ${missing.valueFrom} for ${missing.name} has no value`,
      container,
    );
  const variables = {
    ...Object.assign({}, ...files.map(parseEnvFile).toReversed()),
    ...Object.fromEntries(environment.map(({ name = "", value = "" }) => [name, value])),
    ...Object.fromEntries(secrets.map(({ name = "" }) => [name, given[name]!])),
  } as Record<string, string>;
  for (const [name, value] of Object.entries(variables))
    if (value.includes("\0"))
      throw new RuntimeError("CannotCreateContainerError", `the value of ${name} contains a null character`, container);
  return variables;
}

/** Replaces every value in a message that is to stay unseen. */
export function withoutSecrets(task: TaskToRun, container: string | undefined, message: string): string {
  if (task.values === undefined || container === undefined) return message;
  const values = [
    ...Object.values(task.values.secrets[container] ?? {}),
    ...(task.values.environmentFiles[container] ?? []).flatMap((file) => Object.values(parseEnvFile(file))),
  ];
  const longestFirst = values.filter((value) => value !== "").toSorted((a, b) => b.length - a.length);
  return longestFirst.reduce((text, value) => text.replaceAll(value, "***"), message);
}
