import type { PipelinePlan } from "../../plan/pipeline-plan.ts";
import type { EnvironmentFacts, StackFacts } from "../facts.ts";

/** What the parts of a pipeline's template are made from. */
export interface PipelineInput {
  plan: PipelinePlan;
  facts: StackFacts;
}

/** The environment of a stage. Who packages has made sure that the facts have it. */
export function environmentOf({ facts }: PipelineInput, env: string): EnvironmentFacts {
  const found = facts.environments?.[env];
  if (!found) throw new Error(`the facts do not have the environment ${env}`);
  return found;
}

/** The role with which an environment is looked after, by the name that it always has. */
export function managerRoleArn(input: PipelineInput, env: string): string {
  const { plan, facts } = input;
  return `arn:${facts.partition}:iam::${environmentOf(input, env).account}:role/${plan.app}-${env}-EnvManagerRole`;
}

/** A bucket for what the steps of a pipeline hand on. */
export interface ArtifactStore {
  region: string;
  bucket: string;
  kmsKeyArn: string;
}

/** The application's buckets, that of its own region first. A key is in the region of its bucket. */
export function artifactStores({ facts }: Pick<PipelineInput, "facts">): ArtifactStore[] {
  const { region, artifacts, regionalArtifacts = {} } = facts;
  const others = Object.entries(regionalArtifacts).filter(([each]) => each !== region);
  return [[region, artifacts] as const, ...others].map(([each, store]) => ({
    region: regionOf(store.kmsKeyArn) ?? each,
    ...store,
  }));
}

/** `arn:aws:kms:REGION:ACCOUNT:key/ID` */
function regionOf(keyArn: string): string | undefined {
  return keyArn.split(":")[3] || undefined;
}
