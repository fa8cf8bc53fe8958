import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { lint, type LintFinding, missingCfnLint } from "../support/cfn-lint.ts";
import { copilotTemplate, referenceCases } from "../support/reference-cases.ts";
import { renderedTemplates } from "../support/rendered-templates.ts";

const name = "cfn-lint";
describe.skipIf(missingCfnLint !== undefined)(missingCfnLint ? `${name} (skipped: ${missingCfnLint})` : name, () => {
  let own: Findings;
  let ofCases: Findings;
  let copilots: Findings;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), "pf-cfn-lint-"));
    try {
      const found = await lint(await writeAll(folder));
      const from = (start: string) => byTemplate(found.filter(({ file }) => file.startsWith(start)));
      own = new Map([...from("samples:"), ...from("variants:")]);
      ofCases = from("cases:");
      copilots = from("copilot:");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  /** Each has its reason:
   *  - `${Partition}` is filled in by the state machine, which cfn-lint does not know of;
   *  - the internal HTTPS listener is made where certificates are imported only, which its condition says;
   *  - an environment without public subnets has no public load balancer as long as nothing asks for one. */
  test("finds no errors in samples and variants, but for these", () => {
    expect(kindsIn(own, "E")).toMatchInlineSnapshot(`
      {
        "E3601 Resources.StateMachine.Properties.DefinitionString.States.Run Fargate Task.Resource: 'arn:\${Partition}:states:::ecs:runTask.sync' has not the right form": "more than three templates",
        "E3676 Resources.InternalHTTPSListener.Properties: 'Certificates' is a required property": "more than three templates",
        "E3680 Resources.PublicLoadBalancer.Properties.Subnets: expected minimum item count: 2, found: 0": "variants/environment-imported",
      }
    `);
  });

  /** Parameters and conditions that nothing uses are Copilot's, whose stacks hold values for them; the same goes for
   *  dependencies that are said twice, policies of deletion, and names of actions that IAM does not have (any more).
   *  Outputs of addons are read without asking for them, which is Copilot's way: it gives their address with each update.
   *  CloudFront's certificate has an empty default, which counts only where the application has no domain. */
  test("warns of these in samples and variants", () => {
    expect(kindsIn(own, "W")).toMatchInlineSnapshot(`
      {
        "W1001 Resources.InstanceRole.Properties.ManagedPolicyArns[]: GetAtt to resource 'AddonsStack' that may not be available when condition 'HasAddons' is False": "variants/run-imported, variants/run-prod, variants/run-test",
        "W1001 Resources.Service.Properties.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups[]: GetAtt to resource 'AddonsStack' that may not be available when condition 'HasAddons' is False": "more than three templates",
        "W1001 Resources.TaskDefinition.Properties.ContainerDefinitions[].Environment[].Value: GetAtt to resource 'AddonsStack' that may not be available when condition 'HasAddons' is False": "more than three templates",
        "W1001 Resources.TaskDefinition.Properties.ContainerDefinitions[].Secrets[].ValueFrom: GetAtt to resource 'AddonsStack' that may not be available when condition 'HasAddons' is False": "more than three templates",
        "W1001 Resources.TaskRole.Properties.ManagedPolicyArns[]: GetAtt to resource 'AddonsStack' that may not be available when condition 'HasAddons' is False": "more than three templates",
        "W1030 Parameters.DNSDelegationRoleName.Default: {'Ref': 'DNSDelegationRoleName'} has not the right form": "variants/shop-infrastructure-roles.stack.yml",
        "W1030 Resources.CloudFrontDistribution.Properties.DistributionConfig.ViewerCertificate.Fn::If[].AcmCertificateArn.Ref: {'Ref': 'CDNCertificateARN'} is not a 'AWS::ACM::Certificate.Arn'": "variants/environment-own, variants/environment-test",
        "W1030 Resources.DNSDelegationRole.Properties.RoleName.Ref: {'Ref': 'DNSDelegationRoleName'} is shorter than 1 when 'Ref' is resolved": "variants/shop-infrastructure-roles.stack.yml",
        "W2001 Parameters.App: Parameter App not used.": "variants/run-imported.addons",
        "W2001 Parameters.AppDNSDelegatedAccounts: Parameter AppDNSDelegatedAccounts not used.": "variants/shop-infrastructure-roles.stack.yml",
        "W2001 Parameters.ArtifactKeyARN: Parameter ArtifactKeyARN not used.": "more than three templates",
        "W2001 Parameters.ContainerPort: Parameter ContainerPort not used.": "more than three templates",
        "W2001 Parameters.Env: Parameter Env not used.": "variants/run-imported.addons",
        "W2001 Parameters.HTTPSEnabled: Parameter HTTPSEnabled not used.": "more than three templates",
        "W2001 Parameters.NLBAliases: Parameter NLBAliases not used.": "samples/load-balanced-web-service/hello-prod, variants/web-own, variants/web-plain",
        "W2001 Parameters.NLBPort: Parameter NLBPort not used.": "samples/load-balanced-web-service/hello-prod, variants/web-own, variants/web-plain",
        "W2001 Parameters.Name: Parameter Name not used.": "variants/run-imported.addons",
        "W2001 Parameters.RulePath: Parameter RulePath not used.": "more than three templates",
        "W2001 Parameters.Schedule: Parameter Schedule not used.": "samples/scheduled-job/report-test, variants/tidy-plain",
        "W2001 Parameters.TargetContainer: Parameter TargetContainer not used.": "more than three templates",
        "W2001 Parameters.TaskCount: Parameter TaskCount not used.": "more than three templates",
        "W3005 Resources.BuildProjectPolicy.DependsOn: 'BuildProjectRole' dependency already enforced by a 'Ref'": "more than three templates",
        "W3005 Resources.ELBAccessLogsBucketPolicy.DependsOn: 'ELBAccessLogsBucket' dependency already enforced by a 'Ref'": "variants/environment-prod, variants/environment-test",
        "W3005 Resources.EnvironmentManagerRole.DependsOn: 'CloudformationExecutionRole' dependency already enforced by a 'GetAtt'": "more than three templates",
        "W3005 Resources.Pipeline.DependsOn[]: 'PipelineRole' dependency already enforced by a 'GetAtt'": "more than three templates",
        "W3005 Resources.PipelineBuiltArtifactBucketPolicy.DependsOn: 'PipelineBuiltArtifactBucket' dependency already enforced by a 'GetAtt'": "variants/shop-infrastructure.stackset.yml",
        "W3005 Resources.PipelineBuiltArtifactBucketPolicy.DependsOn: 'PipelineBuiltArtifactBucket' dependency already enforced by a 'Ref'": "variants/shop-infrastructure.stackset.yml",
        "W3005 Resources.TaskDefinition.DependsOn: 'LogGroup' dependency already enforced by a 'Ref'": "more than three templates",
        "W3005 Resources.…SNSTopicPolicy.DependsOn: '…SNSTopic' dependency already enforced by a 'Ref'": "more than three templates",
        "W3010 Resources.PrivateSubnet.Properties.AvailabilityZone: Avoid hardcoding availability zones": "samples/environment/environment-test, variants/environment-own",
        "W3010 Resources.PublicSubnet.Properties.AvailabilityZone: Avoid hardcoding availability zones": "samples/environment/environment-test, variants/environment-own",
        "W3011 Resources.CloudformationExecutionRole: Both 'UpdateReplacePolicy' and 'DeletionPolicy' are needed to protect resource from deletion": "more than three templates",
        "W3011 Resources.EnvironmentManagerRole: Both 'UpdateReplacePolicy' and 'DeletionPolicy' are needed to protect resource from deletion": "more than three templates",
        "W3037 Resources.EnvironmentManagerRole.Properties.Policies[].PolicyDocument.Statement[].Action: 'emptybucket' is not known": "variants/environment-prod, variants/environment-test",
        "W3037 Resources.EnvironmentManagerRole.Properties.Policies[].PolicyDocument.Statement[].Action: 'headbucket' is not known": "more than three templates",
        "W3037 Resources.EnvironmentManagerRole.Properties.Policies[].PolicyDocument.Statement[].Action: 'listbucketbytags' is not known": "more than three templates",
        "W3037 Resources.PipelineRolePolicy.Properties.PolicyDocument.Statement[].Action: 'getuploadarchivetos3status' is not known": "samples/pipeline/pipeline-release, variants/pipeline-bitbucket",
        "W3037 Resources.PipelineRolePolicy.Properties.PolicyDocument.Statement[].Action: 'passedtoservice' is not known": "samples/pipeline/pipeline-release, variants/pipeline-bitbucket",
        "W3037 Resources.PipelineRolePolicy.Properties.PolicyDocument.Statement[].Action: 'startuploadarchivetos3' is not known": "samples/pipeline/pipeline-release, variants/pipeline-bitbucket",
        "W3045 Resources.Bucket.Properties.AccessControl: 'AccessControl' is a legacy property. Consider using 'AWS::S3::BucketPolicy' instead": "samples/static-site/docs-test, variants/site-prod, variants/site-test",
        "W3687 Resources.EnvironmentSecurityGroup.Properties.SecurityGroupEgress[].FromPort: ['FromPort', 'ToPort'] are ignored when using 'IpProtocol' value -1": "samples/environment/environment-test",
        "W8001 Conditions.CreateAppRunnerVPCEndpoint: Condition CreateAppRunnerVPCEndpoint not used": "samples/environment/environment-shared, variants/environment-imported",
        "W8001 Conditions.CreateNATGateways: Condition CreateNATGateways not used": "samples/environment/environment-shared, variants/environment-imported",
        "W8001 Conditions.HasAssociatedDomain: Condition HasAssociatedDomain not used": "more than three templates",
        "W8001 Conditions.HasHealthCheckHealthyThreshold: Condition HasHealthCheckHealthyThreshold not used": "variants/run-imported, variants/run-prod",
        "W8001 Conditions.HasHealthCheckInterval: Condition HasHealthCheckInterval not used": "variants/run-imported, variants/run-prod",
        "W8001 Conditions.HasHealthCheckPath: Condition HasHealthCheckPath not used": "variants/run-imported, variants/run-prod",
        "W8001 Conditions.HasHealthCheckTimeout: Condition HasHealthCheckTimeout not used": "variants/run-imported, variants/run-prod",
        "W8001 Conditions.HasHealthCheckUnhealthyThreshold: Condition HasHealthCheckUnhealthyThreshold not used": "variants/run-imported, variants/run-prod",
        "W8001 Conditions.IsGovCloud: Condition IsGovCloud not used": "more than three templates",
        "W8001 Conditions.ManagedAliases: Condition ManagedAliases not used": "more than three templates",
      }
    `);
  });

  describe.skipIf(referenceCases.length === 0)("of reference cases", () => {
    const compared = (keep: (shared: boolean) => boolean): Findings =>
      new Map(
        [...ofCases].map(([id, kinds]) => [
          id,
          kinds.filter((kind) => keep(copilots.get(id.replace("cases:", "copilot:"))?.includes(kind) ?? false)),
        ]),
      );

    test("finds these errors in Copilot's own template of the same case, too", () => {
      expect(
        kindsIn(
          compared((shared) => shared),
          "E",
        ),
      ).toMatchInlineSnapshot(`
        {
          "E1154 Resources.Service.Properties.NetworkConfiguration.AwsvpcConfiguration.Subnets[]: 'subnet-0aaa' is not a 'AWS::EC2::Subnet.Id'": "cases/lbws-grpc-rpc-test",
          "E1154 Resources.Service.Properties.NetworkConfiguration.AwsvpcConfiguration.Subnets[]: 'subnet-0bbb' is not a 'AWS::EC2::Subnet.Id'": "cases/lbws-grpc-rpc-test",
          "E3601 Resources.StateMachine.Properties.DefinitionString.States.Run Fargate Task.Resource: 'arn:\${Partition}:states:::ecs:runTask.sync' has not the right form": "more than three templates",
          "E3676 Resources.InternalHTTPSListener.Properties: 'Certificates' is a required property": "more than three templates",
        }
      `);
    });

    /** What only a custom resource used, which we do not render, is not used by anything. */
    test("finds these in ours alone", () => {
      expect(
        kindsIn(
          compared((shared) => !shared),
          "",
        ),
      ).toMatchInlineSnapshot(`
        {
          "W1030 Resources.CloudFrontDistribution.Properties.DistributionConfig.ViewerCertificate.Fn::If[].AcmCertificateArn.Ref: {'Ref': 'CDNCertificateARN'} is not a 'AWS::ACM::Certificate.Arn'": "cases/env-cdn-and-logs",
          "W2001 Parameters.ArtifactKeyARN: Parameter ArtifactKeyARN not used.": "cases/static-everything-pages-test, cases/static-site",
          "W8001 Conditions.HasAssociatedDomain: Condition HasAssociatedDomain not used": "cases/lbws-nlb-game-test",
          "W8001 Conditions.ManagedAliases: Condition ManagedAliases not used": "more than three templates",
        }
      `);
    });
  });
});

