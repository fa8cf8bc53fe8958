const reserved = new Set(["pipelines", "environments"]);

/** Why a name is none that an application or a workload may have, as the end of a sentence; undefined when it may.
 *  Names become parts of AWS's names, of host names and of image repositories, so the rule is the narrowest of these. */
export function nameProblem(name: string): string | undefined {
  if (name === "") return "must not be empty";
  if (name.length < 2) return "must have at least two characters";
  if (name.length > 255) return "must not be longer than 255 characters";
  if (!/^[a-z]/.test(name)) return "must begin with a lower-case letter";
  if (/[^a-z0-9-]/.test(name)) return "may only have lower-case letters, digits and dashes";
  if (name.includes("--") || name.endsWith("-")) return "must not have two dashes in a row or one at the end";
  if (reserved.has(name)) return `is reserved: copilot/${name} has a meaning of its own`;
  return undefined;
}

/** The valid name that is nearest to some text, such as the name of a folder; undefined when nothing of it is left. */
export function nearestName(text: string): string | undefined {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 64)
    .replace(/-+$/, "");
  return nameProblem(name) === undefined ? name : undefined;
}
