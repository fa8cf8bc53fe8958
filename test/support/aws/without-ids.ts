/** What the emulator makes up anew each time. */
export function withoutIds<T>(value: T): T {
  if (typeof value === "string")
    return value
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
      .replace(/(bucket)-[a-z0-9]{12}/g, "$1-ID")
      .replace(/-[A-Z0-9]{12}\b/g, "-ID")
      .replace(/\b[A-Z0-9]{20,22}\b/g, "ZONE")
      .replace(/\b(vpc|subnet|sg|igw|rtb|nat|fs|fsap|fsmt)-[0-9a-f]{8,17}\b/g, "$1-ID")
      .replace(/\b[0-9a-f]{16}\b/g, "ID")
      .replace(/(addonsstack)-[a-z0-9]{12}-(\w+)-[a-z0-9]{12}/g, "$1-ID-$2-ID")
      .replace(/\b127(\.\d+){3}\b/g, "ADDRESS") as T;
  if (Array.isArray(value)) return value.map(withoutIds) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutIds(each)])) as T;
}