/** Kinds of findings, by template. */
type Findings = ReadonlyMap<string, string[]>;

/** Ours with their addons, and Copilot's of the reference cases. @returns the files */
async function writeAll(folder: string): Promise<string[]> {
  const rendered = await renderedTemplates();
  const addons = new Map(
    rendered.flatMap(({ name: each, stack }) => (stack.addons ? [[stack.addons.text, each]] : [])),
  );
  const texts = [
    ...rendered.map(({ name: each, stack }) => [each, stack.text] as const),
    ...[...addons].map(([text, each]) => [`${each}.addons`, text] as const),
  ];
  const ours = texts.map(async ([each, text]) => {
    const file = join(folder, `${each.replaceAll("/", ":")}.yml`);
    await writeFile(file, text);
    return file;
  });
  const copilots = referenceCases.map(async (each) => {
    const file = join(folder, `copilot:${each.id}.yml`);
    await symlink(copilotTemplate(each), file);
    return file;
  });
  return Promise.all([...ours, ...copilots]);
}

function byTemplate(findings: readonly LintFinding[]): Findings {
  const found = new Map<string, string[]>();
  for (const finding of findings) found.set(finding.file, [...(found.get(finding.file) ?? []), kindOf(finding)]);
  return found;
}

/** Findings of one kind are one: indices, numbers and the names that manifests give are left out. */
function kindOf({ rule, message, path }: LintFinding): string {
  const place = path
    .map((step) =>
      typeof step === "number" ? "[]" : `.${step.replace(/\w+SNSTopic/, "…SNSTopic").replace(/\d$/, "")}`,
    )
    .join("")
    .slice(1);
  const said = message
    .replace(/ at '?(Resources|States)\/.*$/s, "")
    .replace(/ is not one of \[.*$/s, " is not known")
    .replace(/ with pattern '.*$/s, "")
    .replace(/ does not match '.*$/s, " has not the right form")
    .replace(/'\w+SNSTopic'/, "'…SNSTopic'")
    .replace(/value '-1'$/, "value -1")
    .replace(/ '[a-z]{2}-[a-z]+-\d[a-z]'$/, "");
  return `${rule} ${place}: ${said}`;
}

/** Each kind, and where it is found: by name when in three templates at most. */
function kindsIn(findings: Findings, level: "E" | "W" | ""): Record<string, string> {
  const kinds = new Map<string, Set<string>>();
  for (const [template, found] of findings)
    for (const kind of found.filter((each) => each.startsWith(level)))
      kinds.set(kind, (kinds.get(kind) ?? new Set()).add(template.replaceAll(":", "/")));
  return Object.fromEntries(
    [...kinds]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, where]) => [kind, where.size > 3 ? "more than three templates" : [...where].toSorted().join(", ")]),
  );
}
