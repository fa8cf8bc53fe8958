import { type Later, environmentOutputs, laterRefs } from "./later.ts";

const checks: Record<string, (content: unknown) => boolean> = {
  ref: (content) => (laterRefs as readonly unknown[]).includes(content),
  env: (content) => (environmentOutputs as readonly unknown[]).includes(content),
  image: isText,
  import: isText,
  envFile: isText,
  topic: isText,
  queue: isText,
  loadBalancer: isText,
  addon: isText,
  subnetsWithTags: (content) => typeof content === "object" && content !== null,
  join: (content) =>
    Array.isArray(content) &&
    content.every((part) => isText(part) || (typeof part === "object" && part !== null && isLater(part))),
};

/** Whether an object of a plan is a reference: one key that references have, with what belongs under it, and nothing
 *  else. Not to be asked about a map whose keys the user chose. */
export function isLater(value: object): value is Later {
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0) return false;
  const [key, content] = entry;
  return Object.hasOwn(checks, key) && checks[key]?.(content) === true;
}

function isText(content: unknown): boolean {
  return typeof content === "string";
}
