import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Adoption, StackToAdopt } from "../../../src/actions/adoption.ts";
import type { TaskStory } from "../../../src/actions/task-story.ts";
import type { DetachedChange, PropertyChange, StackDiff } from "../../../src/actions/diff-stack.ts";
import type { ApplicationDescription } from "../../../src/actions/describe-application.ts";
import type { EnvironmentDescription } from "../../../src/actions/describe-environment.ts";
import type { HistoryEntry } from "../../../src/actions/past-deployments.ts";
import type { ShownService } from "../../../src/actions/show-service.ts";
import type { Verification } from "../../../src/actions/verify-workload.ts";
import type { DeploymentsSummary } from "../../../src/cli/render/deployments-summary.ts";
import type { SimulatorStatus } from "../../../src/cli/wire-contract.ts";
import type { Diagnostic } from "../../../src/errors.ts";
import type { Check, CheckGroup } from "../../../src/providers/account/verify.ts";
import type { JobExecution } from "../../../src/providers/account/jobs.ts";
import type {
  DeploymentStatus,
  DeployResult,
  Environment,
  LogLine,
  ProviderTarget,
  StoppedTask,
  TaskStatus,
  ValueDescription,
  WorkloadStatus,
} from "../../../src/providers/provider.ts";

import type { OneOffTask } from "../../../src/providers/task-groups.ts";

type Members<Shape> = Record<Exclude<keyof Shape, "type">, true>;
type Events = { [Name in TaskStory["type"]]: Members<Extract<TaskStory, { type: Name }>> };

/** Every event with its members. The compiler refuses one too many and one too few. */
const events: Events & {
  workload: Members<{ name: string; number: number; of: number }>;
  adoption: Members<Adoption>;
  "adoption-step": Members<{ stack: string; step: string; number: number; of: number }>;
  /** What `--diff` of a deploy shows before it asks. */
  diff: Members<{ stacks: unknown }>;
  log: Members<LogLine>;
  result: Members<DeployResult>;
  error: Members<ErrorLine>;
} = {
  target: { app: true, env: true, name: true, target: true },
  workload: { name: true, number: true, of: true },
  diagnostics: { diagnostics: true },
  "build-started": { workload: true, container: true, dockerfile: true, platform: true },
  "build-output": { workload: true, container: true, line: true },
  "build-finished": { workload: true, container: true, image: true, durationMs: true },
  "push-started": { workload: true, container: true, uri: true },
  "push-output": { workload: true, container: true, line: true },
  "push-finished": { workload: true, container: true, image: true, skipped: true, durationMs: true },
  "scan-finished": { workload: true, container: true, scan: true, command: true },
  notice: { code: true, message: true, place: true },
  accepted: { at: true, deploymentId: true, revision: true, taskDefinition: true },
  progress: { at: true, status: true, waitingFor: true },
  "service-event": { at: true, message: true },
  "task-started": { at: true, task: true, containers: true },
  "task-stopped": { at: true, task: true },
  "task-target": { group: true, app: true, env: true, target: true },
  "tasks-started": { at: true, group: true, tasks: true, cluster: true },
  "task-changed": { at: true, task: true },
  "stack-detaching": { stack: true, resources: true },
  "stack-set-started": { stackSet: true, action: true, regions: true, at: true },
  "stack-set-busy": { stackSet: true, operationId: true },
  "stack-set-finished": { stackSet: true, action: true, at: true },
  diff: { stacks: true },
  hotswap: { stack: true, stackRevision: true, changes: true, skipped: true },
  "lock-held": { holder: true, env: true, workload: true },
  "stack-busy": { stack: true, status: true, since: true },
  "stack-started": { stack: true, action: true, at: true },
  "stack-resource": {
    stack: true,
    at: true,
    logicalId: true,
    physicalId: true,
    resourceType: true,
    status: true,
    reason: true,
  },
  adoption: { app: true, stacks: true },
  "adoption-step": { stack: true, step: true, number: true, of: true },
  certificate: { action: true, arn: true, names: true, at: true },
  "domain-record": { action: true, name: true, recordType: true, value: true, at: true },
  "custom-domain": { action: true, name: true, status: true, at: true },
  "site-file": { action: true, key: true, at: true },
  "site-invalidation": { action: true, distributionId: true, at: true },
  "bucket-emptied": { bucket: true, objects: true, at: true },
  deleted: { what: true, env: true, name: true },
  "images-deleted": { repository: true, region: true, images: true },
  log: { at: true, task: true, container: true, stream: true, message: true },
  result: {
    outcome: true,
    deploymentId: true,
    reason: true,
    hint: true,
    rolledBackTo: true,
    status: true,
    firstFailure: true,
    hotswap: true,
    durationMs: true,
  },
  error: { code: true, message: true, hint: true, place: true, details: true, diagnostics: true },
};

/** What `reportError` prints. */
interface ErrorLine {
  code: string;
  message: string;
  hint: string;
  place: unknown;
  details: string[];
  diagnostics: Diagnostic[];
}

