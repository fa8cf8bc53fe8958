import { createHash } from "node:crypto";
import { artifactKeys } from "../../plan/artifact-keys.ts";
import type { EnvFilePlan } from "../../plan/workload-plan.ts";

/** Where environment files go, as Copilot names them: a bucket of the application, and in the key the hash of what is in
 *  the file, so that each deployment keeps what it was started with and a changed file is a change.
 *  @param contents by container
 *  @returns ARNs by container, and contents by ARN */
export function uploads(
  app: string,
  files: readonly EnvFilePlan[],
  contents: Readonly<Record<string, string>> = {},
): { arns: Record<string, string>; objects: Record<string, string> } {
  const arns: Record<string, string> = {};
  const objects: Record<string, string> = {};
  for (const { container, path } of files) {
    const text = contents[container];
    if (text === undefined) throw new Error(`the environment file of container ${container} was not read`);
    const hash = createHash("sha256").update(text).digest("hex");
    const arn = `arn:aws:s3:::${app}-artifacts/${artifactKeys.envFile(path, hash)}`;
    arns[container] = arn;
    objects[arn] = text;
  }
  return { arns, objects };
}
