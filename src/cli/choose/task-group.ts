import type { TaskGroupRef } from "../../providers/task-groups.ts";
import { UserError } from "../../errors.ts";
import type { Context } from "../context.ts";
import { flags, nameOf, text } from "../flags.ts";
import type { BackEnd } from "../wire-contract.ts";
import { MissingInput } from "./missing-input.ts";
import { chooseTaskPlace, defaultFlag, placeText, type TaskPlaceInput } from "./task-place.ts";

/** What says which task group is meant, and where it is. */
export const taskGroupFlags = {
  name: nameOf({ name: "name", short: "n", value: "NAME", description: "Name of the task group." }),
  app: flags.app,
  env: flags.environment,
  local: flags.local,
  aws: flags.aws,
  default: defaultFlag,
  cluster: text({ name: "cluster", value: "CLUSTER", description: "On AWS: the cluster, by its name or ARN." }),
};

/** Those of {@link taskGroupFlags} that do not go together. */
export const onePlace: ["default" | "cluster", "app" | "env" | "cluster"][] = [
  ["default", "app"],
  ["default", "env"],
  ["default", "cluster"],
  ["cluster", "app"],
  ["cluster", "env"],
];

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
