import { quoted } from "./words.ts";

/** What keeps a text from naming another service, by the format that Copilot asks of it. */
export function serviceNameProblem(name: string): { message: string } | undefined {
  if (/^[a-z][a-z0-9-]+$/.test(name) && !name.includes("--") && !name.endsWith("-") && name.length <= 255)
    return undefined;
  const format = "two or more lower-case letters, digits and single hyphens, a letter first and no hyphen at the end";
  return { message: `must be the name of a service: ${format}; not ${quoted(name)}` };
}
