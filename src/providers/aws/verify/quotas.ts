import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeAccountLimitsCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { Check } from "../../account/verify.ts";
import { fail, checked, ok, skip } from "./check.ts";
import type { Place } from "./place.ts";

/** Codes of Service Quotas, and classes of the metric of what is in use. Sources: General Reference, "Amazon ECS endpoints
 *  and quotas"; ECS Developer Guide, "AWS Fargate usage metrics". */
const fargate = {
  onDemand: { code: "L-3032A538", name: "Fargate On-Demand vCPU resource count", metricClass: "Standard/OnDemand" },
  spot: { code: "L-36FBB829", name: "Fargate Spot vCPU resource count", metricClass: "Standard/Spot" },
};

const minute = 60_000;

/** There is room for the tasks of a deploy, and for the rules of a first one. */
export async function checkQuotas(place: Place, now: Date): Promise<Check[]> {
  const { needs } = place.request;
  return Promise.all([
    ...(needs.fargate === undefined ? [] : [vcpus(needs.fargate, place, now)]),
    ...(needs.rules > 0 && needs.loadBalancer !== undefined && place.workload === undefined ? [rules(place)] : []),
  ]);
}

async function vcpus(
  needed: { first: number; again: number; spot: boolean },
  { there, workload }: Place,
  now: Date,
): Promise<Check> {
  const { code, name, metricClass } = needed.spot ? fargate.spot : fargate.onDemand;
  return checked(name, async () => {
    const get = new GetServiceQuotaCommand({ ServiceCode: "fargate", QuotaCode: code });
    const quota = await there
      .client(ServiceQuotasClient)
      .send(get)
      .then(({ Quota }) => Quota?.Value, unknownQuota);
    if (quota === undefined) return skip(name, "Service Quotas does not tell it");
    const dimensions = { Service: "Fargate", Type: "Resource", Resource: "vCPU", Class: metricClass };
    const { Datapoints = [] } = await there.client(CloudWatchClient).send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/Usage",
        MetricName: "ResourceCount",
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        StartTime: new Date(now.getTime() - 15 * minute),
        EndTime: now,
        Period: 300,
        Statistics: ["Maximum"],
      }),
    );
    const used = Math.max(0, ...Datapoints.map(({ Maximum = 0 }) => Maximum));
    const added = workload === undefined ? needed.first : needed.again;
    const said = `${used} of ${quota} vCPUs are in use, and a deploy adds ${added}`;
    return used + added <= quota
      ? ok(name, said)
      : fail(
          name,
          said,
          `aws service-quotas request-service-quota-increase --service-code fargate --quota-code ${code} --desired-value ${Math.ceil(used + added)}`,
        );
  });
}

async function rules({ there, environment, request: { needs } }: Place): Promise<Check> {
  const name = "rules of the load balancer";
  return checked(name, async () => {
    const outputs =
      needs.loadBalancer === "public"
        ? ["HTTPListenerArn", "HTTPSListenerArn"]
        : ["InternalHTTPListenerArn", "InternalHTTPSListenerArn"];
    const listeners = outputs.flatMap((output) => environment?.outputs[output] ?? []);
    if (listeners.length === 0) return skip(name, "it is made when the deploy updates the environment");
    const client = there.client(ElasticLoadBalancingV2Client);
    const [{ Limits = [] }, { Listeners = [] }] = await Promise.all([
      client.send(new DescribeAccountLimitsCommand({})),
      client.send(new DescribeListenersCommand({ ListenerArns: listeners })),
    ]);
    const limit = Limits.find((each) => each.Name === "rules-per-application-load-balancer")?.Max;
    const all = Listeners.map(({ ListenerArn }) => client.send(new DescribeRulesCommand({ ListenerArn })));
    const used = (await Promise.all(all)).flatMap(({ Rules = [] }) =>
      Rules.filter(({ IsDefault }) => IsDefault !== true),
    ).length;
    if (limit === undefined) return skip(name, "Elastic Load Balancing does not tell its limit");
    const added = needs.rules * listeners.length;
    const said = `${used} of ${limit} are there, and the deploy adds ${added}`;
    return used + added <= Number(limit)
      ? ok(name, said)
      : fail(name, said, "aws service-quotas list-service-quotas --service-code elasticloadbalancing");
  });
}

function unknownQuota(error: unknown): undefined {
  if (error instanceof Error && error.name === "NoSuchResourceException") return undefined;
  throw error;
}
