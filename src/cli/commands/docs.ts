import { readFile } from "node:fs/promises";
import * as z from "zod/mini";
import { documentedTypes, readDocs } from "../../actions/read-docs.ts";
import { command } from "../command.ts";
import { flags, operand, toggle } from "../flags.ts";
import { renderTable } from "../render/table.ts";

const names = documentedTypes.map(({ type }) => type.toLowerCase().replaceAll(" ", "-"));

export const docs = command({
  name: "docs",
  summary: "Prints the annotated manifest of a type, or lists the types.",
  input: z.object({
    type: operand({ name: "type", description: "Such as backend, lbws or environment.", completes: names }),
    schema: toggle({ name: "schema", description: "Print the type's JSON Schema instead." }),
    json: flags.json,
  }),
  exclusive: [["schema", "json"]],
  examples: [
    "pilotfish docs",
    "pilotfish docs backend",
    "pilotfish docs backend --schema > copilot/.schema/backend-service.json",
  ],
  async run({ type: name, schema }, { host }) {
    if (name === undefined) {
      const rows = documentedTypes.map(({ type, short, about }) => [type, short, about]);
      const types = documentedTypes.map(({ type, short, about }) => ({ type, short, about }));
      return {
        text: [...renderTable(rows), "", "see one of them: pilotfish docs backend"].join("\n"),
        json: { types },
      };
    }
    const found = await readDocs(name, host.packageRoot);
    const text = schema ? await readFile(found.schema, "utf8") : found.manifests.map((each) => each.text).join("---\n");
    return { text: text.trimEnd(), json: found };
  },
});
