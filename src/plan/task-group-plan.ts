import type { ImageBuild } from "./workload-plan.ts";

/** What the tasks of a group are to run: one container, named as the group. */
export interface TaskGroupPlan {
  group: string;
  /** Where it is in an application. */
  app?: string;
  env?: string;
  /** A finished image, or what to build. */
  image: string | Pick<ImageBuild, "dockerfile" | "context" | "args">;
  /** CPU units, and MiB. */
  cpu: number;
  memory: number;
  platform?: TaskPlatform;
  entryPoint?: readonly string[];
  command?: readonly string[];
  variables: Readonly<Record<string, string>>;
  /** By variable: an ARN of Secrets Manager, or a parameter of Systems Manager by name or ARN. */
  secrets: Readonly<Record<string, string>>;
  /** Relative to the folder that paths start from. */
  envFile?: string;
  /** Name or ARN; absent: one of the group's own. */
  taskRole?: string;
  executionRole?: string;
}

/** In ECS's words: `LINUX`, `WINDOWS_SERVER_2019_CORE`; `X86_64`, `ARM64`. */
export interface TaskPlatform {
  operatingSystemFamily: string;
  cpuArchitecture: "X86_64" | "ARM64";
}

/** As docker spells it: `linux/amd64`. */
export function dockerPlatform(platform: TaskPlatform | undefined): string {
  const os = platform?.operatingSystemFamily.startsWith("WINDOWS") === true ? "windows" : "linux";
  return `${os}/${platform?.cpuArchitecture === "ARM64" ? "arm64" : "amd64"}`;
}

/** Whether a secret is one of Secrets Manager; all others are parameters. */
export function isOfSecretsManager(source: string): boolean {
  return /^arn:[^:]+:secretsmanager:/.test(source);
}

/** The stack of a group, in the account that it runs in. Copilot's name. */
export function taskStack(group: string): string {
  return `task-${group}`;
}

/** The family of a group's task definitions, and its repository. Copilot's name. */
export function taskFamily(group: string): string {
  return `copilot-${group}`;
}

/** The group of a stack. */
export function taskGroupOf(stack: string): string {
  return stack.replace(/^task-/, "");
}
