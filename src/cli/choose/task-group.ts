import type { TaskGroupRef } from "../../providers/task-groups.ts";
import { UserError } from "../../errors.ts";
import type { Context } from "../context.ts";
import type { BackEnd } from "../wire-contract.ts";
import { MissingInput } from "./missing-input.ts";
import { chooseTaskPlace, placeText, type TaskPlaceInput } from "./task-place.ts";

/** A task group that is there, and where. One that was not named is asked for, unless there is only one.
 *  @throws UserError usage/missing-input, task/not-found, and as {@link chooseTaskPlace} */
export async function chooseTaskGroup(
  { name, ...input }: { name?: string } & TaskPlaceInput,
  context: Context,
): Promise<TaskGroupRef & { on: BackEnd }> {
  const { place, on } = await chooseTaskPlace(input, context);
  if (name !== undefined) return { group: name, place, on };
  const { tasks } = await (await context.wire()).provider(on);
  const groups = await tasks.list(place);
  const [first] = groups;
  if (first === undefined)
    throw new UserError("task/not-found", `there is no task group in ${placeText(place)}`, {
      hint: "pilotfish task run --help",
    });
  if (groups.length === 1) return { group: first, place, on };
  if (!context.interactive)
    throw new MissingInput([{ flag: ["--name", "-n"], choice: groups.join(", "), example: first }], context);
  const prompts = await context.prompts();
  const choices = groups.map((group) => ({ name: group, value: group }));
  return { group: await prompts.select({ message: "Which task group?", choices }), place, on };
}
