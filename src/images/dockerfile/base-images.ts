import { dockerfileInstructions } from "./instructions.ts";
import { substitute } from "./substitute.ts";

/** The images that a Dockerfile takes something from: those that its stages begin with, and those that it copies or mounts
 *  files from. Stages of its own are none. Which of them a build needs is the builder's knowledge. */
export function baseImages(dockerfile: string, args: Readonly<Record<string, string>> = {}): string[] {
  const values = new Map<string, string>();
  const stages = new Set<string>();
  const found = new Set<string>();
  const take = (reference: string): void => {
    const isStage = stages.has(reference.toLowerCase()) || /^\d+$/.test(reference);
    if (reference !== "" && reference !== "scratch" && !isStage) found.add(reference);
  };
  let begun = false;
  for (const { name, rest } of dockerfileInstructions(dockerfile)) {
    const words = rest.split(/\s+/);
    if (name === "FROM") {
      begun = true;
      const [base = "", as, alias] = words.filter((word) => !word.startsWith("--"));
      take(unquoted(substitute(base, (each) => values.get(each))));
      if (as?.toUpperCase() === "AS" && alias !== undefined) stages.add(alias.toLowerCase());
    } else if (name === "ARG" && !begun) {
      for (const word of words) {
        const [key = "", ...value] = word.split("=");
        const given = args[key] ?? unquoted(substitute(value.join("="), (each) => values.get(each)));
        values.set(key, given);
      }
    } else if (name === "COPY" || name === "ADD") {
      for (const [, from = ""] of rest.matchAll(/(?:^|\s)--from=(\S+)/g)) take(unquoted(from));
    } else if (name === "RUN") {
      for (const [, options = ""] of rest.matchAll(/(?:^|\s)--mount=(\S+)/g))
        for (const [, from = ""] of options.matchAll(/(?:^|,)from=([^,]+)/g)) take(unquoted(from));
    }
  }
  return [...found];
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/s, "$2");
}