const shapes: {
  Target: Members<ProviderTarget>;
  Diagnostic: Members<Diagnostic>;
  Environment: Members<Environment>;
  EnvironmentDescription: Members<EnvironmentDescription>;
  Application: Members<ApplicationDescription>;
  WorkloadStatus: Members<WorkloadStatus>;
  ShownService: Members<ShownService> & { type: true };
  PastDeployment: Members<HistoryEntry>;
  Deployment: Members<DeploymentStatus>;
  Task: Members<TaskStatus>;
  OneOffTask: Members<OneOffTask>;
  DeploymentsSummary: Members<DeploymentsSummary>;
  StoppedTask: Members<StoppedTask>;
  JobExecution: Members<JobExecution>;
  Value: Members<ValueDescription>;
  Verification: Members<Verification>;
  CheckGroup: Members<CheckGroup>;
  Check: Members<Check>;
  SimulatorStatus: Members<SimulatorStatus>;
  StackDiff: Members<StackDiff>;
  StackToAdopt: Members<StackToAdopt>;
  ResourceChange: Members<DetachedChange> & { type: true };
  PropertyChange: Members<PropertyChange>;
} = {
  Target: { provider: true, label: true, runtime: true, speed: true },
  Diagnostic: {
    severity: true,
    code: true,
    message: true,
    hint: true,
    file: true,
    line: true,
    column: true,
    path: true,
    environments: true,
  },
  Environment: { app: true, name: true, provider: true, like: true, account: true, region: true },
  EnvironmentDescription: { environment: true, services: true, resources: true },
  Application: { name: true, environments: true, services: true },
  WorkloadStatus: {
    app: true,
    env: true,
    name: true,
    status: true,
    state: true,
    desiredCount: true,
    runningCount: true,
    pendingCount: true,
    deployments: true,
    tasks: true,
    stoppedTasks: true,
    events: true,
    urls: true,
    notes: true,
    drift: true,
  },
  ShownService: {
    service: true,
    type: true,
    application: true,
    configurations: true,
    routes: true,
    serviceDiscovery: true,
    serviceConnect: true,
    variables: true,
    secrets: true,
    resources: true,
    drift: true,
  },
  PastDeployment: {
    revision: true,
    deploymentId: true,
    at: true,
    result: true,
    reason: true,
    images: true,
    commit: true,
    by: true,
    from: true,
    repeats: true,
    hotswap: true,
    serves: true,
    restores: true,
  },
  Deployment: {
    id: true,
    status: true,
    rolloutState: true,
    rolloutStateReason: true,
    revision: true,
    desiredCount: true,
    runningCount: true,
    pendingCount: true,
    healthyCount: true,
    failedTasks: true,
    createdAt: true,
    updatedAt: true,
    images: true,
  },
  Task: {
    id: true,
    deploymentId: true,
    revision: true,
    lastStatus: true,
    desiredStatus: true,
    health: true,
    createdAt: true,
    startedAt: true,
    stoppedAt: true,
    stopCode: true,
    stoppedReason: true,
    containers: true,
    targets: true,
  },
  OneOffTask: {
    id: true,
    lastStatus: true,
    startedAt: true,
    stoppedAt: true,
    stopCode: true,
    stoppedReason: true,
    exitCode: true,
    publicIp: true,
  },
  DeploymentsSummary: { outcome: true, deployed: true, failed: true, notTried: true, results: true },
  StoppedTask: {
    id: true,
    deploymentId: true,
    stopCode: true,
    reason: true,
    containers: true,
    failedContainer: true,
    lastLogs: true,
    hint: true,
  },
  JobExecution: { id: true, status: true, startedAt: true, stoppedAt: true, tasks: true, error: true, cause: true },
  Value: { kind: true, name: true, versions: true },
  Verification: { app: true, env: true, name: true, provider: true, groups: true, passed: true },
  CheckGroup: { name: true, checks: true },
  Check: { status: true, subject: true, message: true, hint: true },
  SimulatorStatus: {
    pid: true,
    version: true,
    home: true,
    startedAt: true,
    runtime: true,
    runtimeAvailable: true,
    speed: true,
    services: true,
    problems: true,
  },
  StackToAdopt: {
    stack: true,
    kind: true,
    env: true,
    name: true,
    state: true,
    attached: true,
    to: true,
    reason: true,
    hint: true,
    changes: true,
  },
  StackDiff: { stack: true, against: true, file: true, resources: true, outputs: true, tags: true },
  ResourceChange: {
    id: true,
    type: true,
    physicalId: true,
    action: true,
    certain: true,
    holds: true,
    logOf: true,
    custom: true,
    detachFirst: true,
    keepsOld: true,
    snapshot: true,
    nameTaken: true,
    properties: true,
    attributes: true,
  },
  PropertyChange: { path: true, before: true, after: true, certain: true, replaces: true, because: true },
};

const documentation = readFileSync(join(import.meta.dirname, "../../../docs/json.md"), "utf8");

/** The parts below a heading of the first level, with the members that their tables name. */
function documented(part: string): Record<string, string[]> {
  const text = documentation.split(/^# /m).find((each) => each.startsWith(`${part}\n`)) ?? "";
  const sections = text.split(/^## /m).slice(1);
  return Object.fromEntries(
    sections.map((section) => [
      section.split("\n", 1)[0],
      [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, member]) => member ?? ""),
    ]),
  );
}

function membersOf(described: Record<string, object>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(described).map(([name, members]) => [name, Object.keys(members)]));
}

test("every event is documented with exactly its members", () => {
  expect(documented("Events")).toEqual(membersOf(events));
});

test("every shape is documented with exactly its members", () => {
  expect(documented("Shapes")).toEqual(membersOf(shapes));
});
