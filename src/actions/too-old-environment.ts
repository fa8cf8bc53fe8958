import { type Need, needsOf } from "../plan/environment-needs.ts";
import type { WorkloadManifest } from "../manifest/load.ts";

interface TooOld {
  path: string[];
  code: string;
  message: string;
  hint: string;
}

interface Feature {
  /** The version of Copilot's templates that has it first. */
  since: string;
  path: string[];
}

/** Source: Copilot's `template/env.go`. */
const features: Readonly<Record<Need | "Aliases", Feature>> = {
  ALBWorkloads: { since: "v1.0.0", path: ["http"] },
  EFSWorkloads: { since: "v1.3.0", path: ["storage", "volumes"] },
  NATWorkloads: { since: "v1.3.0", path: ["network", "vpc", "placement"] },
  Aliases: { since: "v1.4.0", path: ["http", "alias"] },
  InternalALBWorkloads: { since: "v1.10.0", path: ["http"] },
  AppRunnerPrivateWorkloads: { since: "v1.23.0", path: ["http", "private"] },
};

/** What a workload needs of its environment and the environment's stack has no parameter for: it was deployed before there was
 *  one. Nothing is said where not all of its parameters are known.
 *  @param deployed the parameters of the environment's stack as it is */
export function tooOldEnvironment(
  manifest: WorkloadManifest,
  env: string,
  deployed: Readonly<Record<string, string>> | undefined,
): TooOld[] {
  if (deployed?.["EnvironmentName"] === undefined) return [];
  const { needs, aliases } = needsOf(manifest);
  const wanted = [...needs, ...(aliases.length > 0 ? (["Aliases"] as const) : [])];
  return wanted
    .filter((parameter) => deployed[parameter] === undefined)
    .map((parameter) => ({
      path: features[parameter].path,
      code: "environment/too-old",
      message: `the environment ${env} was deployed from a template before ${features[parameter].since}, which cannot give this (it has no ${parameter})`,
      hint: `pilotfish env deploy --name ${env}`,
    }));
}
