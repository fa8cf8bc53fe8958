import {
  CodePipelineClient,
  GetPipelineCommand,
  GetPipelineStateCommand,
  PipelineNotFoundException,
} from "@aws-sdk/client-codepipeline";
import { DeleteSecretCommand, ResourceNotFoundException, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { UserError } from "../../errors.ts";
import type { DeployedPipeline, Pipelines } from "../account/pipelines.ts";
import type { StackDescription, Stacks } from "../account/stacks.ts";
import type { AwsSession } from "./session.ts";

/** For how many days a deleted secret can be restored: the fewest that AWS knows. */
const recoveryDays = 7;

export function createPipelines(session: AwsSession, { stacks }: { stacks: Stacks }): Pipelines {
  const client = () => session.client(CodePipelineClient);
  return {
    async list(app) {
      const tagged = await stacks.listByTags({ "copilot-application": app }, {});
      const found = await Promise.all(tagged.filter(mayBePipeline).map((stack) => pipelineOf(stack, stacks)));
      return found.flatMap((each) => each ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    async describe(pipeline) {
      const pipelineName = nameOf(pipeline);
      const [{ account }, { pipeline: declared, metadata = {} }] = await Promise.all([
        session.identity(),
        client()
          .send(new GetPipelineCommand({ name: pipelineName }))
          .catch(notThere(pipeline)),
      ]);
      return {
        pipelineName,
        region: session.region,
        account,
        ...(metadata.created && { createdAt: metadata.created.toISOString() }),
        ...(metadata.updated && { updatedAt: metadata.updated.toISOString() }),
        stages: (declared?.stages ?? []).map(({ name = "", actions = [] }) => ({
          name,
          actions: actions.map(({ name: action = "", actionTypeId, configuration = {} }) => ({
            name: action,
            category: actionTypeId?.category ?? "",
            provider: actionTypeId?.provider ?? "",
            details: detailsOf(configuration),
          })),
        })),
      };
    },
    async state(pipeline) {
      const pipelineName = nameOf(pipeline);
      const { stageStates = [], updated } = await client()
        .send(new GetPipelineStateCommand({ name: pipelineName }))
        .catch(notThere(pipeline));
      return {
        pipelineName,
        ...(updated && { updatedAt: updated.toISOString() }),
        stages: stageStates.map(({ stageName = "", inboundTransitionState, actionStates = [] }) => ({
          name: stageName,
          transition: inboundTransitionState?.enabled === false ? "DISABLED" : "ENABLED",
          actions: actionStates.map(({ actionName = "", latestExecution: latest }) => ({
            name: actionName,
            ...(latest?.status !== undefined && { status: latest.status }),
            ...(latest?.lastStatusChange && { changedAt: latest.lastStatusChange.toISOString() }),
            ...(latest?.errorDetails?.message !== undefined && { message: latest.errorDetails.message }),
          })),
        })),
      };
    },
    async deleteSecret(name) {
      try {
        const command = new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays: recoveryDays });
        await session.client(SecretsManagerClient).send(command);
        return true;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return false;
        throw error;
      }
    },
  };
}

/** Stacks of pipelines from before Copilot named them after applications have no tag of their own. */
function mayBePipeline({ tags, status }: StackDescription): boolean {
  const others = ["copilot-environment", "copilot-service", "copilot-task"];
  return status !== "DELETE_COMPLETE" && others.every((tag) => tags[tag] === undefined);
}

async function pipelineOf(stack: StackDescription, stacks: Stacks): Promise<DeployedPipeline | undefined> {
  const name = stack.tags["copilot-pipeline"];
  const resources = await stacks.resources(stack.name, {});
  const made = Object.values(resources).find(({ type }) => type === "AWS::CodePipeline::Pipeline");
  if (name === undefined && made === undefined) return undefined;
  return {
    name: name ?? stack.name,
    stack: stack.name,
    status: stack.status,
    ...(made?.physicalId && { pipelineName: made.physicalId }),
  };
}

/** What says the most of an action, as far as it has it. */
function detailsOf(configuration: Readonly<Record<string, string>>): string {
  const told = ["Repository", "FullRepositoryId", "RepositoryName", "BranchName", "Branch", "ProjectName", "StackName"];
  return told.flatMap((key) => (configuration[key] === undefined ? [] : [`${key}: ${configuration[key]}`])).join(", ");
}

function nameOf(pipeline: DeployedPipeline): string {
  if (pipeline.pipelineName === undefined) throw noSuchPipeline(pipeline);
  return pipeline.pipelineName;
}

function notThere(pipeline: DeployedPipeline): (error: unknown) => never {
  return (error) => {
    if (error instanceof PipelineNotFoundException) throw noSuchPipeline(pipeline);
    throw error;
  };
}

function noSuchPipeline({ name, stack, status }: DeployedPipeline): UserError {
  return new UserError("pipeline/not-found", `the stack ${stack} (${status}) has no pipeline in CodePipeline`, {
    hint: `pilotfish pipeline deploy --name ${name}`,
  });
}
