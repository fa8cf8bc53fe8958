import type { Path, Problems } from "../problems.ts";
import { type PlacedMap, holdsBroken, isBroken, placeOf, valueOf } from "../read/placed.ts";
import { containerHealthCheck } from "./container-health-check.ts";
import { containerCount, sidecarNames } from "./container-names.ts";
import { cooldown, jobCount, queueDelay, scaling, scalingRange } from "./count.ts";
import { dependencies } from "./dependencies.ts";
import { rollbackAlarms } from "./deployment.ts";
import { reservedVariables, secretNames, secretForms, secretSource, variableNames } from "./environments.ts";
import { fargateSize } from "./fargate-size.ts";
import { healthCheckTiming } from "./health-check-timing.ts";
import { hostedZones, matchedCodes, redirects, ruleTwice, ruleValues, wildcards } from "./http-rules.ts";
import { imageSource } from "./image-source.ts";
import { gracePeriods, httpNeedsPort, httpOrNlb, ports, targetContainers } from "./load-balancers.ts";
import { connectAlias, networkLimits } from "./network.ts";
import { nlbAlias, nlbNoEffect, nlbPorts } from "./nlb.ts";
import { armLimits, platformPair, windowsLimits } from "./platform.ts";
import { filterPolicies } from "./filter-policy.ts";
import { topics } from "./publish.ts";
import { queues, subscriptions } from "./subscribe.ts";
import { jobSchedule } from "./schedule.ts";
import {
  appRunnerImage,
  appRunnerName,
  appRunnerPlatform,
  appRunnerCount,
  appRunnerSize,
  appRunnerSubnets,
  appRunnerTags,
  appRunnerVariables,
} from "./app-runner.ts";
import type { ReadManifest, ReadRequestDriven, ReadStaticSite, Rule, RuleContext } from "./rule.ts";
import { siteCertificate, siteFiles } from "./static-site.ts";
import { mountPoints, volumes } from "./storage.ts";
import { overrideFunctions, taskDefinitionSize } from "./task-definition.ts";
import { workloadName } from "./workload-name.ts";

/** Of everything that runs as tasks of ECS. */
const taskRules: readonly Rule[] = [
  workloadName,
  imageSource,
  httpOrNlb,
  httpNeedsPort,
  targetContainers,
  ports,
  gracePeriods,
  healthCheckTiming,
  ruleValues,
  ruleTwice,
  wildcards,
  hostedZones,
  matchedCodes,
  redirects,
  nlbPorts,
  nlbAlias,
  nlbNoEffect,
  fargateSize,
  platformPair,
  windowsLimits,
  armLimits,
  scaling,
  scalingRange,
  queueDelay,
  cooldown,
  jobCount,
  jobSchedule,
  variableNames,
  reservedVariables,
  secretNames,
  secretSource,
  secretForms,
  sidecarNames,
  containerCount,
  dependencies,
  containerHealthCheck,
  volumes,
  mountPoints,
  connectAlias,
  networkLimits,
  topics,
  subscriptions,
  queues,
  filterPolicies,
  rollbackAlarms,
  taskDefinitionSize,
  overrideFunctions,
];

const requestDrivenRules: readonly Rule<ReadRequestDriven>[] = [
  appRunnerName,
  workloadName,
  imageSource,
  appRunnerImage,
  appRunnerCount,
  appRunnerSize,
  appRunnerPlatform,
  variableNames,
  reservedVariables,
  secretNames,
  secretSource,
  secretForms,
  appRunnerVariables,
  appRunnerSubnets,
  topics,
  appRunnerTags,
];

const staticSiteRules: readonly Rule<ReadStaticSite>[] = [workloadName, siteCertificate, siteFiles];

/** The rules of each type. */
export const workloadRules = {
  "Load Balanced Web Service": taskRules,
  "Backend Service": taskRules,
  "Worker Service": taskRules,
  "Scheduled Job": taskRules,
  "Request-Driven Web Service": requestDrivenRules,
  "Static Site": staticSiteRules,
};

/** Asks the rules about a manifest, each one whose fields could be read; answers what could be read. */
export function applyRules<Manifest = ReadManifest>(
  rules: readonly Rule<Manifest>[],
  placed: PlacedMap,
  context: RuleContext,
  problems: Problems,
): Manifest {
  const manifest = valueOf(placed) as Manifest;
  const hasBroken = holdsBroken(placed, []);
  for (const { code, reads, check } of rules) {
    if (hasBroken && reads.some((field) => cannotBeRead(placed, field))) continue;
    const report = (field: string | Path, message: string, details = {}) =>
      problems.add(placeOf(placed, steps(field)), code, message, steps(field), details);
    check(manifest, report, context);
  }
  return manifest;
}

function cannotBeRead(placed: PlacedMap, field: string): boolean {
  const path = steps(field.replace(/\/\*\*$/, ""));
  return isBroken(placed, path) || (field.endsWith("/**") && holdsBroken(placed, path));
}

function steps(field: string | Path): Path {
  return typeof field === "string" ? field.split(".") : field;
}
