import { nameProblem } from "../../actions/check-name.ts";
import { suggestApplicationName } from "../../actions/init-application.ts";
import type { Workspace } from "../../actions/open-workspace.ts";
import { UserError } from "../../errors.ts";
import type { Context } from "../context.ts";

/** What the application of a folder is called: as the workspace says that it belongs to, as given, or as the user says.
 *  @throws UserError usage/invalid-flag when the folder belongs to another application */
export async function chooseNewApplication(
  given: string | undefined,
  present: Workspace | undefined,
  context: Context,
): Promise<string> {
  if (present !== undefined) {
    if (given !== undefined && given !== present.application)
      throw new UserError(
        "usage/invalid-flag",
        `${given}: this folder belongs to the application ${present.application}`,
        {
          hint: `leave the name out, or make another folder its workspace (cd, then pilotfish app init ${given})`,
        },
      );
    context.say(`application ${present.application}: this folder belongs to it`);
    return present.application;
  }
  if (given !== undefined) return given;
  const suggestion = await suggestApplicationName(context.host.cwd);
  if (!context.interactive) {
    context.say(`application ${suggestion}: named after the folder`);
    return suggestion;
  }
  const prompts = await context.prompts();
  return prompts.input({
    message: "What is the name of the application?",
    default: suggestion,
    problem: (answer) => {
      const problem = nameProblem(answer);
      return problem === undefined ? undefined : `the name ${problem}`;
    },
  });
}
