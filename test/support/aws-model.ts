/** Checks data against the runtime schemas that the AWS SDK ships. Their shapes, as far as JSON requests need them:
 *  a number for a simple type (plus 64 for a list of it, 128 for a map to it), a function that returns a schema,
 *  `[schema, traits]` for a member, and tuples that begin with their kind: 0 simple, 1 list, 2 map, 3 structure. */

type Named = [kind: 0 | 1 | 2 | 3, namespace: string, name: string, traits: unknown, ...rest: unknown[]];

/** What is wrong with a value, one line each, with the path to it: unknown members, missing ones, wrong types. */
export function modelProblems(schema: unknown, value: unknown, path = ""): string[] {
  if (value === undefined) return [];
  if (typeof schema === "function") return modelProblems(schema(), value, path);
  if (typeof schema === "number") return simpleProblems(schema, value, path);
  if (!Array.isArray(schema)) throw new Error(`not a schema: ${String(schema)}`);
  if (schema.length === 2) return modelProblems(schema[0], value, path);
  const [kind, , name, , first, second, required] = schema as Named;
  switch (kind) {
    case 0:
      return modelProblems(first, value, path);
    case 1:
      return listProblems(first, value, path);
    case 2:
      return mapProblems(second, value, path);
    case 3:
      return structureProblems(name, first as string[], second as unknown[], Number(required ?? 0), value, path);
  }
}

const simpleTypes: Record<number, string> = {
  0: "string",
  1: "number",
  2: "boolean",
  // Timestamps, in the formats that traits give them.
  4: "date",
  5: "date",
  6: "date",
  7: "date",
  17: "number",
  19: "number",
};

function simpleProblems(schema: number, value: unknown, path: string): string[] {
  if (schema & 64) return listProblems(schema & ~64, value, path);
  if (schema & 128) return mapProblems(schema & ~128, value, path);
  const expected = simpleTypes[schema];
  if (!expected) throw new Error(`${path}: a schema of an unknown kind: ${schema}`);
  const kind = value instanceof Date ? "date" : typeof value;
  return kind === expected ? [] : [`${path}: ${kindOf(value)} where a ${expected} belongs`];
}

function listProblems(item: unknown, value: unknown, path: string): string[] {
  if (!Array.isArray(value)) return [`${path}: ${kindOf(value)} where a list belongs`];
  return value.flatMap((each, index) => modelProblems(item, each, `${path}[${index}]`));
}

function mapProblems(item: unknown, value: unknown, path: string): string[] {
  if (!isPlainObject(value)) return [`${path}: ${kindOf(value)} where a map belongs`];
  return Object.entries(value).flatMap(([key, each]) => modelProblems(item, each, `${path}.${key}`));
}

function structureProblems(
  name: string,
  members: string[],
  schemas: unknown[],
  required: number,
  value: unknown,
  path: string,
): string[] {
  if (!isPlainObject(value)) return [`${path}: ${kindOf(value)} where a ${name} belongs`];
  const at = (member: string) => (path === "" ? member : `${path}.${member}`);
  const missing = members.slice(0, required).filter((member) => value[member] === undefined);
  return [
    ...missing.map((member) => `${at(member)}: missing`),
    ...Object.entries(value).flatMap(([member, each]) => {
      const index = members.indexOf(member);
      return index === -1 ? [`${at(member)}: no member of ${name}`] : modelProblems(schemas[index], each, at(member));
    }),
  ];
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  return value === null
    ? "null"
    : Array.isArray(value)
      ? "a list"
      : typeof value === "object"
        ? "an object"
        : `a ${typeof value}`;
}
