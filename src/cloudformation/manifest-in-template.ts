import { readTemplate } from "./read-template.ts";

/** The manifest that a template was made from, which it carries. Copilot's hold it, too. @throws TemplateProblem */
export function manifestInTemplate(template: string): string | undefined {
  const metadata = readTemplate(template).Metadata;
  const manifest = metadata !== null && typeof metadata === "object" && "Manifest" in metadata ? metadata.Manifest : "";
  return typeof manifest === "string" && manifest !== "" ? manifest : undefined;
}
