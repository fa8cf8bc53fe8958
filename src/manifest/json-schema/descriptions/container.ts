import { type Descriptions, under } from "../description.ts";

/** What every container may say, the main one and sidecars. */

const build: Descriptions = {
  "": { about: "The Dockerfile that the image is built from, or more about the build.", examples: ["Dockerfile"] },
  dockerfile: "The Dockerfile, seen from the workspace's root. Without it: `Dockerfile` in `context`.",
  context: "The folder that the build sees. Without it: the Dockerfile's folder.",
  args: "Values for the Dockerfile's ARG instructions. No place for secrets: the image's history shows them.",
  "args.*": "The value of this ARG.",
  target: "The stage to build. Without it: the last one.",
  cache_from: "Images whose layers may be used again.",
};

/** Where an image comes from: one of the two. */
export const imageSource: Descriptions = {
  ...under("build", build),
  location: {
    about: "A finished image, as `docker pull` takes it.",
    examples: ["public.ecr.aws/docker/library/nginx:1.27"],
  },
};

export const dependsOn: Descriptions = {
  "": "Which containers of the task have to be there before this one starts.",
  "*": "What is waited for: start, healthy, complete (it has ended) or success (it has ended with exit code 0).",
};

export const labels: Descriptions = { "": "Labels of the container.", "*": "The value of this label." };

export const healthCheck: Descriptions = {
  "": "How ECS sees from inside whether the container is well. Without it, nobody looks.",
  command: {
    about: "A program (CMD) or a line for the shell (CMD-SHELL). Exit code 0 means healthy.",
    default: ["CMD-SHELL", "curl -f http://localhost/ || exit 1"],
  },
  interval: { about: "The time between two checks, 5s to 300s.", default: "10s" },
  retries: { about: "So many failures in a row make the container unhealthy, 1 to 10.", default: 2 },
  timeout: { about: "How long a check may take, 2s to 60s.", default: "5s" },
  start_period: { about: "For so long after its start, failures do not count; 300s at most.", default: "0s" },
};

export const commands: Descriptions = {
  entrypoint:
    "What is run in the place of the image's ENTRYPOINT: a line, split as a shell splits it, or a list of words.",
  command: "What is run in the place of the image's CMD: a line, split as a shell splits it, or a list of words.",
};

export const variables: Descriptions = {
  "": "Variables of the environment. No place for secrets: the task definition shows them.",
  "*": "A text, or the export of another stack.",
  "*.from_cfn": "The name of the export.",
};

export const secrets: Descriptions = {
  "": "Variables of the environment whose values are kept elsewhere and looked up when the task starts.",
  "*": "A parameter of Systems Manager by its name or ARN, or one of the forms below.",
  "*.secretsmanager": {
    about: "A secret of Secrets Manager by its name; then, between colons, a key of its JSON, a stage and a version.",
    examples: ["shop/test/db:password::"],
  },
  "*.from_cfn": "The export of another stack that holds the ARN of a parameter or a secret.",
};

export const environment: Descriptions = {
  ...under("variables", variables),
  ...under("secrets", secrets),
  env_file: {
    about: "A file with further variables, one `NAME=value` a line, seen from the workspace's root. It ends in .env.",
    examples: ["api.env"],
  },
};

export const sidecars: Descriptions = {
  "": "Further containers of each task, by name. All containers of a task share localhost.",
  "*": "A further container.",
  "*.image": "The image: its name, or a map with `build` or `location`.",
  ...under("*.image", imageSource),
  "*.port": { about: "The port that it listens on, with `/udp` where it is not TCP.", examples: [9000, "9000/udp"] },
  "*.essential": { about: "Whether the task ends when this container does.", default: true },
  "*.credentialsParameter": "The ARN of the secret or parameter with the user and password of a private registry.",
  ...under("*", environment),
  ...under("*", commands),
  ...under("*.labels", labels),
  ...under("*.depends_on", dependsOn),
  ...under("*.healthcheck", healthCheck),
  "*.mount_points": "Volumes of `storage.volumes` that this container sees too.",
  "*.mount_points.source_volume": "The volume's name in `storage.volumes`.",
  "*.mount_points.path": "Where the volume appears in this container.",
  "*.mount_points.read_only": { about: "Whether this container may only read it.", default: true },
};
