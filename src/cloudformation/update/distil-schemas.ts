import type { ResourceSchemas } from "./replacement.ts";

/** The part of the database of CloudFormation's schemas that is read here (`@aws-cdk/aws-service-spec`). */
export interface SchemaDatabase {
  all(kind: "resource"): Iterable<ResourceEntry>;
  get(kind: "typeDefinition", id: string): { properties: Readonly<Record<string, PropertyEntry>> };
}

interface ResourceEntry {
  cloudFormationType: string;
  primaryIdentifier?: readonly string[];
  properties: Readonly<Record<string, PropertyEntry>>;
  additionalReplacementProperties?: readonly (readonly string[])[];
}

interface PropertyEntry {
  type: unknown;
  causesReplacement?: "yes" | "no" | "maybe";
}

/** What is needed of the schemas to say what an update does. Uses nothing but its argument, so that a build can run it. */
export function distilSchemas(database: SchemaDatabase): ResourceSchemas {
  const entries = [...database.all("resource")].map((resource) => {
    const found = { yes: new Set<string>(), maybe: new Set<string>() };
    collect(resource.properties, [], []);
    for (const path of resource.additionalReplacementProperties ?? []) found.yes.add(path.join("."));

    function collect(properties: ResourceEntry["properties"], path: string[], above: string[]): void {
      for (const [name, { causesReplacement, type }] of Object.entries(properties)) {
        const here = [...path, name];
        if (causesReplacement === "yes" || causesReplacement === "maybe") found[causesReplacement].add(here.join("."));
        if (causesReplacement !== "yes") descend(type, here, above);
      }
    }

    /** Into a type's own properties; types hold each other, so none is entered from within itself. */
    function descend(given: unknown, path: string[], above: string[]): void {
      const type = given as { type?: string; element?: unknown; reference?: { $ref: string }; types?: unknown[] };
      if (type.type === "array" || type.type === "map") descend(type.element, [...path, "*"], above);
      for (const each of type.types ?? []) descend(each, path, above);
      const id = type.reference?.$ref;
      if (id === undefined || above.includes(id)) return;
      collect(database.get("typeDefinition", id).properties, path, [...above, id]);
    }

    const named = resource.primaryIdentifier ?? [];
    const chosen = named.length > 0 && named.every((name) => resource.properties[name]?.causesReplacement === "yes");
    const parts = [[...found.yes].join(" "), [...found.maybe].join(" "), chosen ? named.join(" ") : ""];
    while (parts.length > 1 && parts.at(-1) === "") parts.pop();
    return [resource.cloudFormationType, parts] as const;
  });
  return Object.fromEntries(entries) as unknown as ResourceSchemas;
}
