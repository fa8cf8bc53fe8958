import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UserError } from "../errors.ts";
import { memoryFor } from "../manifest/rules/fargate-size.ts";
import { shellWords } from "../manifest/shell-words.ts";
import type { TaskGroupPlan, TaskPlatform } from "../plan/task-group-plan.ts";
import type { TaskPlace } from "../providers/task-groups.ts";

/** As the flags of `task run` say it. */
export interface TaskPlanInput {
  taskGroupName?: string;
  image?: string;
  dockerfile?: string;
  buildContext?: string;
  buildArgs?: Record<string, string>;
  cpu?: number;
  memory?: number;
  platformOs?: string;
  platformArch?: string;
  entrypoint?: string;
  command?: string;
  envVars?: Record<string, string>;
  envFile?: string;
  secrets?: Record<string, string>;
  taskRole?: string;
  executionRole?: string;
}

/** What the flags ask for, checked as far as that goes without asking anybody.
 *  @throws UserError usage/invalid-flag */
export async function planTask(input: TaskPlanInput, place: TaskPlace, cwd: string): Promise<TaskGroupPlan> {
  const { cpu = 256, memory = 512, envVars = {}, secrets = {}, envFile, taskRole, executionRole } = input;
  const platform = platformOf(input);
  checkSize(cpu, memory, platform);
  const twice = Object.keys(secrets).find((name) => Object.hasOwn(envVars, name));
  if (twice !== undefined)
    throw new UserError("usage/invalid-flag", `${twice} is in --env-vars and in --secrets: ECS takes it once`, {
      hint: `leave ${twice} out of one of them`,
    });
  for (const [name, source] of Object.entries(secrets)) checkSecret(name, source);
  const entryPoint = commandOf("--entrypoint", input.entrypoint);
  const command = commandOf("--command", input.command);
  return {
    group: groupName(input.taskGroupName, cwd),
    ...(place.app !== undefined && { app: place.app, env: place.env }),
    image: input.image ?? (await buildOf(input, cwd)),
    cpu,
    memory,
    ...(platform && { platform }),
    ...(entryPoint && { entryPoint }),
    ...(command && { command }),
    variables: envVars,
    secrets,
    ...(envFile !== undefined && { envFile }),
    ...(taskRole !== undefined && { taskRole }),
    ...(executionRole !== undefined && { executionRole }),
  };
}

/** As it becomes part of the names of a stack, a repository and a container; the folder's name when none is given.
 *  @throws UserError usage/invalid-flag */
function groupName(given: string | undefined, cwd: string): string {
  const name = given ?? basename(cwd).toLowerCase();
  if (/^[a-z](-?[a-z0-9])*$/.test(name) && name.length <= 100) return name;
  const problem =
    "begins with a letter, holds small letters, digits and single hyphens, and has 100 characters at most";
  if (given === undefined)
    throw new UserError("usage/invalid-flag", `--task-group-name is needed: the folder's name ${name} cannot be one`, {
      hint: `a name ${problem}: pilotfish task run -n task`,
    });
  throw new UserError("usage/invalid-flag", `--task-group-name ${name}: a name ${problem}`, {
    hint: "pilotfish task run -n db-migrate",
  });
}

/** The context is the Dockerfile's folder, unless another one is given. */
async function buildOf(
  { dockerfile = "Dockerfile", buildContext, buildArgs = {} }: TaskPlanInput,
  cwd: string,
): Promise<TaskGroupPlan["image"]> {
  const context = buildContext ?? dirname(dockerfile);
  const found = await stat(resolve(cwd, dockerfile)).catch(() => undefined);
  if (found === undefined || found.isDirectory())
    throw new UserError("usage/invalid-flag", `there is no ${dockerfile} to build an image from`, {
      hint: `give --dockerfile${found === undefined ? "" : ` ${join(dockerfile, "Dockerfile")}`}, or an image that is there already: --image IMAGE`,
    });
  return { dockerfile, context, args: buildArgs };
}

function commandOf(flag: string, text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  const split = shellWords(text);
  if (split !== undefined && split.length > 0) return split;
  throw new UserError(
    "usage/invalid-flag",
    `${flag} ${split === undefined ? "has a quote or an escape that is not finished" : "holds no word"}: ${text}`,
    { hint: `for instance ${flag} 'sh -c "ls | wc -l"'` },
  );
}

