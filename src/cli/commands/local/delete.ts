import * as z from "zod/mini";
import { deleteValue } from "../../../actions/delete-value.ts";
import { UserError } from "../../../errors.ts";
import { chooseValue, valueOperands } from "../../choose/value.ts";
import { command } from "../../command.ts";
import { confirmOrRefuse } from "../../confirm.ts";
import { flags, toggle } from "../../flags.ts";
import { clean } from "../../render/clean.ts";

export const localDelete = command({
  name: "local delete",
  summary: "Removes a secret, a parameter or an export from the simulator.",
  input: z.object({
    ...valueOperands,
    all: toggle({ name: "all", description: "All of them, also when they cannot be read any more." }),
    yes: flags.yes,
    json: flags.json,
  }),
  examples: ["pilotfish local delete secret prod/db --yes", "pilotfish local delete --all"],
  async run({ all, yes, ...input }, context) {
    if (all && input.kind !== undefined)
      throw new UserError("usage/invalid-flag", "--all takes no kind and no name", {
        hint: "pilotfish local delete --help",
      });
    const chosen = all ? undefined : await chooseValue(input, context);
    const what = chosen === undefined ? "all secrets, parameters and exports" : `${chosen.kind} ${chosen.name}`;
    if (!(await confirmOrRefuse(`Delete ${what} of the simulator?`, yes, context)))
      return { text: "nothing was deleted" };
    const provider = await (await context.wire()).provider("local");
    if (chosen === undefined) await provider.deleteValues();
    else await deleteValue(chosen, { provider });
    const deleted = chosen === undefined ? "all of them are deleted" : `${clean(what)} is deleted`;
    return { text: `${deleted}; tasks that run keep their values`, json: chosen ?? { all: true } };
  },
});
