import type { Resource, Resources, Template } from "../template.ts";
import { addonsStack } from "./addons.ts";
import { accessLogBucket, accessLogMappings } from "./access-logs.ts";
import { appRunnerEndpoint } from "./app-runner-endpoint.ts";
import { cdn, cdnAliasesGiven, hasCdnAliases, takesAliases } from "./cdn.ts";
import { cluster } from "./cluster.ts";
import { conditions } from "./conditions.ts";
import { deployingRoles } from "./deploying-roles.ts";
import { dns } from "./dns.ts";
import { fileSystem } from "./efs.ts";
import type { EnvironmentInput } from "./environment-input.ts";
import { environmentParameters } from "./environment-parameters.ts";
import { loadBalancers } from "./load-balancers.ts";
import { flowLogs, logResourcePolicy } from "./logs.ts";
import { outputs } from "./outputs.ts";
import { executionRole, managerRole } from "./roles.ts";
import { securityGroups } from "./security-groups.ts";
import { vpc } from "./vpc.ts";

/** The stack of an environment, with Copilot's logical IDs, parameters, conditions, exports and outputs. */
export function environmentTemplate(input: EnvironmentInput): Template {
  const { plan } = input;
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "CloudFormation environment template for infrastructure shared among Copilot workloads.",
    Metadata: { Version: templateVersion, ...(input.manifest !== "" && { Manifest: input.manifest }) },
    Parameters: environmentParameters(input),
    ...accessLogMappings(plan),
    Conditions: { ...conditions, ...(takesAliases(input) && { [hasCdnAliases]: cdnAliasesGiven }) },
    Resources: present({
      CloudformationExecutionRole: executionRole(),
      EnvironmentManagerRole: managerRole(input),
      ...deployingRoles(input),
      ...accessLogBucket(input),
      ...cdn(input),
      ...vpc(plan),
      Cluster: cluster(plan),
      ...securityGroups(input),
      ...loadBalancers(plan),
      ...fileSystem(plan),
      ...dns(plan),
      ...appRunnerEndpoint(plan),
      ...flowLogs(plan),
      AddonsStack: input.addons && addonsStack(input.addons),
      LogResourcePolicy: logResourcePolicy(),
    }),
    Outputs: outputs(input),
  };
}

/** The version of Copilot's template that this one stands for. */
const templateVersion = "v1.34.1";

function present(resources: Resources): Record<string, Resource> {
  return Object.fromEntries(
    Object.entries(resources).filter((entry): entry is [string, Resource] => entry[1] !== undefined),
  );
}
