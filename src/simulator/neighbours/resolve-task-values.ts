import { resolveSecrets, UnresolvedValue } from "./resolve-secrets.ts";
import type { ValueStore } from "./value-store.ts";

/** The part of a container definition that names values. */
export interface NamesValues {
  name?: string;
  secrets?: { name?: string; valueFrom?: string }[];
  environmentFiles?: { value?: string }[];
}

/** Container → variable → value, and container → contents of its environment files in their order. */
export interface ResolvedValues {
  secrets: Record<string, Record<string, string>>;
  environmentFiles: Record<string, string[]>;
}

/** What the containers of a task name, as it is now.
 *  @throws UnresolvedValue in ECS's words, UserError value/unreadable */
export function resolveTaskValues(containers: readonly NamesValues[], store: ValueStore): ResolvedValues {
  const sources = containers.flatMap(({ secrets = [] }) => secrets.map(({ valueFrom = "" }) => valueFrom));
  const values = resolveSecrets(sources, store);
  return {
    secrets: Object.fromEntries(
      containers.map(({ name = "", secrets = [] }) => [
        name,
        Object.fromEntries(
          secrets.map(({ name: variable = "", valueFrom = "" }) => [variable, values.get(valueFrom) ?? ""]),
        ),
      ]),
    ),
    environmentFiles: Object.fromEntries(
      containers.map(({ name = "", environmentFiles = [] }) => [
        name,
        environmentFiles.map(({ value = "" }) => contents(value, store)),
      ]),
    ),
  };
}

function contents(arn: string, store: ValueStore): string {
  const found = store.object(arn);
  if (found !== undefined) return found;
  throw new UnresolvedValue(
    `failed to download env files: file download command: non empty error stream: service call has been retried 1 time(s): NoSuchKey: The specified key does not exist: ${arn}`,
  );
}
