import { listPipelines, noPipeline } from "../../actions/find-pipeline.ts";
import type { Workspace } from "../../actions/open-workspace.ts";
import { UserError } from "../../errors.ts";
import type { DeployedPipeline } from "../../providers/account/pipelines.ts";
import { shellLine, withFlag } from "../command-line.ts";
import type { Context } from "../context.ts";

/** A pipeline of the workspace. @throws UserError usage/missing-input, workspace/pipeline-not-found */
export async function choosePipeline(
  given: string | undefined,
  workspace: Workspace,
  context: Context,
): Promise<string> {
  if (given !== undefined) return given;
  const names = (await listPipelines(workspace)).map(({ name }) => name);
  if (names.length === 0) throw noPipeline();
  return oneOf(names, context);
}

/** A pipeline that is deployed. @throws UserError usage/missing-input, pipeline/not-found */
export async function chooseDeployedPipeline(
  given: string | undefined,
  app: string,
  deployed: readonly DeployedPipeline[],
  context: Context,
): Promise<DeployedPipeline> {
  const names = deployed.map(({ name }) => name);
  const name = given ?? (names.length === 0 ? "" : await oneOf(names, context));
  const found = deployed.find((each) => each.name === name);
  if (found) return found;
  const which = given === undefined ? "" : ` named ${given}`;
  throw new UserError("pipeline/not-found", `the application ${app} has no pipeline${which} on AWS`, {
    hint: names.length === 0 ? "pilotfish pipeline deploy" : `there are: ${names.join(", ")}`,
  });
}

async function oneOf(names: readonly string[], context: Context): Promise<string> {
  const [first = ""] = names;
  if (names.length === 1) return first;
  if (!context.interactive)
    throw new UserError("usage/missing-input", `--name is needed: ${names.join(", ")}`, {
      hint: shellLine(withFlag(context.commandLine, ["--name", "-n"], first)),
    });
  const prompts = await context.prompts();
  return prompts.select({ message: "Which pipeline?", choices: names.map((name) => ({ name, value: name })) });
}
