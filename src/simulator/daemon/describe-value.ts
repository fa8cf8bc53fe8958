import type { ValueDescription } from "../../providers/provider.ts";
import type { ValueFacts } from "../neighbours/value-store.ts";

export function describeValue({ kind, name, versions }: ValueFacts): ValueDescription {
  return {
    kind,
    name,
    versions: versions.map(({ id, stages, createdAt }) => ({
      id,
      stages,
      createdAt: new Date(createdAt).toISOString(),
    })),
  };
}
