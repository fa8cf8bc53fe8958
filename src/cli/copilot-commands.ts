/** The commands of the AWS Copilot CLI as facts: what each is for, and its flags. Source: `internal/pkg/cli` of
 *  aws/copilot-cli at 4c858e7 (v1.33.2 plus five commits). */

export interface CopilotCommand {
  /** What it is for, for those that this version does not have. */
  summary: string;
  /** `--name/-n kind` between commas; a flag without a kind is a switch. */
  flags: string;
  /** Other names for it. */
  aliases?: readonly string[];
  /** It works and help does not show it. */
  hidden?: boolean;
}

export interface CopilotFlag {
  /** Without the dashes. */
  name: string;
  short?: string;
  /** What kind of value it takes: `str`, `list`, `k=v` …; a switch has none. */
  kind?: string;
}

/** The flags of a command of Copilot's; none when it is no command of Copilot's. */
export function copilotFlags(command: string): CopilotFlag[] {
  const written = Object.hasOwn(copilotCommands, command) ? copilotCommands[command]?.flags : undefined;
  return (written ?? "").split(", ").filter(Boolean).map(readFlag);
}

function readFlag(written: string): CopilotFlag {
  const [names = "", kind] = written.split(" ");
  const [name = "", short] = names.split("/");
  return { name: name.slice(2), short: short?.slice(1), kind };
}

/** A command by its name or by another name that it has. */
export function findCopilotCommand(name: string): { name: string; command: CopilotCommand } | undefined {
  const found = Object.entries(copilotCommands).find(
    ([each, { aliases }]) => each === name || aliases?.includes(name) === true,
  );
  return found && { name: found[0], command: found[1] };
}