const families: Readonly<Record<string, string>> = {
  linux: "LINUX",
  windows: "WINDOWS_SERVER_2019_CORE",
  windows_server_2019_core: "WINDOWS_SERVER_2019_CORE",
  windows_server_2019_full: "WINDOWS_SERVER_2019_FULL",
  windows_server_2022_core: "WINDOWS_SERVER_2022_CORE",
  windows_server_2022_full: "WINDOWS_SERVER_2022_FULL",
};

const architectures: Readonly<Record<string, TaskPlatform["cpuArchitecture"]>> = {
  amd64: "X86_64",
  x86_64: "X86_64",
  arm64: "ARM64",
  arm: "ARM64",
};

function platformOf({ platformOs, platformArch }: TaskPlanInput): TaskPlatform | undefined {
  if (platformOs === undefined && platformArch === undefined) return undefined;
  if (platformOs === undefined || platformArch === undefined)
    throw new UserError("usage/invalid-flag", "--platform-os and --platform-arch go together", {
      hint: "for instance --platform-os linux --platform-arch arm64",
    });
  const [os, arch] = [platformOs.toLowerCase(), platformArch.toLowerCase()];
  const operatingSystemFamily = Object.hasOwn(families, os) ? families[os] : undefined;
  const cpuArchitecture = Object.hasOwn(architectures, arch) ? architectures[arch] : undefined;
  if (operatingSystemFamily === undefined) throw oneOf("--platform-os", platformOs, Object.keys(families));
  if (cpuArchitecture === undefined) throw oneOf("--platform-arch", platformArch, Object.keys(architectures));
  if (operatingSystemFamily !== "LINUX" && cpuArchitecture === "ARM64")
    throw oneOf("--platform-arch", `${platformArch} with Windows`, ["amd64", "x86_64"]);
  return { operatingSystemFamily, cpuArchitecture };
}

function oneOf(flag: string, given: string, words: readonly string[]): UserError {
  return new UserError("usage/invalid-flag", `${flag} ${given}: Fargate has none`, {
    hint: `use one of ${words.join(", ")}`,
  });
}

/** Source: AWS, "Task CPU and memory", and "Windows containers on Fargate". */
const windowsSizes = [1024, 2048, 4096];

function checkSize(cpu: number, memory: number, platform: TaskPlatform | undefined): void {
  const isWindows = platform !== undefined && platform.operatingSystemFamily !== "LINUX";
  const allowed = isWindows && !windowsSizes.includes(cpu) ? undefined : memoryFor(cpu);
  if (allowed === undefined)
    throw new UserError(
      "usage/invalid-flag",
      `--cpu ${cpu}: Fargate has no such size${isWindows ? " for Windows" : ""}`,
      {
        hint: `use one of ${(isWindows ? windowsSizes : [256, 512, 1024, 2048, 4096, 8192, 16384]).join(", ")}`,
      },
    );
  if (allowed.includes(memory)) return;
  const [first = 0, second] = allowed;
  const range =
    allowed.length <= 4 || second === undefined
      ? allowed.join(", ")
      : `${first} to ${allowed.at(-1)} in steps of ${second - first}`;
  throw new UserError("usage/invalid-flag", `--memory ${memory}: ${memory} MiB do not go with ${cpu} CPU units`, {
    hint: `use ${range}`,
  });
}

/** A value of a secret has no place on a command line. */
function checkSecret(name: string, source: string): void {
  const isSource =
    /^arn:[\w-]+:(secretsmanager:[\w-]+:\d{12}:secret:|ssm:[\w-]+:\d{12}:parameter\/)\S+$/.test(source) ||
    /^\/?[\w.-]+(\/[\w.-]+)*$/.test(source);
  if (isSource) return;
  throw new UserError(
    "usage/invalid-flag",
    `--secrets: what ${name} is read from is neither a parameter's name nor the ARN of a parameter or a secret`,
    { hint: `for instance --secrets ${name}=/copilot/APP/ENV/secrets/${name}` },
  );
}
