import { type DeployedVersion, type EndedContainer, type EndedTask, flagsOf } from "./ended-task.ts";

/** What a container's own words say. */
export interface ContainerEvidence {
  on: "local" | "aws";
  isOneOff?: boolean;
  /** The last lines of the container that failed, oldest first. */
  lastLogs: readonly string[];
}

/** Why a container did not start, did not stay, or was not healthy, and what to write or to do; undefined when nothing
 *  tells. Pure. */
export function containerHint(
  task: EndedTask,
  container: EndedContainer | undefined,
  version: DeployedVersion | undefined,
  { on, lastLogs, isOneOff }: ContainerEvidence,
): string | undefined {
  const reason = [task.stoppedReason, container?.reason].filter(Boolean).join(" ");
  if (container?.reason?.startsWith("OutOfMemoryError")) return memoryHint(container, version, isOneOff);
  const waiting = task.containers.find((one) => one.reason?.includes("dependency graph:") === true);
  if (waiting !== undefined) return dependencyHint(task, waiting, version);
  if (/CannotStartContainerError|CannotCreateContainerError/.test(reason)) return startHint(reason, isOneOff);
  if (/failed container health checks/.test(reason)) return healthHint(task, version, on);
  if (task.stopCode !== "EssentialContainerExited") return undefined;
  return endHint(container, lastLogs.join("\n"));
}

function memoryHint({ name }: EndedContainer, version: DeployedVersion | undefined, isOneOff = false): string {
  if (isOneOff) return `give it more with --memory (now ${version?.taskDefinition.memory ?? "?"} MiB)`;
  const own = definition(version, name)?.memory;
  if (own !== undefined) return `raise the memory of ${name} (now ${own} MiB, by taskdef_overrides)`;
  return `raise memory in the manifest (now ${version?.taskDefinition.memory ?? "?"} MiB)`;
}

/** `… dependency [db] for target [api] …` */
function dependencyHint(
  task: EndedTask,
  waiting: EndedContainer,
  version: DeployedVersion | undefined,
): string | undefined {
  const name = /dependency \[([^\]]+)\]/.exec(waiting.reason ?? "")?.[1];
  const dependency = task.containers.find((container) => container.name === name);
  if (name === undefined || dependency === undefined) return undefined;
  const field = `${fieldOf(version, waiting.name, "depends_on")}.${name}`;
  const { exitCode, startedAt } = dependency;
  if (/did not exit successfully/.test(waiting.reason ?? ""))
    return `${waiting.name} waits for ${name} to end with 0, and it ended with ${exitCode ?? "no code"}: see what it logged, or write ${field}: complete`;
  if (/has timed out/.test(waiting.reason ?? "")) {
    const { startTimeout, healthCheck } = definition(version, name) ?? {};
    const check = healthCheck?.command === undefined ? "" : `; its health check is ${healthCheck.command.join(" ")}`;
    return `${waiting.name} waited for ${name}, which took longer than its start time-out of ${startTimeout ?? "?"} s${check}`;
  }
  return startedAt === undefined ? `${waiting.name} waits for ${name}, which could not be started` : undefined;
}

function startHint(reason: string, isOneOff = false): string {
  if (/exec format error/.test(reason)) return wrongProcessor;
  const program = /exec: "([^"]+)"|"([^"]+)": (?:permission denied|stat)/.exec(reason);
  const what = program?.[1] ?? program?.[2];
  if (/permission denied/.test(reason))
    return `${what ?? "the program"} may not be run: make it executable in the image (COPY --chmod=755, or RUN chmod +x)`;
  if (what !== undefined && /not found|no such file/.test(reason))
    return `there is no ${what} in the image: check ${isOneOff ? "--entrypoint and --command" : "entrypoint and command of the manifest"}, and the image's ENTRYPOINT and CMD`;
  return "check that the image's ENTRYPOINT and CMD name a program that is in the image";
}

const wrongProcessor = "the image is for another processor: build it for the platform that the manifest asks for";

function healthHint(task: EndedTask, version: DeployedVersion | undefined, on: "local" | "aws"): string | undefined {
  const container = task.containers.find(({ health, essential }) => essential && health === "UNHEALTHY");
  const check = container && definition(version, container.name)?.healthCheck;
  if (container === undefined || check?.command === undefined) return undefined;
  const [form, ...words] = check.command;
  const command = form === "CMD" || form === "CMD-SHELL" ? words.join(" ") : check.command.join(" ");
  const { retries = 3, timeout = 5, startPeriod = 0 } = check;
  const tool = /\b(curl|wget)\b/.exec(command)?.[1];
  const needs = tool === undefined ? "" : `; the image has to have ${tool}`;
  const { name = "", env = "local" } = version ?? {};
  const where = `${flagsOf({ name, env }, on)} --container ${container.name}`;
  const run = `pilotfish svc exec ${where} --command ${quoted(form === "CMD-SHELL" ? `/bin/sh -c ${quoted(command)}` : command)}`;
  return `the health check of ${container.name} failed ${retries} ${retries === 1 ? "time" : "times"} (time-out ${timeout} s, start period ${startPeriod} s)${needs}. Try it in the next task: ${run}`;
}

/** What programs say when they end, in most languages. */
function endHint(container: EndedContainer | undefined, said: string): string | undefined {
  if (/exec format error/i.test(said)) return wrongProcessor;
  if (/EADDRINUSE|address (is )?already in use|address in use/i.test(said))
    return `the containers of a task share localhost and its ports: ${container?.name ?? "the program"} wants one that another container has`;
  if (/EROFS|read-only file system/i.test(said))
    return "a volume is read-only unless it says read_only: false, and so is all else with storage.readonly_fs: true";
  if (container?.exitCode === 127) return "exit code 127: a shell did not find a command that it was to run";
  if (container?.exitCode === 126) return "exit code 126: a shell found a command and may not run it (chmod +x)";
  if (container?.exitCode === 139) return "exit code 139: the program crashed (SIGSEGV)";
  return undefined;
}

function definition(version: DeployedVersion | undefined, container: string) {
  return version?.taskDefinition.containerDefinitions?.find(({ name }) => name === container);
}

function fieldOf(version: DeployedVersion | undefined, container: string, field: string): string {
  return container === version?.name ? `image.${field}` : `sidecars.${container}.${field}`;
}

function quoted(command: string): string {
  if (command.includes("'") && !/["$`\\!]/.test(command)) return `"${command}"`;
  return `'${command.replaceAll("'", `'\\''`)}'`;
}
