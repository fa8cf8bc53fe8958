import type { EnvironmentPlan } from "../../plan/environment-plan.ts";
import { getAtt, ifCondition, ref } from "../intrinsics.ts";
import type { Resource, Resources, Value } from "../template.ts";
import { accessLogAttributes, ownLogBucketPolicy } from "./access-logs.ts";
import { createAlb, createInternalAlb, exportHttpsListener, exportInternalHttpsListener } from "./conditions.ts";
import { privateSubnets, publicSubnets, vpcId } from "./network-values.ts";

/** The parameter with the certificate of the application's domain. */
export const certificateParameter = "HTTPSCertificateARN";

/** Whether the HTTPS listener stands on the certificate of the application's domain. */
export function takesDomainCertificate(plan: EnvironmentPlan): boolean {
  return plan.publicLoadBalancer.certificates.length === 0;
}

/** The load balancers that services of the environment share, with their listeners. */
export function loadBalancers(plan: EnvironmentPlan): Resources {
  const { publicLoadBalancer: open, internalLoadBalancer: internal } = plan;
  const [first = ref(certificateParameter), ...more] = open.certificates;
  const [internalFirst, ...internalMore] = internal.certificates;
  return {
    PublicLoadBalancer: publicLoadBalancer(plan),
    DefaultHTTPTargetGroup: emptyTargetGroup(plan, createAlb),
    HTTPListener: listener("public", createAlb, {}),
    HTTPSListener: listener("public", exportHttpsListener, { certificate: first, sslPolicy: open.sslPolicy }),
    ...furtherCertificates("HTTPSImportCertificate", "HTTPSListener", exportHttpsListener, more),
    InternalLoadBalancer: {
      Metadata: { "aws:copilot:description": "A load balancer for traffic within the network" },
      Condition: createInternalAlb,
      Type: "AWS::ElasticLoadBalancingV2::LoadBalancer",
      Properties: {
        Scheme: "internal",
        SecurityGroups: [getAtt("InternalLoadBalancerSecurityGroup.GroupId")],
        Subnets: internal.subnets.length > 0 ? internal.subnets : privateSubnets(plan),
        Type: "application",
      },
    },
    DefaultInternalHTTPTargetGroup: emptyTargetGroup(plan, createInternalAlb),
    InternalHTTPListener: listener("internal", createInternalAlb, {}),
    InternalHTTPSListener: listener("internal", exportInternalHttpsListener, {
      certificate: internalFirst,
      sslPolicy: internal.sslPolicy,
    }),
    ...furtherCertificates(
      "InternalHTTPSImportCertificate",
      "InternalHTTPSListener",
      exportInternalHttpsListener,
      internalMore,
    ),
  };
}

function publicLoadBalancer(plan: EnvironmentPlan): Resource {
  const logPolicy = ownLogBucketPolicy(plan);
  return {
    Metadata: { "aws:copilot:description": "A load balancer for traffic from the internet" },
    Condition: createAlb,
    ...(logPolicy !== undefined && { DependsOn: logPolicy }),
    Type: "AWS::ElasticLoadBalancingV2::LoadBalancer",
    Properties: {
      LoadBalancerAttributes: accessLogAttributes(plan),
      Scheme: "internet-facing",
      SecurityGroups: [
        getAtt("PublicHTTPLoadBalancerSecurityGroup.GroupId"),
        ifCondition(exportHttpsListener, getAtt("PublicHTTPSLoadBalancerSecurityGroup.GroupId")),
      ],
      Subnets: publicSubnets(plan),
      Type: "application",
    },
  };
}

/** Listeners need a target group before there is any service. */
function emptyTargetGroup(plan: EnvironmentPlan, condition: string): Resource {
  return {
    Type: "AWS::ElasticLoadBalancingV2::TargetGroup",
    Condition: condition,
    Properties: {
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
      HealthCheckTimeoutSeconds: 5,
      Port: 80,
      Protocol: "HTTP",
      TargetGroupAttributes: [{ Key: "deregistration_delay.timeout_seconds", Value: 60 }],
      TargetType: "ip",
      VpcId: vpcId(plan),
    },
  };
}

function listener(
  loadBalancer: "public" | "internal",
  condition: string,
  { certificate, sslPolicy }: { certificate?: Value; sslPolicy?: string },
): Resource {
  const isSecure = condition === exportHttpsListener || condition === exportInternalHttpsListener;
  const protocol = isSecure ? "HTTPS" : "HTTP";
  const internal = loadBalancer === "internal";
  return {
    Metadata: {
      "aws:copilot:description": `Takes ${protocol} requests for the ${internal ? "internal" : "public"} load balancer`,
    },
    Type: "AWS::ElasticLoadBalancingV2::Listener",
    Condition: condition,
    Properties: {
      ...(certificate !== undefined && { Certificates: [{ CertificateArn: certificate }] }),
      DefaultActions: [
        {
          TargetGroupArn: ref(internal ? "DefaultInternalHTTPTargetGroup" : "DefaultHTTPTargetGroup"),
          Type: "forward",
        },
      ],
      LoadBalancerArn: ref(internal ? "InternalLoadBalancer" : "PublicLoadBalancer"),
      Port: isSecure ? 443 : 80,
      Protocol: protocol,
      ...(sslPolicy !== undefined && { SslPolicy: sslPolicy }),
    },
  };
}

/** A listener itself takes one certificate; the others are numbered from 2. */
function furtherCertificates(id: string, of: string, condition: string, arns: readonly string[]): Resources {
  return Object.fromEntries(
    arns.map((arn, i): [string, Resource] => [
      `${id}${i + 2}`,
      {
        Type: "AWS::ElasticLoadBalancingV2::ListenerCertificate",
        Condition: condition,
        Properties: { ListenerArn: ref(of), Certificates: [{ CertificateArn: arn }] },
      },
    ]),
  );
}
