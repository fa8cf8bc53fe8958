/** The steps of a JSON pointer (RFC 6901): `/Mappings/a~1b` leads to `a/b` in `Mappings`. Undefined when it is none. */
export function stepsOf(pointer: string): string[] | undefined {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) return undefined;
  return pointer
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The pointer that leads through these steps; `/` is the top. */
export function pointerOf(steps: readonly string[]): string {
  return `/${steps.map(escaped).join("/")}`;
}

function escaped(step: string): string {
  return step.replaceAll("~", "~0").replaceAll("/", "~1");
}
