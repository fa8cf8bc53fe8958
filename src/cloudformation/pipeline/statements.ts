import { join } from "../intrinsics.ts";
import type { Value } from "../template.ts";
import { artifactStores, type PipelineInput } from "./pipeline-input.ts";

export function allow(actions: string[], resource: Value, more: Record<string, Value> = {}): Record<string, Value> {
  return { Effect: "Allow", Action: actions, Resource: resource, ...more };
}

export function assumedBy(service: string): Value {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: [service] }, Action: ["sts:AssumeRole"] }],
  };
}

/** The buckets and all that is in them. */
export function bucketArns(input: PipelineInput): Value[] {
  const arn = `arn:${input.facts.partition}:s3:::`;
  return artifactStores(input).flatMap(({ bucket }) => [join("", [arn, bucket]), join("", [arn, bucket, "/*"])]);
}
