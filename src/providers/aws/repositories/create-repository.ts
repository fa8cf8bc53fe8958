import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  LifecyclePolicyNotFoundException,
  PutImageScanningConfigurationCommand,
  PutLifecyclePolicyCommand,
  RepositoryAlreadyExistsException,
  SetRepositoryPolicyCommand,
} from "@aws-sdk/client-ecr";
import type { Repository, RepositoryToCreate } from "../../account/repositories.ts";
import type { AwsSession } from "../session.ts";
import { readRepository } from "./read-repository.ts";

/** Makes a workload's repository with the name, tags and rights that the application's stack set gives one, and sets it
 *  up. */
export async function createRepository(
  session: AwsSession,
  { app, workload, accounts, tags }: RepositoryToCreate,
): Promise<Repository> {
  const ecr = session.client(ECRClient);
  const repositoryName = `${app}/${workload}`;
  const all = { ...tags, "copilot-application": app, "copilot-service": workload };
  try {
    const { repository = {} } = await ecr.send(
      new CreateRepositoryCommand({
        repositoryName,
        tags: Object.entries(all).map(([Key, Value]) => ({ Key, Value })),
        imageScanningConfiguration: { scanOnPush: true },
      }),
    );
    const created = readRepository(repository, session.region);
    const policyText = JSON.stringify(pushAndPull(session.partition, [created.registryId, ...accounts]));
    await Promise.all([
      ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText })),
      ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText })),
    ]);
    return created;
  } catch (error) {
    if (!(error instanceof RepositoryAlreadyExistsException)) throw error;
    const { repositories: [found = {}] = [] } = await ecr.send(
      new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }),
    );
    return readRepository(found, session.region);
  }
}

/** Says through ECR what the stack set's template does not: Copilot, which may write that template again, would take it
 *  away. */
export async function setUpRepository(session: AwsSession, { name }: Repository): Promise<void> {
  const ecr = session.client(ECRClient);
  try {
    await ecr.send(new GetLifecyclePolicyCommand({ repositoryName: name }));
    return;
  } catch (error) {
    if (!(error instanceof LifecyclePolicyNotFoundException)) throw error;
  }
  await Promise.all([
    ecr.send(new PutLifecyclePolicyCommand({ repositoryName: name, lifecyclePolicyText })),
    ecr.send(
      new PutImageScanningConfigurationCommand({
        repositoryName: name,
        imageScanningConfiguration: { scanOnPush: true },
      }),
    ),
  ]);
}

/** An image that lost its tag to a newer one may still be what a service runs, or what it is rolled back to; so the last
 *  hundred of them are kept, whatever their age. What has a tag is never removed. */
const lifecyclePolicyText = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: "Keep the last 100 images without a tag",
      selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 100 },
      action: { type: "expire" },
    },
  ],
});

function pushAndPull(partition: string, accounts: readonly string[]) {
  const actions = ["GetDownloadUrlForLayer", "BatchGetImage", "BatchCheckLayerAvailability", "PutImage"]
    .concat(["InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload"])
    .map((action) => `ecr:${action}`);
  const roots = [...new Set(accounts)].map((account) => `arn:${partition}:iam::${account}:root`);
  return {
    Version: "2012-10-17",
    Statement: [{ Sid: "AllowPushPull", Effect: "Allow", Principal: { AWS: roots }, Action: actions }],
  };
}
