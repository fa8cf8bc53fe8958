import type { BuildAction, PipelineStage } from "../../plan/pipeline-plan.ts";

/** The build project of an action before or after a stage's deployments. */
export function actionProject(when: "Pre" | "Post", { env }: PipelineStage, { name }: BuildAction): string {
  return `${when}${alphanumeric(env)}DeploymentAction${alphanumeric(name)}`;
}

/** The build project of a stage's test commands. */
export function testProject({ env }: PipelineStage): string {
  return `BuildTestCommands${env.replaceAll("-", "DASH")}`;
}

function alphanumeric(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]/g, "");
}
