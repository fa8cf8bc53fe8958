import type { StackFacts } from "../../../cloudformation/facts.ts";
import { stackName } from "../../../plan/names.ts";
import type { FactsRequest, GatheredFacts } from "../../account/facts.ts";
import type { StackDescription, StackPlace, StackResourceDescription } from "../../account/stacks.ts";
import { partitionOf } from "../partition.ts";
import type { AwsSession } from "../session.ts";
import { certificateFacts, hidesEnvironmentCertificates, hidesWorkloadCertificates } from "./certificates.ts";
import { deployedStacks } from "./deployed-stacks.ts";
import { hasCome, isHalfDone } from "../stacks/stack-status.ts";
import type { FactsTools } from "./facts-tools.ts";
import { applicationNotFound, environmentNotDeployed, environmentNotFound, withoutBucket } from "./not-found.ts";
import { ofEnvironmentRecord, ofRecord } from "./of-record.ts";
import type { PrioritiesToFind } from "./rule-priorities.ts";

type Resources = Readonly<Record<string, StackResourceDescription>>;

/** What AWS knows of an environment, and of a workload's stack in it. What can be asked at once is. */
export async function environmentFacts(request: FactsRequest, tools: FactsTools): Promise<GatheredFacts> {
  const { app, env, workload, withTemplates = false } = request;
  const { session, records, stacks } = tools;
  const { application, environment, workload: registered } = await records.named({ app, env, workload });
  if (application === undefined) throw await applicationNotFound(app, tools);
  if (environment === undefined) throw await environmentNotFound(app, env, tools);
  const { region, accountID: account, managerRoleARN: managerRoleArn } = environment;
  const where: StackPlace = { region, managerRoleArn };
  const inEnvironment = session.as(managerRoleArn, region);

  const [{ [region]: artifacts }, environmentStack, workloadStack, loadBalancers, prefixList] = await Promise.all([
    tools.artifacts(app, region),
    stacks.describe(`${app}-${env}`, where),
    workload === undefined ? undefined : stacks.describe(stackName(app, env, workload), where),
    loadBalancersOf(request, inEnvironment),
    // The manager role may not ask for it; in all accounts it is the same.
    request.cloudFrontPrefixList ? cloudFrontPrefixList(session.inRegion(region)) : undefined,
  ]);
  if (artifacts === undefined) throw withoutBucket(app, region, env);
  if (workload !== undefined && environmentStack?.outputs["ClusterId"] === undefined) throw environmentNotDeployed(env);

  // What is left of a creation that failed says nothing: its rules are gone, and their priorities may be others' by now.
  const deployed = workloadStack !== undefined && hasCome(workloadStack.status) ? workloadStack : undefined;
  const resourcesOf = async (stack: StackDescription | undefined, wanted: boolean): Promise<Resources> =>
    stack === undefined || !wanted ? {} : stacks.resources(stack.name, where);
  const [ofEnvironment, ofWorkload, subnets] = await Promise.all([
    resourcesOf(
      environmentStack,
      workload === undefined &&
        environmentStack !== undefined &&
        (withTemplates || hidesEnvironmentCertificates(environmentStack)),
    ),
    resourcesOf(
      deployed,
      deployed !== undefined &&
        (withTemplates || hidesWorkloadCertificates(deployed) || hidesPriorities(request, deployed)),
    ),
    subnetsOf(request, environmentStack, inEnvironment),
  ]);
  const priorities = await prioritiesOf(
    request,
    {
      domain: application.domain,
      environment: environmentStack?.outputs ?? {},
      loadBalancers,
      deployed: deployed === undefined || isHalfDone(deployed.status) ? {} : deployed.parameters,
      resources: ofWorkload,
    },
    inEnvironment,
  );
  const lastForceDeployId = environmentStack?.outputs["LastForceDeployID"];
  const facts: StackFacts = {
    account,
    region,
    partition: partitionOf(region),
    artifacts,
    ...(application.account !== account && { applicationAccount: application.account }),
    ...ofRecord(application),
    environments: { [env]: ofEnvironmentRecord(environment) },
    ...(environmentStack && { environmentParameters: environmentStack.parameters }),
    ...(lastForceDeployId !== undefined && { lastForceDeployId }),
    ...(deployed && { workloadParameters: deployed.parameters }),
    ...(Object.keys(loadBalancers).length > 0 && { loadBalancers }),
    ...(Object.keys(priorities).length > 0 && { rulePriorities: priorities }),
    ...certificateFacts(
      { stack: environmentStack, resources: ofEnvironment },
      { stack: deployed, resources: ofWorkload },
    ),
    ...(prefixList !== undefined && { cloudFrontPrefixListId: prefixList }),
    ...(subnets && { placementSubnets: subnets }),
  };
  const gathered = {
    application,
    environment,
    ...(registered && { workload: registered }),
    ...(environmentStack && { environmentStack }),
    ...(workloadStack && { workloadStack }),
  };
  if (!withTemplates) return { facts, ...gathered };
  const both = [
    { stack: environmentStack, where, resources: ofEnvironment },
    { stack: deployed, where, resources: ofWorkload },
  ];
  return { facts: { ...facts, stacks: await deployedStacks(both, stacks) }, ...gathered };
}

/** Priorities that Copilot's functions chose are in no parameter. */
function hidesPriorities({ rules }: FactsRequest, { parameters, status }: StackDescription): boolean {
  if (rules === undefined) return false;
  return isHalfDone(status) || !Object.keys(parameters).some((name) => /^HTTP.*Priority\d*$/.test(name));
}

/** What needs another client of the SDK is loaded where it is asked for. */

async function loadBalancersOf({ loadBalancers = [] }: FactsRequest, session: AwsSession) {
  if (loadBalancers.length === 0) return {};
  const { loadBalancersNamed } = await import("./load-balancers.ts");
  return loadBalancersNamed(loadBalancers, session);
}

async function cloudFrontPrefixList(session: AwsSession) {
  const { cloudFrontPrefixListId } = await import("./network.ts");
  return cloudFrontPrefixListId(session);
}

async function subnetsOf({ subnetTags }: FactsRequest, environment: StackDescription | undefined, session: AwsSession) {
  if (subnetTags === undefined) return undefined;
  const { subnetsWithTags } = await import("./network.ts");
  return subnetsWithTags(subnetTags, environment?.outputs["VpcId"], session);
}

async function prioritiesOf(
  { rules }: FactsRequest,
  known: Omit<PrioritiesToFind, "rules">,
  session: AwsSession,
): Promise<Record<string, number>> {
  if (rules === undefined) return {};
  const { rulePriorities } = await import("./rule-priorities.ts");
  return rulePriorities({ rules, ...known }, session);
}
