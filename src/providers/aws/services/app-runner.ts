import {
  AppRunnerClient,
  DescribeServiceCommand,
  DescribeVpcIngressConnectionCommand,
  type Service,
} from "@aws-sdk/client-apprunner";
import type { DeployedWorkload } from "../../provider.ts";
import type { FoundWorkload } from "./find-workload.ts";

export interface AppRunnerService {
  service: Service;
  urls: string[];
}

/** A service of App Runner, and where it answers: a private one at the name of its connection from the VPC. */
export async function describeAppRunner(
  { session, resources }: FoundWorkload,
  arn: string,
): Promise<AppRunnerService | undefined> {
  const client = session.client(AppRunnerClient);
  const ingress = Object.values(resources).find(({ type }) => type === "AWS::AppRunner::VpcIngressConnection");
  const [{ Service: service }, connection] = await Promise.all([
    client.send(new DescribeServiceCommand({ ServiceArn: arn })),
    ingress && client.send(new DescribeVpcIngressConnectionCommand({ VpcIngressConnectionArn: ingress.physicalId })),
  ]);
  if (service === undefined || service.Status === "DELETED") return undefined;
  const host = connection?.VpcIngressConnection?.DomainName ?? service.ServiceUrl;
  return { service, urls: host === undefined ? [] : [`https://${host}`] };
}

/** As a task definition, so that it is shown as other workloads are. */
export function asTaskDefinition(name: string, service: Service): DeployedWorkload["taskDefinition"] {
  const { SourceConfiguration: source, InstanceConfiguration: instance } = service;
  const { ImageIdentifier: image, ImageConfiguration: settings } = source?.ImageRepository ?? {};
  const { Port: port, RuntimeEnvironmentVariables: variables, RuntimeEnvironmentSecrets: secrets } = settings ?? {};
  return {
    family: service.ServiceName,
    cpu: instance?.Cpu,
    memory: instance?.Memory,
    containerDefinitions: [
      {
        name,
        image,
        environment: Object.entries(variables ?? {}).map(([key, value]) => ({ name: key, value })),
        secrets: Object.entries(secrets ?? {}).map(([key, valueFrom]) => ({ name: key, valueFrom })),
        ...(port !== undefined && { portMappings: [{ containerPort: Number(port) }] }),
      },
    ],
  } as DeployedWorkload["taskDefinition"];
}
