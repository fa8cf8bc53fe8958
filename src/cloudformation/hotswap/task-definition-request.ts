import { Open, type Resolved } from "../update/resolved.ts";

/** Members whose maps have the user's keys. */
export const userKeyed: ReadonlySet<string> = new Set(["DockerLabels", "Options", "Labels", "DriverOpts"]);

/** Where ECS's API spells a member in another way than CloudFormation. */
const renamed: Readonly<Record<string, string>> = {
  EFSVolumeConfiguration: "efsVolumeConfiguration",
  S3FilesVolumeConfiguration: "s3filesVolumeConfiguration",
  FSxWindowsFileServerVolumeConfiguration: "fsxWindowsFileServerVolumeConfiguration",
  FilesystemId: "fileSystemId",
  IAM: "iam",
  ProxyConfigurationProperties: "properties",
};

/** Numbers below the first level; the task's own Cpu and Memory are texts.
 *  Source: Amazon ECS API Reference, RegisterTaskDefinition. */
const numeric = wordsOf(`
  Cpu Memory MemoryReservation ContainerPort HostPort StartTimeout StopTimeout Interval Timeout Retries StartPeriod
  SoftLimit HardLimit SharedMemorySize MaxSwap Swappiness Size SizeInGiB RestartAttemptPeriod IgnoredExitCodes
  TransitEncryptionPort`);

const truths = wordsOf(`
  Essential Privileged ReadonlyRootFilesystem Interactive PseudoTerminal DisableNetworking InitProcessEnabled ReadOnly
  Autoprovision Enabled ConfiguredAtLaunch EnableFaultInjection`);

/** How ECS's API calls a property of CloudFormation's. */
export function requestKey(property: string): string {
  return renamed[property] ?? property.charAt(0).toLowerCase() + property.slice(1);
}

/** The properties of a task definition as RegisterTaskDefinition takes them. @throws Error for what is not known */
export function taskDefinitionRequest(properties: Resolved): Record<string, unknown> {
  return convert(properties, { property: "", depth: 0, keepsKeys: false }) as Record<string, unknown>;
}

function convert(value: Resolved, at: { property: string; depth: number; keepsKeys: boolean }): unknown {
  const { property, depth, keepsKeys } = at;
  if (value instanceof Open) throw new Error(`${property} is not known`);
  if (Array.isArray(value)) return value.map((item) => convert(item, at));
  if (typeof value === "string") return scalar(value, property, depth);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      keepsKeys ? key : requestKey(key),
      convert(item, { property: keepsKeys ? "" : key, depth: depth + 1, keepsKeys: userKeyed.has(key) && !keepsKeys }),
    ]),
  );
}

/** Templates hold texts for both. */
function scalar(text: string, property: string, depth: number): unknown {
  if (numeric.has(property) && depth > 1 && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return truths.has(property) && /^(true|false)$/.test(text) ? text === "true" : text;
}

function wordsOf(text: string): Set<string> {
  return new Set(text.trim().split(/\s+/));
}
