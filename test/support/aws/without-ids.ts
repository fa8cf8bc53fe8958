/** What the emulator makes up anew each time. */
export function withoutIds<T>(value: T): T {
  if (typeof value === "string")
    return value
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
      .replace(/(bucket)-[a-z0-9]{12}/g, "$1-ID")
      .replace(/-[A-Z0-9]{12}\b/g, "-ID")
      .replace(/\b[A-Z0-9]{20,22}\b/g, "ZONE")
      .replace(/\b(vpc|subnet|sg|igw|rtb|fs|fsap)-[0-9a-f]{8,17}/g, "$1-ID") as T;
  if (Array.isArray(value)) return value.map(withoutIds) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutIds(each)])) as T;
}
