import type { StackFacts } from "../cloudformation/facts.ts";
import type { WorkloadManifest } from "../manifest/load.ts";
import { isService } from "../manifest/load.ts";
import { httpRules } from "../manifest/targets.ts";
import { importedLoadBalancer } from "../plan/environment.ts";
import type { EnvironmentPlan } from "../plan/environment-plan.ts";
import { rootedPath } from "../plan/rooted-path.ts";
import type { Account } from "../providers/account.ts";
import type { FactsRequest, GatheredFacts, RulesToPlace, WithTemplates } from "../providers/account/facts.ts";
import { environmentOf } from "./load-environment.ts";
import { loadManifest, type ManifestRequest } from "./load-manifest.ts";
import type { Workspace } from "../workspace/workspace.ts";

interface FactsTools {
  workspace: Workspace;
  /** For `${VAR}`: the environment of the process. */
  env: Readonly<Record<string, string | undefined>>;
  account: Pick<Account, "facts">;
}

/** Asks AWS what the stack of a workload needs: of the environment, and what its manifest names that is none of ours.
 *  @throws UserError manifest/invalid of the environment, and as {@link Facts.ofEnvironment} */
export async function factsFor(
  manifest: WorkloadManifest,
  { app, env }: { app: string; env: string },
  { workspace, env: variables, account }: FactsTools,
  options: WithTemplates = {},
): Promise<GatheredFacts> {
  const { plan } = await environmentOf({ workspace, env, variables });
  return account.facts.ofEnvironment({ app, env, ...factsOfManifest(manifest, plan), ...options });
}

/** The same for several workloads, at the same time: what they share is asked for once. */
export async function factsForAll(
  manifests: readonly WorkloadManifest[],
  { app, env }: { app: string; env: string },
  { workspace, env: variables, account }: FactsTools,
): Promise<GatheredFacts[]> {
  const { plan } = await environmentOf({ workspace, env, variables });
  return Promise.all(
    manifests.map((manifest) => account.facts.ofEnvironment({ app, env, ...factsOfManifest(manifest, plan) })),
  );
}

/** The same for a workload whose manifest is not read yet. */
export async function workloadFacts(
  { workspace, variables, account, name, env }: ManifestRequest & Pick<FactsTools, "account">,
  options: WithTemplates,
): Promise<StackFacts> {
  const { manifest } = await loadManifest({ workspace, variables, name, env });
  const where = { app: workspace.application, env };
  return (await factsFor(manifest, where, { workspace, env: variables, account }, options)).facts;
}

/** Asks AWS what the stack of an environment needs. @throws UserError as {@link factsFor} */
export async function environmentFactsFor(
  env: string,
  { workspace, env: variables, account }: FactsTools,
  options: WithTemplates = {},
): Promise<GatheredFacts> {
  const { plan } = await environmentOf({ workspace, env, variables });
  const request = { app: workspace.application, env, cloudFrontPrefixList: plan.publicLoadBalancer.fromCdn };
  return account.facts.ofEnvironment({ ...request, ...options });
}

function factsOfManifest(
  manifest: WorkloadManifest,
  environment: EnvironmentPlan,
): Omit<FactsRequest, "app" | "env"> & { workload: string } {
  const imported = isService(manifest) ? importedLoadBalancer(manifest) : undefined;
  const rules = rulesOf(manifest, imported, environment);
  const tags = subnetTags(manifest);
  return {
    workload: manifest.name,
    ...(imported !== undefined && { loadBalancers: [imported] }),
    ...(rules && { rules }),
    ...(tags && { subnetTags: tags }),
  };
}

function rulesOf(
  manifest: WorkloadManifest,
  imported: string | undefined,
  { publicLoadBalancer, internalLoadBalancer }: EnvironmentPlan,
): RulesToPlace | undefined {
  if (!isService(manifest)) return undefined;
  const bands = httpRules(manifest).map(({ rule }) => (rootedPath(rule.path ?? "/") === "/" ? "root" : "path"));
  if (bands.length === 0) return undefined;
  if (imported !== undefined) return { loadBalancer: { name: imported }, certificates: false, bands };
  const isPublic = manifest.type === "Load Balanced Web Service";
  const { certificates } = isPublic ? publicLoadBalancer : internalLoadBalancer;
  return { loadBalancer: isPublic ? "public" : "internal", certificates: certificates.length > 0, bands };
}

function subnetTags(manifest: WorkloadManifest): FactsRequest["subnetTags"] {
  const placement = "network" in manifest ? manifest.network?.vpc?.placement : undefined;
  const subnets = typeof placement === "object" ? placement.subnets : undefined;
  if (subnets === undefined || Array.isArray(subnets)) return undefined;
  return Object.fromEntries(Object.entries(subnets.from_tags).map(([key, value]) => [key, [value].flat()]));
}
