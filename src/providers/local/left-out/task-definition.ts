import type { WorkloadPlan } from "../../../plan/workload-plan.ts";
import type { LeftOut } from "../../provider.ts";
import { awsSidecars } from "../aws-sidecars.ts";
import { leftOut } from "./left-out.ts";

type TaskDefinition = WorkloadPlan["taskDefinition"];
type Container = NonNullable<TaskDefinition["containerDefinitions"]>[number];

/** What of a task definition the simulator does, or says in a line of its own. All else can only come from
 *  `taskdef_overrides`. */
const doneOfTasks = new Set(
  keysOf<TaskDefinition>()(
    "family",
    "runtimePlatform",
    "networkMode",
    "requiresCompatibilities",
    "cpu",
    "memory",
    "ephemeralStorage",
    "executionRoleArn",
    "taskRoleArn",
    "containerDefinitions",
    "volumes",
    "tags",
  ),
);

const doneOfContainers = new Set(
  keysOf<Container>()(
    "name",
    "image",
    "essential",
    "cpu",
    "memory",
    // Soft: it matters to who shares a host with others.
    "memoryReservation",
    "entryPoint",
    "command",
    "user",
    "workingDirectory",
    "environment",
    "environmentFiles",
    "secrets",
    "dependsOn",
    "startTimeout",
    "stopTimeout",
    "restartPolicy",
    "healthCheck",
    "portMappings",
    "mountPoints",
    "readonlyRootFilesystem",
    "linuxParameters",
    "ulimits",
    "dockerLabels",
    "logConfiguration",
    "firelensConfiguration",
    "repositoryCredentials",
  ),
);

const doneOfLinux = new Set(
  keysOf<NonNullable<Container["linuxParameters"]>>()(
    "capabilities",
    "initProcessEnabled",
    "sharedMemorySize",
    "tmpfs",
  ),
);

const doneOfVolumes = new Set(
  keysOf<NonNullable<TaskDefinition["volumes"]>[number]>()(
    "name",
    "efsVolumeConfiguration",
    // Fargate, and so the simulator, refuses these two.
    "host",
    "dockerVolumeConfiguration",
  ),
);

/** What containers and the task itself ask for. */
export function leftOutOfTaskDefinition(plan: WorkloadPlan): LeftOut[] {
  const { taskDefinition } = plan;
  const sidecars = awsSidecars(plan);
  const containers = (taskDefinition.containerDefinitions ?? []).filter(({ name }) => !sidecars.includes(String(name)));
  return [
    ...platform(taskDefinition),
    ...containers.flatMap((container) => leftOutOfContainer(plan, container)),
    ...disk(taskDefinition),
    ...overrides(taskDefinition, containers),
  ];
}

function platform({ runtimePlatform }: TaskDefinition): LeftOut[] {
  if (!String(runtimePlatform?.operatingSystemFamily ?? "").startsWith("WINDOWS")) return [];
  const message = "Windows is left out: tasks run on this machine's Engine, which starts containers of Linux only";
  return [leftOut("platform", ["platform"], message)];
}

function leftOutOfContainer(
  plan: WorkloadPlan,
  { name, repositoryCredentials, logConfiguration }: Container,
): LeftOut[] {
  const isMain = name === plan.name;
  const driver = logConfiguration?.logDriver;
  return [
    ...(repositoryCredentials === undefined
      ? []
      : [
          leftOut(
            "credentials",
            isMain ? ["image", "credentials"] : ["sidecars", String(name), "credentialsParameter"],
            `the image of ${String(name)} is pulled with what \`docker login\` has stored, not with this secret`,
          ),
        ]),
    ...(driver === undefined || driver === "awslogs" || driver === "awsfirelens"
      ? []
      : [
          leftOut(
            "log-driver",
            ["taskdef_overrides"],
            `logs of ${String(name)} are kept on this machine, not by ${driver}`,
          ),
        ]),
  ];
}

function disk({ ephemeralStorage }: TaskDefinition): LeftOut[] {
  if (ephemeralStorage === undefined) return [];
  const message = `the limit of ${ephemeralStorage.sizeInGiB} GiB is left out: a task writes until this machine's disk is full`;
  return [leftOut("ephemeral-storage", ["storage", "ephemeral"], message)];
}

/** One line for each property, whatever it is. */
function overrides(taskDefinition: TaskDefinition, containers: Container[]): LeftOut[] {
  const left = new Set([
    ...others(taskDefinition, doneOfTasks),
    ...(taskDefinition.volumes ?? []).flatMap((volume) => others(volume, doneOfVolumes)),
    ...containers.flatMap((container) => others(container, doneOfContainers)),
    ...containers.flatMap(({ linuxParameters = {} }) => others(linuxParameters, doneOfLinux)),
  ]);
  return [...left].map((property) =>
    leftOut("override", ["taskdef_overrides"], `${property} is left out: containers run as if it were not there`),
  );
}

function others(part: object, done: ReadonlySet<string>): string[] {
  return Object.entries(part).flatMap(([key, value]) => (done.has(key) || isEmpty(value) ? [] : [key]));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** The compiler sees to it that they are keys. */
function keysOf<T>() {
  return (...keys: (keyof T & string)[]): string[] => keys;
}
