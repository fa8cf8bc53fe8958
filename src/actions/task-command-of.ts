import { shellWord, UserError } from "../errors.ts";
import type { DeployedWorkload, Provider, WorkloadRef } from "../providers/provider.ts";
import { explainNotFound } from "./explain-not-found.ts";

/** What runs a task as a deployed workload runs: the words behind `pilotfish`, and what of it there are no words for. */
export interface TaskCommand {
  words: string[];
  leftOut: string[];
}

/** The workload that a text names: `app/env/name`.
 *  @throws UserError usage/not-in-this-version for a service that is named otherwise, usage/invalid-flag */
export function workloadOf(text: string): WorkloadRef {
  const [app = "", env = "", name = "", ...more] = text.split("/");
  if (text.startsWith("arn:") || (name === "" && env !== ""))
    throw new UserError(
      "usage/not-in-this-version",
      "task run --generate-cmd of a service by its ARN or its cluster is not in this version of pilotfish",
      { hint: "name a service or a job of an application: pilotfish task run --generate-cmd APP/ENV/NAME" },
    );
  if (app !== "" && env !== "" && name !== "" && more.length === 0) return { app, env, name };
  throw new UserError("usage/invalid-flag", `--generate-cmd ${text} is not of the form APP/ENV/NAME`, {
    hint: "pilotfish task run --generate-cmd APP/ENV/NAME",
  });
}

/** @throws UserError service/not-found, task/not-placed for one that has several containers or none */
export async function taskCommandOf(workload: WorkloadRef, { provider }: { provider: Provider }): Promise<TaskCommand> {
  const deployed = await provider.deployedWorkload(workload).catch(explainNotFound(workload, provider));
  const { cpu, memory, taskRoleArn, executionRoleArn, runtimePlatform, ...definition } = deployed.taskDefinition;
  const container = onlyContainer(deployed, definition.containerDefinitions ?? []);
  const {
    image = "",
    entryPoint = [],
    command = [],
    environment = [],
    secrets = [],
    environmentFiles = [],
  } = container;
  const { app, env, name } = workload;
  const isLocal = provider.kind === "local";
  const flag = (flagName: string, value: string | undefined) => (value === undefined ? [] : [`--${flagName}`, value]);
  const line = (words: readonly string[]) => (words.length === 0 ? undefined : words.map(shellWord).join(" "));
  return {
    words: [
      "task",
      "run",
      ...flag("task-group-name", name),
      ...flag("app", app),
      ...flag("env", env),
      ...(isLocal && env !== "local" ? ["--local"] : []),
      ...flag("image", image),
      ...flag("cpu", cpu),
      ...flag("memory", memory),
      ...(isLocal ? [] : [...flag("task-role", taskRoleArn), ...flag("execution-role", executionRoleArn)]),
      ...(runtimePlatform?.cpuArchitecture === undefined
        ? []
        : [
            ...flag("platform-os", (runtimePlatform.operatingSystemFamily ?? "LINUX").toLowerCase()),
            ...flag("platform-arch", runtimePlatform.cpuArchitecture.toLowerCase()),
          ]),
      ...flag("entrypoint", line(entryPoint)),
      ...flag("command", line(command)),
      ...environment.flatMap((each) => flag("env-vars", pair(each.name, each.value))),
      ...secrets.flatMap((each) => flag("secrets", pair(each.name, each.valueFrom))),
    ],
    leftOut: environmentFiles.map(({ value = "" }) => `its environment file ${value}: give --env-file`),
  };
}

type Container = NonNullable<DeployedWorkload["taskDefinition"]["containerDefinitions"]>[number];

function onlyContainer({ name }: DeployedWorkload, containers: readonly Container[]): Container {
  const [only, ...others] = containers;
  if (only !== undefined && others.length === 0) return only;
  const what = only === undefined ? "no tasks" : `${containers.length} containers`;
  throw new UserError("task/not-placed", `${name} has ${what}, and task run runs tasks of one container`, {
    hint: "name another service or job: pilotfish task run --generate-cmd APP/ENV/NAME",
  });
}

/** As flags for pairs are read: with a further `=` in it, a field of CSV. */
function pair(name = "", value = ""): string {
  const text = `${name}=${value}`;
  return value.includes("=") ? `"${text.replaceAll('"', '""')}"` : text;
}
