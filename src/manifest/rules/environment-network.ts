import { networkKind, type Subnet, subnetsOf, type Tier, tiers } from "../environment-facts.ts";
import { contains, overlap, parseIpv4Range } from "../ipv4-range.ts";
import type { Path } from "../problems.ts";
import { listed, quoted } from "../words.ts";
import { environmentRule, type ReadEnvironmentManifest } from "./environment-rule.ts";

const vpc: Path = ["network", "vpc"];

function at(tier: Tier, ...rest: Path): Path {
  return [...vpc, "subnets", tier, ...rest];
}

function everySubnet(manifest: ReadEnvironmentManifest): { subnet: Subnet; tier: Tier; path: Path }[] {
  return tiers.flatMap((tier) => subnetsOf(manifest, tier).map((subnet, i) => ({ subnet, tier, path: at(tier, i) })));
}

export const vpcOrigin = environmentRule("environment/vpc", ["network.vpc"], ({ network }, report) => {
  if (network?.vpc?.id === undefined || network.vpc.cidr === undefined) return;
  report([...vpc, "cidr"], "`network.vpc.id` and `network.vpc.cidr` exclude each other", {
    hint: "`id` takes a VPC that exists, `cidr` makes one: keep one of them",
  });
});

export const subnetForms = environmentRule("environment/subnet", ["network/**"], (manifest, report) => {
  for (const { subnet, path } of everySubnet(manifest)) {
    const { id, cidr, az } = subnet;
    const other = cidr === undefined ? "az" : "cidr";
    if (id !== undefined && (cidr !== undefined || az !== undefined))
      report([...path, other], `\`id\` and \`${other}\` of a subnet exclude each other`, {
        hint: "`id` takes a subnet that exists, `cidr` and `az` make one",
      });
    else if (id === undefined && cidr === undefined && az === undefined)
      report(path, "this subnet says nothing", { hint: "give its `id`, or a `cidr` for one to be made" });
  }
});

/** Copilot makes its own network beside subnets that belong to no VPC of the manifest. */
export const subnetsWithoutVpc = environmentRule("environment/no-effect", ["network/**"], (manifest, report) => {
  if (networkKind(manifest) !== "default") return;
  const [first] = everySubnet(manifest);
  if (!first) return;
  const key = first.subnet.id === undefined ? "cidr" : "id";
  report([...vpc, "subnets"], `\`subnets\` has no effect without \`network.vpc.${key}\`: the default network is made`, {
    hint:
      key === "id"
        ? "add the `id` of the VPC that they are in"
        : "add `cidr: 10.0.0.0/16` to a new environment; in one that exists this would replace its subnets",
    severity: "warning",
  });
});

export const importedSubnets = environmentRule("environment/imported-vpc", ["network/**"], (manifest, report) => {
  if (networkKind(manifest) !== "imported" || manifest.network?.vpc?.cidr !== undefined) return;
  const all = everySubnet(manifest);
  if (all.length === 0)
    report([...vpc, "subnets"], "a VPC that exists needs the subnets to use", {
      hint: "add `subnets: { public: [{ id: subnet-… }, { id: subnet-… }] }`",
    });
  for (const { subnet, path } of all) {
    if (subnet.id === undefined && subnet.cidr !== undefined)
      report([...path, "cidr"], "a subnet of a VPC that exists is named by its `id`", {
        hint: "write `id: subnet-…` in the place of `cidr` and `az`",
      });
    else if (subnet.id === undefined && subnet.az !== undefined)
      report([...path, "az"], "a subnet of a VPC that exists is named by its `id`", {
        hint: "write `id: subnet-…` in the place of `az`",
      });
  }
  for (const tier of tiers) {
    if (subnetsOf(manifest, tier).length === 1)
      report(at(tier), `one ${tier} subnet is not enough: a load balancer needs two`, {
        hint: `name another one, in another availability zone, or no ${tier} subnet at all`,
      });
  }
  // One that is listed as both serves both: a VPC may have public subnets alone.
  for (const tier of tiers) {
    const ids = subnetsOf(manifest, tier).map(({ id }) => id);
    for (const [i, id] of ids.entries()) {
      if (id !== undefined && ids.indexOf(id) < i)
        report(at(tier, i, "id"), `the subnet ${quoted(id)} is listed twice`, { hint: "take one of them away" });
    }
  }
});

