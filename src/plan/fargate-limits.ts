import { memoryFor } from "../manifest/rules/fargate-size.ts";
import { PlanRefused } from "./plan-refused.ts";
import type { WorkloadPlan } from "./workload-plan.ts";

type TaskDefinition = WorkloadPlan["taskDefinition"];

/** Members that Fargate takes in no task. Source: AWS, "Task definition parameters for Fargate". */
const ofTasks = ["ipcMode", "placementConstraints"] as const;
const ofContainers = [
  "privileged",
  "links",
  "dnsServers",
  "dnsSearchDomains",
  "dockerSecurityOptions",
  "extraHosts",
  "disableNetworking",
] as const;

const mostContainers = 10;

/** What the manifest's rules have made sure of, and overrides can undo.
 *  @throws PlanRefused at the last override that has to do with it */
export function checkOverridden(definition: TaskDefinition, paths: readonly string[]): void {
  const problem = problemOf(definition);
  if (!problem) return;
  const named = paths.map((path) => path.toLowerCase().includes(problem.member.toLowerCase()));
  const at = Math.max(0, named.lastIndexOf(true));
  throw new PlanRefused("taskdef-overrides/fargate", ["taskdef_overrides", at, "path"], problem.message, problem.hint);
}

interface Problem {
  /** By which it is found among the overrides. */
  member: string;
  message: string;
  hint: string;
}

function problemOf(definition: TaskDefinition): Problem | undefined {
  const { cpu = "", memory = "", networkMode, containerDefinitions: containers = [] } = definition;
  const allowed = memoryFor(Number(cpu));
  if (!allowed?.includes(Number(memory))) {
    const message = `Fargate has no size with ${cpu} CPU units and ${memory} MiB`;
    return {
      member: allowed ? "memory" : "cpu",
      message,
      hint: "`cpu` and `memory` of the manifest say the same, and are checked",
    };
  }
  if (networkMode !== "awsvpc") {
    const message = `Fargate has no network mode but awsvpc, not ${String(networkMode)}`;
    return { member: "networkMode", message, hint: "take the override away" };
  }
  const foreign = ofTasks.find((member) => hasContent(definition[member]));
  if (foreign)
    return { member: foreign, message: `Fargate does not take \`${foreign}\``, hint: "take the override away" };
  if (containers.length > mostContainers) {
    const message = `the task has ${containers.length} containers, and ECS takes ${mostContainers}`;
    return { member: "containerDefinitions", message, hint: "take one away" };
  }
  if (!containers.some(({ essential = true }) => essential)) {
    const message = "no container of the task is essential, and ECS wants one";
    return {
      member: containers.length === 0 ? "containerDefinitions" : "essential",
      message,
      hint: "leave the main container essential",
    };
  }
  for (const container of containers) {
    const member = ofContainers.find((each) => hasContent(container[each]));
    if (member) return { member, message: `Fargate does not take \`${member}\``, hint: "take the override away" };
    for (const timeout of ["startTimeout", "stopTimeout"] as const) {
      const seconds = container[timeout];
      if (seconds === undefined || (Number.isInteger(seconds) && seconds >= 2 && seconds <= 120)) continue;
      const message = `\`${timeout}\` must be between 2 and 120 seconds on Fargate, not ${String(seconds)}`;
      return { member: timeout, message, hint: "write a whole number of seconds" };
    }
  }
  return undefined;
}

function hasContent(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== false;
}
