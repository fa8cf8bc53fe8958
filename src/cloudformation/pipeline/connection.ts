import type { PipelineSource } from "../../plan/pipeline-plan.ts";
import { ref } from "../intrinsics.ts";
import type { Output, Parameter, Resource, Value } from "../template.ts";
import type { PipelineInput } from "./pipeline-input.ts";

/** The parameter that says which connection it is when that is not known. */
export const connectionParameter = "SourceConnectionARN";

/** The connection to where the code is; undefined for a source that needs none. */
export function connectionArn({ plan: { source }, facts }: PipelineInput): Value | undefined {
  if (!("connection" in source)) return undefined;
  const { connection } = source;
  if ("arn" in connection) return connection.arn;
  if ("made" in connection) return ref("SourceConnection");
  return facts.connections?.[connection.existing] ?? ref(connectionParameter);
}

/** The name of a connection that exists and of which nothing else is known. */
export function unknownConnection({ plan: { source }, facts }: PipelineInput): string | undefined {
  if (!("connection" in source) || !("existing" in source.connection)) return undefined;
  const { existing } = source.connection;
  return facts.connections?.[existing] === undefined ? existing : undefined;
}

export function connectionParameters(input: PipelineInput): Record<string, Parameter> {
  const name = unknownConnection(input);
  if (name === undefined) return {};
  return { [connectionParameter]: { Type: "String", Description: `ARN of the connection named ${name}.` } };
}

/** A connection of the stack's own. Somebody has to complete it once, in the provider's website. */
export function sourceConnection(source: PipelineSource): Resource | undefined {
  if (!("connection" in source) || !("made" in source.connection)) return undefined;
  return {
    Type: "AWS::CodeStarConnections::Connection",
    Properties: { ConnectionName: source.connection.made, ProviderType: source.provider },
  };
}

export function connectionOutputs(input: PipelineInput): Record<string, Output> {
  const arn = connectionArn(input);
  if (arn === undefined) return {};
  return { PipelineConnectionARN: { Description: "ARN of the connection to the source code.", Value: arn } };
}
