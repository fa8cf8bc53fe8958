import { type Descriptions, under } from "../description.ts";
import { imageSource, secrets, variables } from "./container.ts";
import { observability, placement, platform, publish, workload } from "./task.ts";

/** What runs on App Runner. */
export const requestDriven: Descriptions = {
  ...workload,
  image: "The image: `build` or `location`.",
  ...under("image", imageSource),
  "image.location": {
    about: "A finished image in Amazon ECR or ECR Public.",
    examples: ["public.ecr.aws/docker/library/nginx:1.27"],
  },
  "image.port": { about: "The port that the program listens on.", examples: [8080] },
  http: "How the service is reached.",
  "http.healthcheck":
    "How App Runner sees whether an instance is well: a path, or more about it. Without it, an open port is enough.",
  "http.healthcheck.path": { about: "The path that it asks for.", default: "/" },
  "http.healthcheck.healthy_threshold": {
    about: "So many good answers in a row make an instance healthy, 1 to 20.",
    default: 3,
  },
  "http.healthcheck.unhealthy_threshold": {
    about: "So many bad answers in a row make an instance unhealthy, 1 to 20.",
    default: 3,
  },
  "http.healthcheck.interval": { about: "The time between two checks, 1s to 20s.", default: "5s" },
  "http.healthcheck.timeout": { about: "How long an answer may take, 1s to 20s.", default: "2s" },
  "http.alias": "A name that leads here: of the application's domain, with one label before it.",
  "http.private": {
    about:
      "Whether the service is reached from the environment's VPC only: `true`, or through an endpoint that exists.",
    default: false,
  },
  "http.private.endpoint": { about: "The endpoint's id.", examples: ["vpce-0123456789abcdef0"] },
  cpu: { about: "CPU units of an instance; 1024 are one virtual CPU.", default: 1024 },
  memory: { about: "Memory of an instance in MiB. Which sizes there are depends on `cpu`.", default: 2048 },
  ...under("platform", platform),
  platform: {
    about: "Operating system and processor. App Runner knows Linux on x86_64 only.",
    default: "linux/x86_64",
  },
  count: {
    about: "How many instances run: the name of an autoscaling configuration of App Runner's, and its revision.",
    examples: ["high-availability/3"],
  },
  network: "Where requests of the program go out.",
  "network.vpc": "The network that requests of the program go out to.",
  ...under("network.vpc.placement", placement),
  "network.vpc.placement":
    "`private` for the environment's private subnets, or others. Without it, requests go to the internet.",
  ...under("observability", observability),
  command: "What is run in the place of the image's own command; one line.",
  ...under("variables", variables),
  ...under("secrets", secrets),
  ...under("publish", publish),
  tags: "Tags of what belongs to the service.",
  "tags.*": "The value of this tag.",
};
