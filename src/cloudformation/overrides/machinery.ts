/** What Copilot's templates hold beside what they are for: functions behind custom resources, those resources themselves,
 *  and what serves no other end. Of them our templates have no more than some roles. */
const machinery = new Set(
  `BacklogPerTaskCalculatorFunction BacklogPerTaskCalculatorLogGroup BacklogPerTaskCalculatorRole BacklogPerTaskScheduledRule
  BucketCleanerFunction BucketCleanerRole CertificateReplicator CertificateReplicatorFunction CertificateReplicatorRole
  CertificateValidationFunction CertificateValidatorAction CertificateValidatorRole CopyAssetsStateMachine
  CopyAssetsStateMachineRole CustomDomainAction CustomDomainFunction CustomDomainRole CustomResourceRole DNSDelegationFunction
  DNSDelegationRole DelegateDNSAction DynamicDesiredCountAction DynamicDesiredCountFunction DynamicDesiredCountFunctionRole
  ELBAccessLogsBucketCleanerAction ELBAccessLogsBucketCleanerRole EnvControllerAction EnvControllerFunction
  EnvControllerRole HTTPRedirectRulePriorityAction HTTPRulePriorityAction HTTPRuleWithDomainPriorityAction HTTPSCert
  HTTPSRulePriorityAction NLBCertValidatorAction NLBCertValidatorFunction NLBCertValidatorRole NLBCustomDomainAction
  NLBCustomDomainFunction NLBCustomDomainRole PermissionToInvokeBacklogPerTaskCalculatorLambda RulePriorityFunction
  RulePriorityFunctionRole TriggerStateMachineAction TriggerStateMachineFunction TriggerStateMachineFunctionRole
  UniqueAliasesAction UniqueJSONValuesFunction UniqueJSONValuesFunctionRole`.split(/\s+/),
);

/** Whether a resource with this logical ID is a part of Copilot's own machinery. */
export function isMachinery(logicalId: string): boolean {
  return machinery.has(logicalId);
}
