import { platformOf } from "../platform.ts";
import { listed, quoted } from "../words.ts";
import { type ReadRequestDriven, rule } from "./rule.ts";

/** What App Runner takes of a Request-Driven Web Service. */

const longestName = 40;

/** Source: App Runner, CreateService's ServiceName, as Copilot counts it: the workload's own name alone. */
export const appRunnerName = rule<ReadRequestDriven>("workload/name", ["name"], ({ name = "" }, report) => {
  if (name.length > longestName)
    report("name", `App Runner takes names of ${longestName} characters at most, and this one has ${name.length}`);
});

const privateRepository = /^\d{12}\.dkr\.ecr\.[^.]+\.amazonaws\.com\//;
const publicRepository = /^public\.ecr\.aws\//;

/** Which of Amazon's registries an image comes from; undefined for any other, which App Runner does not pull from. */
export function appRunnerRepository(image: string): "ECR" | "ECR_PUBLIC" | undefined {
  if (privateRepository.test(image)) return "ECR";
  return publicRepository.test(image) ? "ECR_PUBLIC" : undefined;
}

export const appRunnerImage = rule<ReadRequestDriven>("image/registry", ["image.location"], ({ image }, report) => {
  const { location } = image ?? {};
  if (location === undefined || appRunnerRepository(location) !== undefined) return;
  report("image.location", `App Runner pulls images from Amazon ECR only, not ${quoted(location)}`, {
    hint: "take one from public.ecr.aws, push it to a repository of your own, or write `build: Dockerfile`",
  });
});

/** Copilot takes any text, and the deployment fails. Source: App Runner, CreateAutoScalingConfiguration's name. */
export const appRunnerCount = rule<ReadRequestDriven>("count/configuration", ["count"], ({ count }, report) => {
  if (count === undefined || /^[A-Za-z0-9][A-Za-z0-9_-]{3,31}(\/\d+(\/[0-9a-f]+)?)?$/.test(count)) return;
  report(
    "count",
    `\`count\` must name an autoscaling configuration such as high-availability/3, not ${quoted(count)}`,
    {
      severity: "warning",
      hint: /^\d+$/.test(count)
        ? "App Runner refuses it when it is deployed: how many instances start, an autoscaling configuration of its own says"
        : "App Runner refuses it when it is deployed: write `count: NAME/REVISION`",
    },
  );
});

/** CPU units, and the MiB that go with them. Source: App Runner, CreateService's InstanceConfiguration. */
const sizes: Record<number, readonly number[]> = {
  256: [512, 1024],
  512: [1024],
  1024: [2048, 3072, 4096],
  2048: [4096, 6144],
  4096: [8192, 10240, 12288],
};

const defaults = { cpu: 1024, memory: 2048 };

export const appRunnerSize = rule<ReadRequestDriven>("instance/size", ["cpu", "memory"], (manifest, report) => {
  const { cpu = defaults.cpu, memory = defaults.memory } = manifest;
  const own = (key: "cpu" | "memory") => (manifest[key] === undefined ? " (the default)" : "");
  const allowed = sizes[cpu];
  if (!allowed)
    return report("cpu", `App Runner has no size with ${cpu} CPU units`, {
      hint: `use one of ${Object.keys(sizes).join(", ")}`,
    });
  if (allowed.includes(memory)) return;
  report(
    manifest.memory === undefined ? "cpu" : "memory",
    `${memory} MiB${own("memory")} does not go with ${cpu} CPU units${own("cpu")}`,
    { hint: `${manifest.memory === undefined ? "give `memory`: " : ""}use ${listed(allowed.map(String))}` },
  );
});

/** App Runner runs Linux on x86, and Copilot lets nobody say so: it takes no `platform` at all. */
export const appRunnerPlatform = rule<ReadRequestDriven>("platform/app-runner", ["platform/**"], (manifest, report) => {
  const { isWindows, isArm } = platformOf(manifest);
  const hint = "write `platform: linux/x86_64`, or leave `platform` out";
  const isPair = typeof manifest.platform === "object";
  if (isWindows) report(isPair ? "platform.osfamily" : "platform", "App Runner does not run Windows", { hint });
  else if (isArm)
    report(isPair ? "platform.architecture" : "platform", "App Runner runs on x86_64 processors only", { hint });
});

const reservedPrefix = "AWSAPPRUNNER";

/** Source: App Runner, ImageConfiguration. */
export const appRunnerVariables = rule<ReadRequestDriven>(
  "variables/app-runner",
  ["variables", "secrets"],
  ({ variables = {}, secrets = {} }, report) => {
    for (const [block, names] of Object.entries({ variables, secrets })) {
      for (const name of Object.keys(names).filter((each) => each.startsWith(reservedPrefix)))
        report([block, name], `App Runner keeps names that start with ${reservedPrefix} for itself`);
    }
  },
);

const ownTags = ["copilot-application", "copilot-environment", "copilot-service"];
const mostTags = 50;

/** Source: AWS's limits of tags; the stack has three of its own. */
export const appRunnerTags = rule<ReadRequestDriven>("tags/limits", ["tags"], ({ tags = {} }, report) => {
  for (const [key, value = ""] of Object.entries(tags)) {
    const at = ["tags", key];
    if (ownTags.includes(key)) report(at, `${quoted(key)} is a tag that each workload has already`);
    else if (/^aws:/i.test(key)) report(at, "AWS keeps tags that start with `aws:` for itself");
    else if (key === "" || key.length > 128) report(at, "the key of a tag has 1 to 128 characters");
    else if (value.length > 256) report(at, `the value of a tag has 256 characters at most, not ${value.length}`);
  }
  const all = Object.keys(tags).length + ownTags.length;
  if (all > mostTags) report("tags", `the service has ${all} tags with its own three, and AWS takes ${mostTags}`);
});

/** Source: App Runner, CreateVpcConnector. */
export const appRunnerSubnets = rule<ReadRequestDriven>("network/subnets", ["network/**"], ({ network }, report) => {
  const placement = network?.vpc?.placement;
  const subnets = typeof placement === "object" ? placement.subnets : undefined;
  const at = ["network", "vpc", "placement", "subnets"];
  if (Array.isArray(subnets)) {
    if (subnets.length === 0)
      report(at, "`subnets` names no subnet", { hint: "name one or more: `subnets: [subnet-0123456789abcdef0]`" });
  } else if (subnets?.from_tags !== undefined && Object.keys(subnets.from_tags).length === 0) {
    report([...at, "from_tags"], "`from_tags` names no tag", {
      hint: "write the tags that the subnets have: `from_tags: { Tier: private }`",
    });
  }
});