export const copilotCommands: Readonly<Record<string, CopilotCommand>> = {
  "app delete": {
    summary: "Removes an application with everything in it.",
    flags: "--name/-n str, --yes",
  },
  "app init": {
    summary: "Creates an application.",
    flags: "--domain str, --permissions-boundary str, --resource-tags k=v",
  },
  "app ls": {
    summary: "Lists applications.",
    flags: "",
  },
  "app show": {
    summary: "Shows an application.",
    flags: "--json, --name/-n str",
  },
  "app upgrade": {
    summary: "Brings an application's stacks to the newest form.",
    flags: "--name/-n str",
  },
  completion: {
    summary: "Prints a completion script for a shell.",
    flags: "",
  },
  deploy: {
    summary: "Deploys several services and jobs, and environments if asked.",
    flags:
      "--app/-a str, --name/-n list, --env/-e str, --tag str, --resource-tags k=v, --force, --no-rollback, --allow-downgrade, --detach, --deploy-env, --init-env, --init-wkld, --all, --profile str, --aws-access-key-id str, --aws-secret-access-key str, --aws-session-token str, --region str",
  },
  docs: {
    summary: "Opens the documentation in a browser.",
    flags: "",
  },
  "env delete": {
    summary: "Removes an environment in which nothing is deployed.",
    flags: "--app/-a str, --name/-n str, --yes",
  },
  "env deploy": {
    summary: "Creates or updates an environment from its manifest.",
    flags: "--app/-a str, --name/-n str, --force, --no-rollback, --diff, --diff-yes, --allow-downgrade, --detach",
  },
  "env init": {
    summary: "Creates an environment.",
    flags:
      "--app/-a str, --name/-n str, --profile str, --aws-access-key-id str, --aws-secret-access-key str, --aws-session-token str, --region str, --allow-downgrade, --prod, --container-insights, --import-vpc-id str, --import-public-subnets list, --import-private-subnets list, --import-cert-arns list, --override-vpc-cidr cidr, --override-az-names list, --override-public-cidrs list, --override-private-cidrs list, --internal-alb-subnets list, --internal-alb-allow-vpc-ingress, --default-config",
  },
  "env ls": {
    summary: "Lists environments.",
    flags: "--app/-a str, --json",
  },
  "env override": {
    summary: "Writes a start for overriding an environment's template.",
    flags: "--name/-n str, --app/-a str, --tool str, --cdk-language str, --skip-resources",
  },
  "env package": {
    summary: "Prints an environment's template.",
    flags: "--name/-n str, --app/-a str, --output-dir str, --upload-assets, --force, --diff, --allow-downgrade",
  },
  "env show": {
    summary: "Shows an environment.",
    flags: "--app/-a str, --name/-n str, --json, --resources, --manifest",
  },
  "env upgrade": {
    summary: "Brings an environment to the newest form.",
    flags: "--name/-n str, --app/-a str, --all",
    hidden: true,
  },
  init: {
    summary: "Makes a folder an application with a first workload.",
    flags:
      "--app/-a str, --env/-e str, --name/-n str, --type/-t str, --dockerfile/-d str, --image/-i str, --deploy, --tag str, --port port, --schedule str, --timeout str, --retries int",
  },
  "job delete": {
    summary: "Removes a job.",
    flags: "--app/-a str, --name/-n str, --env/-e str, --yes",
  },
  "job deploy": {
    summary: "Builds a job's image and deploys it.",
    flags:
      "--app/-a str, --name/-n str, --env/-e str, --tag str, --resource-tags k=v, --no-rollback, --diff, --allow-downgrade, --detach",
  },
  "job init": {
    summary: "Adds a job to the application.",
    flags:
      "--app/-a str, --name/-n str, --job-type/-t str, --dockerfile/-d str, --schedule/-s str, --timeout str, --retries int, --image/-i str, --allow-downgrade",
  },
  "job ls": {
    summary: "Lists jobs.",
    flags: "--app/-a str, --json, --local",
  },
  "job logs": {
    summary: "Prints the logs of a job's last runs.",
    flags:
      "--name/-n str, --env/-e str, --app/-a str, --start-time str, --end-time str, --json, --follow, --since dur, --limit int, --last int, --tasks list, --include-state-machine",
  },
  "job override": {
    summary: "Writes a start for overriding a job's template.",
    flags: "--name/-n str, --env/-e str, --app/-a str, --tool str, --cdk-language str, --skip-resources",
  },
  "job package": {
    summary: "Prints a job's template.",
    flags:
      "--name/-n str, --env/-e str, --app/-a str, --tag str, --output-dir str, --upload-assets, --diff, --allow-downgrade",
  },
  "job run": {
    summary: "Runs a job now.",
    flags: "--app/-a str, --name/-n str, --env/-e str",
  },
  "pipeline delete": {
    summary: "Removes a pipeline.",
    flags: "--app/-a str, --name/-n str, --yes, --delete-secret",
  },
  "pipeline deploy": {
    summary: "Creates or updates a pipeline.",
    flags: "--app/-a str, --name/-n str, --yes, --diff, --allow-downgrade",
    aliases: ["pipeline update"],
  },
  "pipeline init": {
    summary: "Adds a pipeline to the workspace.",
    flags:
      "--app/-a str, --name/-n str, --github-url str, --url/-u str, --github-access-token/-t str, --git-branch/-b str, --environments/-e list, --pipeline-type/-p str",
  },
  "pipeline ls": {
    summary: "Lists pipelines.",
    flags: "--app/-a str, --json, --local",
  },
  "pipeline override": {
    summary: "Writes a start for overriding a pipeline's template.",
    flags: "--name/-n str, --app/-a str, --tool str, --cdk-language str, --skip-resources",
  },
  "pipeline show": {
    summary: "Shows a pipeline.",
    flags: "--name/-n str, --app/-a str, --json, --resources",
  },
  "pipeline status": {
    summary: "Shows the state of a pipeline's stages.",
    flags: "--name/-n str, --app/-a str, --json",
  },
  "run local": {
    summary: "Runs a deployed workload in Docker on this machine.",
    flags:
      "--name/-n str, --env/-e str, --app/-a str, --watch, --use-task-role, --env-var-override k=v, --proxy, --port-override host:ctr, --proxy-network cidr",
    aliases: ["run"],
  },
  "secret init": {
    summary: "Creates a secret in every environment.",
    flags: "--app/-a str, --name/-n str, --values k=v, --overwrite, --cli-input-yaml str",
  },
  "storage init": {
    summary: "Adds a bucket, a table or a database to a workload or an environment.",
    flags:
      "--name/-n str, --storage-type/-t str, --workload/-w str, --lifecycle/-l str, --add-ingress-from str, --partition-key str, --sort-key str, --lsi list, --no-lsi, --no-sort, --serverless-version str, --engine str, --initial-db str, --parameter-group str",
  },
  "svc delete": {
    summary: "Removes a service.",
    flags: "--app/-a str, --name/-n str, --env/-e str, --yes",
  },
  "svc deploy": {
    summary: "Builds a service's image and deploys it.",
    flags:
      "--app/-a str, --name/-n str, --env/-e str, --tag str, --resource-tags k=v, --force, --no-rollback, --diff, --diff-yes, --allow-downgrade, --detach",
  },
  "svc exec": {
    summary: "Runs a command in a container of a service.",
    flags: "--app/-a str, --env/-e str, --name/-n str, --command/-c str, --task-id str, --container str, --yes",
  },
  "svc init": {
    summary: "Adds a service to the application.",
    flags:
      "--app/-a str, --name/-n str, --svc-type/-t str, --dockerfile/-d str, --image/-i str, --port port, --subscribe-topics list, --no-subscribe, --ingress-type str, --sources list, --allow-downgrade",
  },
  "svc ls": {
    summary: "Lists services.",
    flags: "--app/-a str, --json, --local",
  },
  "svc logs": {
    summary: "Prints a service's logs.",
    flags:
      "--name/-n str, --env/-e str, --app/-a str, --start-time str, --end-time str, --json, --follow, --since dur, --limit int, --tasks list, --log-group str, --previous/-p, --container str",
  },
  "svc override": {
    summary: "Writes a start for overriding a service's template.",
    flags: "--name/-n str, --env/-e str, --app/-a str, --tool str, --cdk-language str, --skip-resources",
  },
  "svc package": {
    summary: "Prints a service's template.",
    flags:
      "--name/-n str, --env/-e str, --app/-a str, --tag str, --output-dir str, --upload-assets, --diff, --allow-downgrade",
  },
  "svc pause": {
    summary: "Pauses a service that runs on App Runner.",
    flags: "--name/-n str, --env/-e str, --app/-a str, --yes",
  },
  "svc resume": {
    summary: "Resumes a service that runs on App Runner.",
    flags: "--app/-a str, --name/-n str, --env/-e str",
  },
  "svc show": {
    summary: "Shows a service.",
    flags: "--app/-a str, --name/-n str, --json, --resources, --manifest str",
  },
  "svc status": {
    summary: "Shows the health of a service.",
    flags: "--name/-n str, --env/-e str, --app/-a str, --json",
  },
  "task delete": {
    summary: "Removes a one-off task with its image.",
    flags: "--app/-a str, --name/-n str, --env/-e str, --yes, --default",
  },
  "task exec": {
    summary: "Runs a command in a container of a one-off task.",
    flags: "--app/-a str, --env/-e str, --name/-n str, --command/-c str, --task-id str, --default, --yes",
  },
  "task run": {
    summary: "Runs a one-off task.",
    flags:
      "--task-group-name/-n str, --dockerfile str, --build-args k=v, --build-context str, --image/-i str, --tag str, --app str, --env str, --cluster str, --acknowledge-secrets-access, --subnets list, --security-groups list, --default, --count int, --cpu int, --memory int, --task-role str, --execution-role str, --platform-os str, --platform-arch str, --env-vars k=v, --env-file str, --secrets k=v, --command str, --entrypoint str, --resource-tags k=v, --follow, --generate-cmd str",
  },
  version: {
    summary: "Prints the version.",
    flags: "",
  },
};
