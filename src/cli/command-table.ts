import type { AnyCommand } from "./command.ts";

/** A command as it is known before its file is loaded. */
export interface CommandEntry {
  name: string;
  summary: string;
  load(): Promise<AnyCommand>;
}

/** All commands, in the order in which help shows them. */
export const commandTable: readonly CommandEntry[] = [
  {
    name: "init",
    summary: "Makes the folder an application with a first service, and offers to deploy it.",
    load: async () => (await import("./commands/init.ts")).init,
  },
  {
    name: "app init",
    summary: "Makes an application on AWS, and the folder its workspace.",
    load: async () => (await import("./commands/app/init.ts")).appInit,
  },
  {
    name: "app ls",
    summary: "Lists the applications of this folder, of this machine and of the AWS account.",
    load: async () => (await import("./commands/app/ls.ts")).appLs,
  },
  {
    name: "app show",
    summary: "Shows an application: its environments, its services and where they are deployed.",
    load: async () => (await import("./commands/app/show.ts")).appShow,
  },
  {
    name: "app package",
    summary: "Prints the CloudFormation templates of an application.",
    load: async () => (await import("./commands/app/package.ts")).appPackage,
  },
  {
    name: "app adopt",
    summary: "Takes over an application that Copilot made, stack by stack, with nothing lost.",
    load: async () => (await import("./commands/app/adopt.ts")).appAdopt,
  },
  {
    name: "app delete",
    summary: "Removes an application's services and environments, on this machine and on AWS; manifests stay.",
    load: async () => (await import("./commands/app/delete.ts")).appDelete,
  },
  {
    name: "app upgrade",
    summary: "Brings the stacks of an application on AWS to the templates of this version.",
    load: async () => (await import("./commands/app/upgrade.ts")).appUpgrade,
  },
  {
    name: "env init",
    summary: "Creates an environment on AWS, or with --local a simulated one on this machine.",
    load: async () => (await import("./commands/env/init.ts")).envInit,
  },
  {
    name: "env deploy",
    summary: "Brings an environment on AWS to what its manifest says.",
    load: async () => (await import("./commands/env/deploy.ts")).envDeploy,
  },
  {
    name: "env ls",
    summary: "Lists the environments of an application.",
    load: async () => (await import("./commands/env/ls.ts")).envLs,
  },
  {
    name: "env show",
    summary: "Shows an environment and what is deployed in it.",
    load: async () => (await import("./commands/env/show.ts")).envShow,
  },
  {
    name: "env package",
    summary: "Prints the CloudFormation template of an environment.",
    load: async () => (await import("./commands/env/package.ts")).envPackage,
  },
  {
    name: "env delete",
    summary: "Removes an environment in which nothing is deployed.",
    load: async () => (await import("./commands/env/delete.ts")).envDelete,
  },
  {
    name: "deploy",
    summary: "Deploys the services of the application, one after the other.",
    load: async () => (await import("./commands/deploy.ts")).deploy,
  },
  {
    name: "svc init",
    summary: "Adds a service to the application.",
    load: async () => (await import("./commands/svc/init.ts")).svcInit,
  },
  {
    name: "svc deploy",
    summary: "Builds a service's image and deploys it.",
    load: async () => (await import("./commands/svc/deploy.ts")).svcDeploy,
  },
  {
    name: "svc status",
    summary: "Shows the deployments, tasks and health of a deployed service.",
    load: async () => (await import("./commands/svc/status.ts")).svcStatus,
  },
  {
    name: "svc history",
    summary: "Lists what was deployed of a service, by whom, and how it ended.",
    load: async () => (await import("./commands/svc/history.ts")).svcHistory,
  },
  {
    name: "svc rollback",
    summary: "Deploys a former revision of a service again, without building anything.",
    load: async () => (await import("./commands/svc/rollback.ts")).svcRollback,
  },
  {
    name: "svc logs",
    summary: "Prints the logs of a deployed service.",
    load: async () => (await import("./commands/svc/logs.ts")).svcLogs,
  },
  {
    name: "svc ls",
    summary: "Lists the services of the application, and where they are deployed.",
    load: async () => (await import("./commands/svc/ls.ts")).svcLs,
  },
  {
    name: "svc show",
    summary: "Shows a service in each environment: addresses, size, variables, secrets by name.",
    load: async () => (await import("./commands/svc/show.ts")).svcShow,
  },
  {
    name: "svc exec",
    summary: "Runs a command in a container of a running task, or opens a shell there.",
    load: async () => (await import("./commands/svc/exec.ts")).svcExec,
  },
  {
    name: "svc taskdef",
    summary: "Prints the task definition that a deploy would register.",
    load: async () => (await import("./commands/svc/taskdef.ts")).svcTaskdef,
  },
  {
    name: "svc package",
    summary: "Prints the CloudFormation template of a service.",
    load: async () => (await import("./commands/svc/package.ts")).svcPackage,
  },
  {
    name: "svc pause",
    summary: "Pauses a service that runs on App Runner: it answers nothing until it is resumed.",
    load: async () => (await import("./commands/svc/pause.ts")).svcPause,
  },
  {
    name: "svc resume",
    summary: "Resumes a paused service on App Runner.",
    load: async () => (await import("./commands/svc/resume.ts")).svcResume,
  },
  {
    name: "svc delete",
    summary: "Removes a deployed service; its manifest stays.",
    load: async () => (await import("./commands/svc/delete.ts")).svcDelete,
  },
  {
    name: "job init",
    summary: "Adds a job to the application.",
    load: async () => (await import("./commands/job/init.ts")).jobInit,
  },
  {
    name: "job deploy",
    summary: "Builds a job's image and deploys it.",
    load: async () => (await import("./commands/job/deploy.ts")).jobDeploy,
  },
  {
    name: "job run",
    summary: "Runs a job now, whatever its schedule says.",
    load: async () => (await import("./commands/job/run.ts")).jobRun,
  },
  {
    name: "job status",
    summary: "Shows the last runs of a deployed job, and how they ended.",
    load: async () => (await import("./commands/job/status.ts")).jobStatus,
  },
  {
    name: "job logs",
    summary: "Prints the logs of a job's last runs.",
    load: async () => (await import("./commands/job/logs.ts")).jobLogs,
  },
  {
    name: "job ls",
    summary: "Lists the jobs of the application, and where they are deployed.",
    load: async () => (await import("./commands/job/ls.ts")).jobLs,
  },
  {
    name: "job show",
    summary: "Shows a job in each environment: size, variables, secrets by name.",
    load: async () => (await import("./commands/job/show.ts")).jobShow,
  },
  {
    name: "job history",
    summary: "Lists what was deployed of a job, by whom, and how it ended.",
    load: async () => (await import("./commands/job/history.ts")).jobHistory,
  },
  {
    name: "job package",
    summary: "Prints the CloudFormation template of a job.",
    load: async () => (await import("./commands/job/package.ts")).jobPackage,
  },
  {
    name: "job delete",
    summary: "Removes a deployed job; its manifest stays.",
    load: async () => (await import("./commands/job/delete.ts")).jobDelete,
  },
  {
    name: "pipeline init",
    summary: "Writes a pipeline: for CodePipeline, or as a workflow of GitHub Actions.",
    load: async () => (await import("./commands/pipeline/init.ts")).pipelineInit,
  },
  {
    name: "pipeline package",
    summary: "Prints the CloudFormation template of a pipeline.",
    load: async () => (await import("./commands/pipeline/package.ts")).pipelinePackage,
  },
  {
    name: "pipeline deploy",
    summary: "Creates or updates a pipeline on AWS; also as pipeline update.",
    load: async () => (await import("./commands/pipeline/deploy.ts")).pipelineDeploy,
  },
  {
    name: "pipeline ls",
    summary: "Lists the pipelines of the application.",
    load: async () => (await import("./commands/pipeline/ls.ts")).pipelineLs,
  },
  {
    name: "pipeline show",
    summary: "Shows what a deployed pipeline consists of.",
    load: async () => (await import("./commands/pipeline/show.ts")).pipelineShow,
  },
  {
    name: "pipeline status",
    summary: "Shows how the stages of a deployed pipeline have come along.",
    load: async () => (await import("./commands/pipeline/status.ts")).pipelineStatus,
  },
  {
    name: "pipeline delete",
    summary: "Removes a pipeline from AWS; its files stay.",
    load: async () => (await import("./commands/pipeline/delete.ts")).pipelineDelete,
  },
  {
    name: "task run",
    summary: "Runs one-off tasks: of an image that is there, or of one that is built first.",
    load: async () => (await import("./commands/task/run.ts")).taskRun,
  },
  {
    name: "task exec",
    summary: "Runs a command in the container of a one-off task, or opens a shell there.",
    load: async () => (await import("./commands/task/exec.ts")).taskExec,
  },
  {
    name: "task delete",
    summary: "Stops the tasks of a group, and removes it with its image.",
    load: async () => (await import("./commands/task/delete.ts")).taskDelete,
  },
  {
    name: "secret init",
    summary: "Creates a secret in the environments of the application.",
    load: async () => (await import("./commands/secret/init.ts")).secretInit,
  },
  {
    name: "validate",
    summary: "Checks all manifests of the application.",
    load: async () => (await import("./commands/validate.ts")).validate,
  },
  {
    name: "verify",
    summary: "Looks for what a deploy would fail for: roles, images, secrets, subnets, quotas.",
    load: async () => (await import("./commands/verify.ts")).verify,
  },
  {
    name: "continue-rollback",
    summary: "Goes on with the rollback of a stack on AWS that CloudFormation has given up.",
    load: async () => (await import("./commands/continue-rollback.ts")).continueRollback,
  },
  {
    name: "unlock",
    summary: "Frees a lock that a deployment to AWS has left, or lists those that are held.",
    load: async () => (await import("./commands/unlock.ts")).unlock,
  },
  {
    name: "local start",
    summary: "Starts the simulator on this machine, or sets its speed.",
    load: async () => (await import("./commands/local/start.ts")).localStart,
  },
  {
    name: "local status",
    summary: "Shows whether the simulator runs, and what runs in it.",
    load: async () => (await import("./commands/local/status.ts")).localStatus,
  },
  {
    name: "local stop",
    summary: "Stops the simulator; its services come back with the next start.",
    load: async () => (await import("./commands/local/stop.ts")).localStop,
  },
  {
    name: "local reset",
    summary: "Removes everything that the simulator holds.",
    load: async () => (await import("./commands/local/reset.ts")).localReset,
  },
  {
    name: "local put",
    summary: "Gives the simulator a secret, a parameter or an export; the value comes from stdin or a prompt.",
    load: async () => (await import("./commands/local/put.ts")).localPut,
  },
  {
    name: "local values",
    summary: "Lists the secrets, parameters and exports of the simulator; never what is in them.",
    load: async () => (await import("./commands/local/values.ts")).localValues,
  },
  {
    name: "local delete",
    summary: "Removes a secret, a parameter or an export from the simulator.",
    load: async () => (await import("./commands/local/delete.ts")).localDelete,
  },
  {
    name: "completion",
    summary: "Prints a script that makes a shell complete commands, flags and names.",
    load: async () => (await import("./commands/completion.ts")).completion,
  },
  {
    name: "docs",
    summary: "Prints the annotated manifest of a type, or lists the types.",
    load: async () => (await import("./commands/docs.ts")).docs,
  },
  {
    name: "version",
    summary: "Prints the version.",
    load: async () => (await import("./commands/version.ts")).version,
  },
];

export const groups: Readonly<Record<string, string>> = {
  "": "Deploys containers to Amazon ECS from Copilot-style manifests, and runs them on your own machine as ECS would.",
  app: "Applications: services and environments that belong together.",
  env: "Environments: places that services are deployed to.",
  svc: "Services: programs that run without end, alone or behind a load balancer.",
  job: "Jobs: programs that run to their end, at set times.",
  pipeline: "Pipelines: what builds and deploys when the code changes.",
  secret: "Secrets of an application.",
  storage: "Buckets, tables and databases.",
  task: "One-off tasks.",
  local: "The simulator on this machine.",
};
