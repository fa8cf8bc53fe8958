import * as z from "zod/mini";
import { chooseTaskGroup, onePlace, taskGroupFlags } from "../../choose/task-group.ts";
import { placeText } from "../../choose/task-place.ts";
import { command } from "../../command.ts";
import { confirmOrRefuse } from "../../confirm.ts";
import { flags } from "../../flags.ts";
import { followStory } from "../../follow-story.ts";
import { lockTimeoutFlag, lockTools } from "../../lock-tools.ts";
import { clean } from "../../render/clean.ts";
import { paint } from "../../render/paint.ts";
import { targetOfTask } from "../../render/task-target.ts";

export const taskDelete = command({
  name: "task delete",
  summary: "Stops the tasks of a group, and removes it with its image.",
  input: z.object({
    ...taskGroupFlags,
    lockTimeout: lockTimeoutFlag,
    yes: flags.yes,
    json: flags.json,
  }),
  exclusive: onePlace,
  examples: ["pilotfish task delete -n db-migrate -e test", "pilotfish task delete -n report --default --yes"],
  async run({ yes, lockTimeout, json: _, ...input }, context) {
    const { on, group, place } = await chooseTaskGroup(input, context);
    const wire = await context.wire();
    const { app, env } = place;
    const environment = app !== undefined && env !== undefined ? { app, env } : undefined;
    const target = await (await wire.provider(on)).target(environment);
    const event = { type: "task-target", group, ...(app !== undefined && { app, env }), target } as const;
    context.say(paint(context.color.stderr).bold(clean(targetOfTask(event))));
    context.emit(event);
    const question = `Delete the task group ${group} from ${placeText(place)}, with its tasks, images and logs?`;
    if (!(await confirmOrRefuse(question, yes, context))) return { text: "nothing was deleted" };
    const actions = await import("../../../actions/delete-task-group.ts");
    const ref = { group, place };
    const remove =
      on === "local"
        ? { provider: await wire.provider("local") }
        : { ...lockTools(await wire.account(), lockTimeout, context), provider: await wire.provider("aws") };
    const { interrupted } = await followStory(
      (signal) =>
        "account" in remove
          ? actions.deleteTaskGroup(ref, remove, signal)
          : actions.deleteTaskGroupHere(ref, remove, signal),
      "what has been begun goes on; run the command again for the rest",
      context,
    );
    context.emit({ type: "result" });
    if (interrupted) return { exitCode: 130 };
    return context.json ? {} : { text: clean(`deleted the task group ${group} from ${placeText(place)}`) };
  },
});
