import type { Path } from "../problems.ts";
import type { ManifestType } from "../workload-types.ts";

/** Keys that people bring along from other tools, or write from memory, and what does what they want. Read off public
 *  manifests: Copilot ignores each of them in silence. */
interface ForeignKey {
  key: RegExp;
  /** The map that the key stands in, its steps between dots; absent: the top of the manifest. */
  in?: RegExp;
  /** Absent: of every workload. */
  types?: RegExp;
  hint: string;
}

const onEcs = /^(Load Balanced Web|Backend|Worker) Service$|^Scheduled Job$/;
const services = /^(Load Balanced Web|Backend|Worker) Service$/;
const called = /^(Load Balanced Web|Backend) Service$/;

const loadBalancerCheck = /^(http(\.additional_rules)?|nlb(\.additional_listeners)?)\.healthcheck$/;
const containerCheck = /^(image|sidecars\.[^.]+)\.healthcheck$/;

const rolesHint =
  "each workload has roles of its own; what its tasks may do beyond is a policy in a template of its folder `addons`";
const spotHint = "tasks run on Spot with `count: { spot: 1 }`, or with `spot_from` under `count.range`";
const scalingHint = "a service scales with `count: { range: 1-10, cpu_percentage: 70 }`";
const certificatesHint =
  "certificates belong to the environment: `http.public.certificates` in copilot/environments/NAME/manifest.yml";
export const variablesHint =
  "variables stand under `variables`, what differs between environments under `environments`";
const tagsHint = "tags are the application's, and all its resources have them: `app init --resource-tags`";

const workloads: readonly ForeignKey[] = [
  { key: /^((task|execution)_?){1,2}role(_?arn)?$/i, types: onEcs, hint: rolesHint },
  { key: /^(iam|iam_?polic(y|ies)|polic(y|ies)|permissions)$/i, types: onEcs, hint: rolesHint },
  {
    key: /^(capacity_?providers?(_?strategy)?|(fargate_?)?spot|use_?spot|spot_?instances?)$/i,
    types: services,
    hint: spotHint,
  },
  {
    key: /^(capacity_?providers?(_?strategy)?|(fargate_?)?spot|use_?spot)$/i,
    types: /^Scheduled Job$/,
    hint: "the tasks of a job run on Fargate alone; Spot is for services",
  },
  { key: /^(auto_?)?scaling$|^autoscale$/i, types: services, hint: scalingHint },
  { key: /^(replicas|desired_?count|instances)$/i, types: services, hint: "the number of tasks is `count`" },
  {
    key: /^mount_?points$/i,
    types: onEcs,
    hint: "the workload's own container has each of `storage.volumes` at its `path`; `mount_points` are for sidecars",
  },
  {
    key: /^(ports|port_?mappings|expose|container_?port)$/i,
    hint: "the port that the program listens on is `image.port`",
  },
  { key: /^(env|envs|env_?vars|environment|environment_?variables)$/i, hint: variablesHint },
  { key: /^env_?files$/i, types: onEcs, hint: "`env_file` names one file" },
  { key: /^(tags|labels)$/i, types: onEcs, hint: `${tagsHint}; those of the container are \`image.labels\`` },
  {
    key: /^https$/i,
    types: called,
    hint: "HTTPS is of `http` too, with `alias`; its certificates are the environment's: `http.public.certificates`",
  },
  { key: /^(ssl|tls|certificates?(_?arn)?)$/i, types: called, hint: certificatesHint },
  {
    key: /^(https|ssl|tls|certificates?(_?arns?)?|acm_?certificate(_?arn)?)$/i,
    in: /^http$/,
    types: called,
    hint: certificatesHint,
  },
  {
    key: /^(domain|domain_?name|host|hosts|hostname)$/i,
    in: /^$|^http$/,
    types: called,
    hint: "the names that lead to the service are `http.alias`",
  },
  { key: /^port$/, in: /^http$/, types: called, hint: "requests go to `image.port`, or to `http.target_port`" },
  {
    key: /^path$/,
    in: /^http$/,
    types: /^Request-Driven Web Service$/,
    hint: "App Runner sends the service all requests; paths are for a Load Balanced Web Service",
  },
  {
    key: /^path$/,
    in: /^http$/,
    types: /^Static Site$/,
    hint: "a site answers all paths of its name; files come under another one with `files.destination`",
  },
  {
    key: /^(custom_?)?error_?(pages?|responses?|document)$/i,
    in: /^$|^http$/,
    types: /^Static Site$/,
    hint: "what CloudFront answers instead of a file that is not there can be changed in its template alone: `overrides/`",
  },
  {
    key: /^retries$/,
    in: loadBalancerCheck,
    hint: "a load balancer counts with `unhealthy_threshold`; `retries` are of the container's own check, `image.healthcheck`",
  },
  {
    key: /^start_?period$/i,
    in: loadBalancerCheck,
    hint: "a load balancer's check waits for `grace_period`; `start_period` is of the container's own check, `image.healthcheck`",
  },
  {
    key: /^(command|test)$/,
    in: loadBalancerCheck,
    hint: "a load balancer asks over the network; a command is for the container's own check, `image.healthcheck`",
  },
  {
    key: /^grace_?period$/i,
    in: containerCheck,
    hint: "a container's check has `start_period`; `grace_period` is of the load balancer's, `http.healthcheck`",
  },
  {
    key: /^(un)?healthy_?threshold$/i,
    in: containerCheck,
    hint: "a container's check has `retries`; thresholds are of the load balancer's, `http.healthcheck`",
  },
  {
    key: /^(path|port|success_?codes)$/i,
    in: containerCheck,
    hint: "a container's check runs a `command`; requests are of the load balancer's, `http.healthcheck`",
  },
  { key: /^test$/, in: containerCheck, hint: "write `command`" },
  {
    key: /^(target_?cpu|cpu|cpu_?(utilization|percent|target))$/i,
    in: /^count$/,
    hint: "write `cpu_percentage`, with `range`",
  },
  {
    key: /^(target_?memory|memory|memory_?(utilization|percent|target))$/i,
    in: /^count$/,
    hint: "write `memory_percentage`, with `range`",
  },
  { key: /^scale_?(in|out)(_?cooldown)?$/i, in: /^count$/, hint: "write `cooldown: { in: 120s, out: 60s }`" },
  { key: /^(min|max)_?(capacity|count|tasks)$/i, in: /^count$/, hint: "write `range: { min: 1, max: 10 }`" },
  {
    key: /^platforms?$/,
    in: /(^|\.)build$/,
    hint: "`platform` at the top of the manifest is what all images are built for",
  },
  {
    key: /^(container_?)?health_?checks?$/i,
    in: /^$|^observability$/,
    types: called,
    hint: "a container's check is `image.healthcheck`; the load balancer's is `http.healthcheck`",
  },
  {
    key: /^(deployment_?)?circuit_?breaker$/i,
    in: /^$|^deployment$/,
    types: services,
    hint: "the circuit breaker of ECS is always on, and rolls back",
  },
  {
    key: /^deployment_?configuration$|^(min|max)(imum)?(_?healthy)?_?percent$/i,
    in: /^$|^deployment$/,
    types: services,
    hint: "with `rolling: default` ECS keeps all tasks and starts as many new ones, with `recreate` it stops all first",
  },
  { key: /^credentials$/, in: /^sidecars\.[^.]+$/, hint: "write `credentialsParameter`" },
  { key: /^(cron|rate|expression)$/, in: /^on$/, hint: "write `schedule`" },
  {
    key: /^(enable_?logs|flow_?logs|id|cidr|subnets|security_?group)$/i,
    in: /^network\.vpc$/,
    hint: "the VPC is the environment's: `network.vpc` in copilot/environments/NAME/manifest.yml",
  },
  {
    key: /^(public|private)$/,
    in: /^http$/,
    hint: "load balancers are set up in the environment's manifest: copilot/environments/NAME/manifest.yml",
  },
  {
    key: /^(cdn|cloudfront)$/,
    in: /^$|^http$/,
    hint: "a CDN is the environment's: `cdn` in copilot/environments/NAME/manifest.yml",
  },
  {
    key: /^container_?insights$/i,
    in: /^$|^observability$/,
    hint: "they are the environment's: `observability.container_insights` in copilot/environments/NAME/manifest.yml",
  },
];

