import * as z from "zod/mini";
import { planTask } from "../../../actions/plan-task.ts";
import { chooseTaskPlace, defaultFlag, groupFlag } from "../../choose/task-place.ts";
import { command } from "../../command.ts";
import { flags, list, pairs, text, toggle, whole } from "../../flags.ts";
import { lockTimeoutFlag } from "../../lock-tools.ts";
import { printTaskCommand } from "../../print-task-command.ts";
import { runTaskAndShow } from "../../run-task-and-show.ts";

export const taskRun = command({
  name: "task run",
  summary: "Runs one-off tasks: of an image that is there, or of one that is built first.",
  input: z.object({
    taskGroupName: groupFlag,
    app: flags.app,
    env: flags.environment,
    local: flags.local,
    aws: flags.aws,
    default: defaultFlag,
    cluster: text({ name: "cluster", value: "CLUSTER", description: "On AWS: the cluster, by its name or ARN." }),
    subnets: list({ name: "subnets", value: "IDS", description: "On AWS: the subnets, beside all environments." }),
    securityGroups: list({
      name: "security-groups",
      value: "IDS",
      description: "On AWS: security groups, beside that of the environment.",
    }),
    image: flags.image,
    dockerfile: text({
      name: "dockerfile",
      value: "PATH",
      description: "Dockerfile to build the image from; by default the one of this folder.",
      completes: "file",
    }),
    buildContext: text({
      name: "build-context",
      value: "PATH",
      description: "Folder that the build takes files from; by default that of the Dockerfile.",
      completes: "file",
    }),
    buildArgs: pairs({ name: "build-args", value: "KEY=VALUE", description: "Arguments of the build." }),
    tag: text({ name: "tag", value: "TAG", description: "Further tag for the image that is built." }),
    count: whole({ name: "count", value: "NUMBER", description: "How many tasks; one by default." }, 1, 10),
    cpu: whole({ name: "cpu", value: "UNITS", description: "CPU units; 256 by default." }, 1, 16_384),
    memory: whole({ name: "memory", value: "MIB", description: "Memory in MiB; 512 by default." }, 1, 122_880),
    platformOs: text({
      name: "platform-os",
      value: "OS",
      description: "Operating system, together with --platform-arch: linux, windows_server_2022_core …",
    }),
    platformArch: text({ name: "platform-arch", value: "ARCH", description: "Architecture: amd64 or arm64." }),
    entrypoint: text({
      name: "entrypoint",
      value: "COMMAND",
      description: "What the image begins with, in the place of its own entry point.",
    }),
    command: text({
      name: "command",
      value: "COMMAND",
      description: "What to run, without a shell around it, in the place of the image's own command.",
    }),
    envVars: pairs({ name: "env-vars", value: "NAME=VALUE", description: "Environment variables." }),
    envFile: text({
      name: "env-file",
      value: "PATH",
      description: "File with environment variables, whose name ends in .env.",
      completes: "file",
    }),
    secrets: pairs({
      name: "secrets",
      value: "NAME=SOURCE",
      description: "Secrets: a parameter's name, or the ARN of a parameter or a secret.",
    }),
    acknowledgeSecretsAccess: toggle({
      name: "acknowledge-secrets-access",
      description: "Do not ask whether the task's role may be given the right to read the secrets.",
    }),
    taskRole: text({ name: "task-role", value: "ROLE", description: "Role of the program, in the place of its own." }),
    executionRole: text({
      name: "execution-role",
      value: "ROLE",
      description: "Role that starts the task, in the place of its own.",
    }),
    resourceTags: pairs({ name: "resource-tags", value: "KEY=VALUE", description: "Further tags of what is made." }),
    follow: toggle({
      name: "follow",
      description: "Print the logs until the tasks have ended, and end with the exit code of the program.",
    }),
    generateCmd: text({
      name: "generate-cmd",
      value: "APP/ENV/NAME",
      description: "Run nothing: print the command that runs a task as this service or job runs.",
    }),
    lockTimeout: lockTimeoutFlag,
    json: flags.json,
  }),
  exclusive: [
    ["image", "dockerfile"],
    ["image", "buildContext"],
    ["image", "buildArgs"],
    ["image", "tag"],
    ["default", "app"],
    ["default", "env"],
    ["default", "subnets"],
    ["default", "cluster"],
    ["cluster", "app"],
    ["cluster", "env"],
    ["subnets", "app"],
    ["subnets", "env"],
  ],
  examples: [
    "pilotfish task run -n db-migrate -e test --command 'python migrate.py' --follow",
    "pilotfish task run -n seed -e local --image alpine --command 'echo hello' --follow",
    "pilotfish task run -n report --default --count 3 --secrets KEY=/report/key --acknowledge-secrets-access",
  ],
  async run({ lockTimeout, json: _, generateCmd, tag, count = 1, follow, resourceTags, ...input }, context) {
    if (generateCmd !== undefined) return printTaskCommand(generateCmd, input, context);
    const { place, on } = await chooseTaskPlace(input, context);
    const plan = await planTask(input, place, context.host.cwd);
    const acknowledged = input.acknowledgeSecretsAccess;
    const request = { plan, place, count, follow, tag, resourceTags };
    return { exitCode: await runTaskAndShow({ request, on, acknowledged, lockTimeout }, context) };
  },
});
