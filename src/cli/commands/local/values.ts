import * as z from "zod/mini";
import type { ValueDescription } from "../../../providers/provider.ts";
import { command } from "../../command.ts";
import { flags } from "../../flags.ts";
import { clean } from "../../render/clean.ts";
import { renderTable } from "../../render/table.ts";

export const localValues = command({
  name: "local values",
  summary: "Lists the secrets, parameters and exports of the simulator; never what is in them.",
  input: z.object({ json: flags.json }),
  async run(_input, context) {
    const provider = await (await context.wire()).provider("local");
    const values = await provider.listValues();
    if (values.length === 0) return { text: "there are none; pilotfish local put adds one", json: { values } };
    const rows = values.flatMap(rowsOf);
    return { text: renderTable([["KIND", "NAME", "VERSION", "STAGE", "SINCE"], ...rows]).join("\n"), json: { values } };
  },
});

/** Only a secret's former version can be asked for by a name of its own. */
function rowsOf({ kind, name, versions }: ValueDescription): string[][] {
  return versions
    .slice(0, kind === "secret" ? versions.length : 1)
    .map(({ id, stages, createdAt }) => [kind, clean(name), kind === "export" ? "" : id, stages.join(","), createdAt]);
}