const environment: readonly ForeignKey[] = [
  { key: /^tags$/i, hint: tagsHint },
  { key: /^enable_?(flow_?)?logs$/i, in: /^network\.vpc$/, hint: "write `flow_logs`" },
  {
    key: /^placement$/,
    in: /^network(\.vpc)?$/,
    hint: "it is each workload's own: `network.vpc.placement` in copilot/NAME/manifest.yml",
  },
  {
    key: /^(alias|hosted_zone)$/,
    in: /^http(\.|$)/,
    hint: "names are each workload's own: `http.alias` in copilot/NAME/manifest.yml",
  },
  {
    key: /^(certificate_?arn|certificates?)$/i,
    in: /^$|^network|^http$/,
    hint: "those of the load balancer are `http.public.certificates`, that of the CDN is `cdn.certificate`",
  },
  { key: /^cdn$/, in: /./, hint: "`cdn` belongs at the top of the manifest" },
];

const pipeline: readonly ForeignKey[] = [
  { key: /^(manual_?)?approval$/i, in: /^stages$/, hint: "write `requires_approval: true`" },
  { key: /^depends_?on$/i, in: /^stages$/, hint: "stages run one after another, in the order of the list" },
  { key: /^stack$/i, in: /^stages\.deployments\.[^.]+$/, hint: "write `stack_name`" },
  { key: /^template$/i, in: /^stages\.deployments\.[^.]+$/, hint: "write `template_path`" },
  {
    key: /^(params|parameters|stack_?config|template_?params)$/i,
    in: /^stages\.deployments\.[^.]+$/,
    hint: "write `template_config`",
  },
  { key: /^phases$/, in: /^$|^build$/, hint: "what the build runs stands in the file that `build.buildspec` names" },
  {
    key: /^(env|envs|environment|environment_?variables|variables)$/i,
    in: /^$|^build$/,
    hint: "variables of the build stand in the file that `build.buildspec` names",
  },
  { key: /^environments$/i, hint: "environments are `stages`" },
];

const foreignKeys: Partial<Record<ManifestType, readonly ForeignKey[]>> = {
  Environment: environment,
  Pipeline: pipeline,
};

/** What to write in the place of a key that no manifest has there; undefined for one that nobody has heard of. */
export function foreignKeyHint(type: ManifestType, key: string, parent: Path): string | undefined {
  const place = parent.filter((step) => typeof step !== "number").join(".");
  const known = foreignKeys[type] ?? workloads;
  return known.find(
    (each) =>
      each.key.test(key) && (each.in ?? /^$/).test(place) && (each.types === undefined || each.types.test(type)),
  )?.hint;
}
