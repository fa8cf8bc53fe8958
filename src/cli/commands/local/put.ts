import * as z from "zod/mini";
import { putValue } from "../../../actions/put-value.ts";
import { UserError } from "../../../errors.ts";
import { chooseValue, type ValueKind, valueOperands } from "../../choose/value.ts";
import { shellLine } from "../../command-line.ts";
import { command } from "../../command.ts";
import { flags, toggle } from "../../flags.ts";
import { readValue } from "../../read-value.ts";
import { clean } from "../../render/clean.ts";

export const localPut = command({
  name: "local put",
  summary: "Gives the simulator a secret, a parameter or an export; the value comes from stdin or a prompt.",
  input: z.object({
    ...valueOperands,
    overwrite: toggle({ name: "overwrite", description: "Replace the value when there is one." }),
    json: flags.json,
  }),
  examples: [
    "pilotfish local put secret prod/db < db.json",
    "pilotfish local put parameter /shop/api-key",
    "pilotfish local put export shop-TableName --overwrite < name.txt",
  ],
  async run({ overwrite, ...input }, context) {
    const { kind, name } = await chooseValue(input, context);
    const typed = shellLine(["local", "put", kind, name]);
    const value = await readValue(`What is the value of the ${kind} ${name}?`, `${typed} < FILE`, context);
    const provider = await (await context.wire()).provider("local");
    const put = async (replace: boolean) => putValue({ kind, name, value, overwrite: replace }, { provider });
    const result = await put(overwrite).catch(async (error: unknown) => {
      if (!(error instanceof UserError) || error.code !== "value/exists") throw error;
      if (!context.interactive || !context.host.stdin.isTerminal)
        throw new UserError(error.code, error.message, { hint: `${typed} --overwrite` });
      const prompts = await context.prompts();
      const replaces = await prompts.confirm({ message: `${kind} ${name} has a value: replace it?`, default: false });
      return replaces ? put(true) : undefined;
    });
    if (result === undefined) return { text: "nothing was changed" };
    return { text: told(kind, clean(name), result), json: { kind, name, result } };
  },
});

function told(kind: ValueKind, name: string, result: "created" | "updated"): string {
  const inManifest = { secret: `secretsmanager: ${name}`, parameter: name, export: `from_cfn: ${name}` }[kind];
  if (result === "created") return `${kind} ${name} is created; a manifest names it \`${inManifest}\``;
  const when = kind === "export" ? "the next deploy takes it" : "tasks that start from now on get it";
  return `${kind} ${name} is updated; ${when}`;
}
