/** A map's own member: a name out of a user's file may be `constructor`, which every object has. */
export function ownMember<T>(map: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined;
}
