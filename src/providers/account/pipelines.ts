/** Pipelines of CodePipeline that stacks of the application have made, in its account and region. */
export interface Pipelines {
  /** Those of an application, by name. */
  list(app: string): Promise<DeployedPipeline[]>;
  /** What a pipeline consists of. @throws UserError pipeline/not-found */
  describe(pipeline: DeployedPipeline): Promise<PipelineDescription>;
  /** How its last run has come along. @throws UserError pipeline/not-found */
  state(pipeline: DeployedPipeline): Promise<PipelineState>;
  /** Deletes a secret, which can be restored for seven days. False: there is none. */
  deleteSecret(name: string): Promise<boolean>;
}

export interface DeployedPipeline {
  /** As its manifest has it. */
  name: string;
  stack: string;
  /** As CodePipeline has it. Absent: its stack has none yet. */
  pipelineName?: string;
  status: string;
}

export interface PipelineDescription {
  pipelineName: string;
  region: string;
  account: string;
  createdAt?: string;
  updatedAt?: string;
  stages: { name: string; actions: PipelineAction[] }[];
}

export interface PipelineAction {
  name: string;
  /** `Source`, `Build`, `Deploy`, `Approval`. */
  category: string;
  /** `CodeBuild` */
  provider: string;
  /** `Repository: example/shop` */
  details: string;
}

export interface PipelineState {
  pipelineName: string;
  updatedAt?: string;
  stages: {
    name: string;
    /** Whether what the stage before has made goes on to this one. */
    transition: "ENABLED" | "DISABLED";
    actions: { name: string; status?: string; changedAt?: string; message?: string }[];
  }[];
}
