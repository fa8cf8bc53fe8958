import { and, equals, namedCondition, not, ref } from "../intrinsics.ts";
import type { Value } from "../template.ts";

/** What is there only for the workloads that need it. */

export const createAlb = "CreateALB";
export const createInternalAlb = "CreateInternalALB";
export const delegateDns = "DelegateDNS";
export const exportHttpsListener = "ExportHTTPSListener";
export const exportInternalHttpsListener = "ExportInternalHTTPSListener";
export const createEfs = "CreateEFS";
export const createNatGateways = "CreateNATGateways";
export const createAppRunnerEndpoint = "CreateAppRunnerVPCEndpoint";

const isGiven = (parameter: string) => not(equals(ref(parameter), ""));

export const conditions: Record<string, Value> = {
  [createAlb]: isGiven("ALBWorkloads"),
  [createInternalAlb]: isGiven("InternalALBWorkloads"),
  [delegateDns]: isGiven("AppDNSName"),
  [exportHttpsListener]: and(namedCondition(createAlb), equals(ref("CreateHTTPSListener"), true)),
  [exportInternalHttpsListener]: and(
    namedCondition(createInternalAlb),
    equals(ref("CreateInternalHTTPSListener"), true),
  ),
  [createEfs]: isGiven("EFSWorkloads"),
  [createNatGateways]: isGiven("NATWorkloads"),
  [createAppRunnerEndpoint]: isGiven("AppRunnerPrivateWorkloads"),
  ManagedAliases: and(namedCondition(delegateDns), isGiven("Aliases"), namedCondition(createAlb)),
};
