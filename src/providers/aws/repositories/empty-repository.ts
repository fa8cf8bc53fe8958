import {
  BatchDeleteImageCommand,
  ECRClient,
  type ImageIdentifier,
  paginateListImages,
  RepositoryNotFoundException,
} from "@aws-sdk/client-ecr";
import { UserError } from "../../../errors.ts";
import type { AwsSession } from "../session.ts";

/** ECR takes so many at once. */
const atOnce = 100;

/** As the contract says. What an index names cannot be deleted before the index, so it is tried as long as something goes. */
export async function emptyRepository(name: string, session: AwsSession): Promise<number> {
  const ecr = session.client(ECRClient);
  let deleted = 0;
  for (;;) {
    const digests = await digestsIn(name, ecr);
    if (digests.length === 0) return deleted;
    let gone = 0;
    let problem = "";
    for (let at = 0; at < digests.length; at += atOnce) {
      const imageIds = digests.slice(at, at + atOnce);
      const answer = await ecr.send(new BatchDeleteImageCommand({ repositoryName: name, imageIds }));
      const { failures = [] } = answer;
      const failed = new Set(failures.map(({ imageId }) => imageId?.imageDigest));
      gone += imageIds.length - failed.size;
      problem = failures[0]?.failureReason ?? problem;
    }
    deleted += gone;
    if (gone > 0) continue;
    throw new UserError("repository/not-emptied", `an image of the repository ${name} is not deleted: ${problem}`, {
      hint: `aws ecr list-images --repository-name ${name} --region ${session.region}`,
    });
  }
}

/** Each image once, however many tags it has. */
async function digestsIn(repositoryName: string, client: ECRClient): Promise<ImageIdentifier[]> {
  const digests = new Set<string>();
  try {
    for await (const { imageIds = [] } of paginateListImages({ client }, { repositoryName }))
      for (const { imageDigest } of imageIds) if (imageDigest !== undefined) digests.add(imageDigest);
  } catch (error) {
    if (!(error instanceof RepositoryNotFoundException)) throw error;
  }
  return [...digests].map((imageDigest) => ({ imageDigest }));
}
