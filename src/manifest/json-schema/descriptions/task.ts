import { type Descriptions, under } from "../description.ts";
import { commands, dependsOn, environment, healthCheck, imageSource, labels, secrets, sidecars } from "./container.ts";

/** What every workload may say. */
export const workload: Descriptions = {
  name: "The workload's name, which is that of the manifest's folder.",
  type: "What kind of workload this is.",
  environments: "What is different in an environment, by its name. Maps are merged key by key, lists are replaced.",
  "environments.*": "What is different in this environment: any field of the manifest but `name` and `type`.",
};

export const platform: Descriptions = {
  "": {
    about: "Operating system and processor that tasks run on.",
    default: "linux/x86_64",
  },
  osfamily: "The operating system. `windows` is Windows Server 2019 Core.",
  architecture: "The processor. Windows runs on x86_64 only.",
};

export const publish: Descriptions = {
  "": "What the workload publishes.",
  topics: "Topics of SNS. Their ARNs are in COPILOT_SNS_TOPIC_ARNS, as JSON by name.",
  "topics.name": "The topic's name, without `.fifo`. Workers subscribe to it by this name.",
  "topics.fifo": { about: "Whether the topic keeps the order of its messages.", default: false },
  "topics.fifo.content_based_deduplication": "Whether two messages with the same content count as one.",
};

const storage: Descriptions = {
  "": "The disk of a task, and volumes.",
  ephemeral: { about: "The disk of a task in GiB, 20 to 200.", default: 20 },
  readonly_fs: { about: "Whether the main container's own file system is read-only.", default: false },
  volumes: "Volumes of the main container, by name; sidecars see them with `mount_points`.",
  "volumes.*": "A volume.",
  "volumes.*.path": "Where the volume appears in the main container.",
  "volumes.*.read_only": { about: "Whether the main container may only read it.", default: true },
  "volumes.*.efs": {
    about:
      "Where the files are kept: `false` in the task, which they end with; `true` in the environment's file system; or a map about one that exists.",
    default: false,
  },
  "volumes.*.efs.id": "The id of a file system, or the export that holds it.",
  "volumes.*.efs.id.from_cfn": "The name of the export.",
  "volumes.*.efs.root_dir": { about: "The folder of the file system that the volume begins at.", default: "/" },
  "volumes.*.efs.auth": "How the task may use the file system.",
  "volumes.*.efs.auth.iam": {
    about: "Whether the task's role counts. An access point wants it.",
    default: false,
  },
  "volumes.*.efs.auth.access_point_id": "The access point to go through. `root_dir` is then `/` or left out.",
  "volumes.*.efs.uid":
    "In the environment's file system, the user that the folder belongs to; not 0, and together with `gid`.",
  "volumes.*.efs.gid": "In the environment's file system, the group that the folder belongs to; together with `uid`.",
};

const logging: Descriptions = {
  "": "How long logs are kept, and where FireLens sends them. All but `retention` is about FireLens.",
  retention: { about: "For how many days CloudWatch keeps the logs.", default: 30 },
  image: {
    about: "The log router's image.",
    default: "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable",
  },
  destination: "Options of the log router for the main container's logs, such as `Name` and `region`.",
  "destination.*": "The value of this option.",
  enableMetadata: { about: "Whether each line says which cluster, task and container it is from.", default: true },
  ...under("secretOptions", { ...secrets, "": "Options of the log router whose values are secret." }),
  configFilePath: "A configuration inside the log router's image.",
  ...under("variables", { "": "Variables of the log router.", "*": "A text, or the export of another stack." }),
  "variables.*.from_cfn": "The name of the export.",
  ...under("secrets", { ...secrets, "": "Secrets of the log router." }),
  env_file: "A file with further variables of the log router. It ends in .env.",
};

export const placement: Descriptions = {
  "": "Which subnets the tasks are in: public ones with public addresses, private ones that reach the internet through NAT, or others.",
  subnets: "The ids of the subnets, or the tags that they have.",
  "subnets.from_tags": "Tags, all of which a subnet must have.",
  "subnets.from_tags.*": "The value of this tag, or several of which one is enough.",
};

const securityGroups: Descriptions = {
  "": "Further security groups: a list, or a map with `groups`. The environment's own is always there unless denied.",
  from_cfn: "The export of another stack that holds the group's id.",
  groups: "Further security groups, each an id or an export.",
  "groups.from_cfn": "The export of another stack that holds the group's id.",
};

/** Of a job, which nobody calls. */
export const jobNetwork: Descriptions = {
  "": "Where in the network the tasks are.",
  vpc: "Subnets and security groups.",
  ...under("vpc.placement", placement),
  "vpc.placement": { about: String(placement[""]), default: "public" },
  ...under("vpc.security_groups", securityGroups),
};

const network: Descriptions = {
  ...jobNetwork,
  "": "Where in the network the tasks are, and how services reach each other.",
  connect: {
    about: "Whether services of the environment reach each other by short names, over Service Connect.",
    default: false,
  },
  "connect.alias": "The name that others call this service by. Without it: the service's name.",
  "vpc.security_groups.deny_default": {
    about: "Leaves the environment's security group out.",
    default: false,
  },
};

export const observability: Descriptions = {
  "": "What can be seen of the service.",
  tracing: "Who gets traces: `awsxray` is AWS X-Ray.",
};

/** What everything that runs on ECS has. */
export const task: Descriptions = {
  ...workload,
  cpu: { about: "CPU units of a task; 1024 are one virtual CPU. Fargate offers 256 to 16384.", default: 256 },
  memory: { about: "Memory of a task in MiB. Which sizes there are depends on `cpu`.", default: 512 },
  ...under("platform", platform),
  ...commands,
  ...environment,
  ...under("sidecars", sidecars),
  ...under("storage", storage),
  ...under("logging", logging),
  ...under("publish", publish),
  taskdef_overrides: "Changes to the task definition that nothing else can say, by CloudFormation's names.",
  "taskdef_overrides.path": {
    about: "What to change: property names with dots between, `[0]` for an element of a list, `[-]` for a new one.",
    examples: ["ContainerDefinitions[0].StopTimeout"],
  },
  "taskdef_overrides.value": "The new value.",
  image: "The image of the main container: `build` or `location`.",
  ...under("image", imageSource),
  "image.credentials": "The ARN of the secret or parameter with the user and password of a private registry.",
  ...under("image.labels", labels),
  ...under("image.depends_on", dependsOn),
  ...under("image.healthcheck", healthCheck),
};

/** What every service that runs on ECS has. */
export const service: Descriptions = {
  ...task,
  exec: { about: "Whether commands may be run in the containers, as `svc exec` does.", default: false },
  "exec.enable": "Whether they may.",
  ...under("network", network),
  ...under("observability", observability),
};
