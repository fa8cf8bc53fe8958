import type { Dependent, Difference, Path } from "./differences.ts";
import type { Replacement } from "./replacement.ts";
import { written } from "./resolved.ts";

/** A place in a resource or an output that an update changes. */
export interface PropertyChange {
  /** `ContainerDefinitions[front].Image`. */
  path: string;
  /** As templates hold it; left out where there is nothing. */
  before?: unknown;
  after?: unknown;
  /** False where only the deployment can tell whether it changes. */
  certain: boolean;
  /** Whether the change makes a new resource. */
  replaces: Replacement;
  /** The replaced resources that it takes its value from. */
  because?: string[];
}

/** Resources that are replaced, and whether that is certain. */
export type Replaced = ReadonlyMap<string, boolean>;

export function changedProperty({ path, before, after, certain }: Difference, replaces: Replacement): PropertyChange {
  return {
    path: pathText(path),
    ...(before !== undefined && { before: written(before) }),
    ...(after !== undefined && { after: written(after) }),
    certain,
    replaces,
  };
}

/** A place that changes with the resources that it takes its value from; undefined where none of them is replaced. */
export function followingProperty(
  { path, value, resources }: Dependent,
  replaced: Replaced,
  replaces: Replacement,
): PropertyChange | undefined {
  const because = [...new Set(resources)].filter((id) => replaced.has(id));
  if (because.length === 0) return undefined;
  const shown = written(value);
  const certain = because.some((id) => replaced.get(id) === true);
  return { path: pathText(path), before: shown, after: shown, certain, replaces, because };
}

function pathText(path: Path): string {
  return path.reduce((text, step) => (text === "" || /^[[(]/.test(step) ? text + step : `${text}.${step}`), "");
}
