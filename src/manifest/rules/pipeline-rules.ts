import type { ReadPipelineManifest } from "./pipeline-rule.ts";
import { noVariables, repositoryAddress, sourceNoEffect, sourceToken } from "./pipeline-source.ts";
import { actionNames, stageDependencies, stageNames, testsOrActions } from "./pipeline-stages.ts";
import type { Rule } from "./rule.ts";

export const pipelineRules: readonly Rule<ReadPipelineManifest>[] = [
  repositoryAddress,
  sourceToken,
  sourceNoEffect,
  noVariables,
  stageNames,
  stageDependencies,
  testsOrActions,
  actionNames,
];