export const ownSubnets = environmentRule("environment/own-vpc", ["network/**"], (manifest, report) => {
  if (networkKind(manifest) !== "own") return;
  const [open, closed] = [subnetsOf(manifest, "public"), subnetsOf(manifest, "private")];
  if (open.length + closed.length === 0)
    return report([...vpc, "cidr"], "`network.vpc.cidr` needs the subnets to make", {
      hint: "add `subnets` with `public` and `private`, each a list of `cidr`",
    });
  for (const { subnet, path } of everySubnet(manifest)) {
    if (subnet.cidr === undefined && (subnet.az !== undefined || subnet.id !== undefined))
      report(subnet.id === undefined ? path : [...path, "id"], "a subnet of a VPC to be made needs a `cidr`", {
        hint: "write `cidr: 10.0.0.0/24`",
      });
  }
  if (open.length !== closed.length) {
    const [few, many] = open.length < closed.length ? tiers : tiers.toReversed();
    const counts = `${counted(open.length)} public and ${counted(closed.length)} private`;
    report(
      subnetsOf(manifest, few as Tier).length === 0 ? [...vpc, "subnets"] : at(few as Tier),
      `there are ${counts} subnets, and each public one needs a private one beside it`,
      { hint: `add ${few} subnets, or take ${many} ones away` },
    );
  }
});

function counted(number: number): string {
  return number === 0 ? "no" : String(number);
}

export const availabilityZones = environmentRule("environment/zones", ["network/**"], (manifest, report) => {
  if (networkKind(manifest) !== "own") return;
  const all = everySubnet(manifest);
  if (!all.some(({ subnet }) => subnet.az !== undefined)) return;
  const zones = (tier: Tier) => [...new Set(subnetsOf(manifest, tier).flatMap(({ az }) => az ?? []))].toSorted();
  for (const { subnet, path } of all) {
    if (subnet.az !== undefined || subnet.cidr === undefined) continue;
    report(path, "this subnet has no `az`, and others have", {
      hint: "give each subnet an availability zone, or none",
    });
  }
  for (const tier of tiers) {
    const seen = new Set<string>();
    for (const [i, { az }] of subnetsOf(manifest, tier).entries()) {
      if (az !== undefined && seen.has(az))
        report(at(tier, i, "az"), `two ${tier} subnets are in ${quoted(az)}`, {
          hint: `each ${tier} subnet needs an availability zone of its own`,
        });
      if (az !== undefined) seen.add(az);
    }
  }
  const [open, closed] = [zones("public"), zones("private")];
  const missing = tiers.flatMap((tier) => {
    const [own, other] = tier === "public" ? [open, closed] : [closed, open];
    const lacking = other.filter((zone) => !own.includes(zone));
    return lacking.length > 0 && subnetsOf(manifest, tier).length > 0 ? [{ tier, lacking }] : [];
  });
  for (const { tier, lacking } of missing) {
    report(at(tier), `there is no ${tier} subnet in ${listed(lacking.map(quoted), "and")}`, {
      hint: "public and private subnets are in the same availability zones",
    });
  }
  if (missing.length === 0 && open.length === 1)
    report(at("public"), "one availability zone is not enough: a load balancer needs two", {
      hint: "add a public and a private subnet in another one",
    });
});

export const subnetRanges = environmentRule("environment/ranges", ["network/**"], (manifest, report) => {
  const whole = manifest.network?.vpc?.cidr;
  const outer = whole === undefined ? undefined : parseIpv4Range(whole);
  if (whole === undefined || outer === undefined) return;
  const seen: { text: string; range: NonNullable<ReturnType<typeof parseIpv4Range>> }[] = [];
  for (const { subnet, path } of everySubnet(manifest)) {
    const range = subnet.cidr === undefined ? undefined : parseIpv4Range(subnet.cidr);
    if (subnet.cidr === undefined || range === undefined) continue;
    const other = seen.find((each) => overlap(each.range, range));
    if (!contains(outer, range))
      report([...path, "cidr"], `${quoted(subnet.cidr)} is not within the VPC's ${quoted(whole)}`, {
        hint: "give it a part of that range",
      });
    else if (other)
      report([...path, "cidr"], `${quoted(subnet.cidr)} overlaps with ${quoted(other.text)} of another subnet`, {
        hint: "give each subnet a range of its own",
      });
    seen.push({ text: subnet.cidr, range });
  }
});

/** Copilot takes any value as a wish for flow logs. */
export const flowLogsOff = environmentRule("environment/flow-logs", ["network.vpc.flow_logs"], (manifest, report) => {
  if (manifest.network?.vpc?.flow_logs !== false) return;
  report([...vpc, "flow_logs"], "`flow_logs: false` leaves the flow logs out; Copilot made them for any value", {
    hint: "write `flow_logs: true` to keep those of an environment that Copilot deployed",
    severity: "warning",
  });
});
