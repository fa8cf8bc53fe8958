import { setTimeout as sleep } from "node:timers/promises";
import {
  BatchGetRepositoryScanningConfigurationCommand,
  DescribeImageScanFindingsCommand,
  ECRClient,
  ScanNotFoundException,
  type DescribeImageScanFindingsCommandOutput,
} from "@aws-sdk/client-ecr";
import { UserError } from "../../../errors.ts";
import type { Repository, ScanSummary } from "../../account/repositories.ts";
import type { AwsSession } from "../session.ts";

const [shortestDelay, longestDelay] = [250, 5_000];

/** Reads what a basic or an enhanced scan has found. A scan that has not begun is waited for only where the repository's
 *  images are scanned when they are pushed: by its own setting, or by a rule of its registry. */
export async function scanFindings(
  session: AwsSession,
  { name, registryId }: Repository,
  digest: string,
  { waitMs, signal }: { waitMs: number; signal: AbortSignal },
): Promise<ScanSummary> {
  const ecr = session.client(ECRClient);
  const end = Date.now() + waitMs;
  let isScanned: boolean | undefined;
  for (let delay = shortestDelay; ; delay = Math.min(2 * delay, longestDelay)) {
    let summary: ScanSummary | undefined;
    try {
      summary = summaryOf(
        await ecr.send(
          new DescribeImageScanFindingsCommand({
            registryId,
            repositoryName: name,
            imageId: { imageDigest: digest },
            maxResults: 1,
          }),
        ),
      );
    } catch (error) {
      if (!(error instanceof ScanNotFoundException)) throw error;
      isScanned ??= await scansOnPush(ecr, name);
      if (!isScanned) return { status: "off" };
    }
    if (summary !== undefined) return summary;
    if (Date.now() + delay > end) return { status: "pending" };
    try {
      await sleep(delay, undefined, { signal });
    } catch {
      throw new UserError("interrupted", "interrupted", { exitCode: 130 });
    }
  }
}

/** Undefined while the scan goes on. Enhanced scanning ends in ACTIVE, since it looks at the image again later. */
function summaryOf({
  imageScanStatus: { status, description } = {},
  imageScanFindings,
}: DescribeImageScanFindingsCommandOutput): ScanSummary | undefined {
  if (status === "IN_PROGRESS" || status === "PENDING") return undefined;
  if (status === "COMPLETE" || status === "ACTIVE")
    return { status: "complete", findings: imageScanFindings?.findingSeverityCounts ?? {} };
  return { status: "failed", ...(description !== undefined && { reason: description }) };
}

/** What a repository's own setting and the rules of its registry come to. */
async function scansOnPush(ecr: ECRClient, name: string): Promise<boolean> {
  const { scanningConfigurations: [scanning] = [] } = await ecr.send(
    new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames: [name] }),
  );
  return scanning !== undefined && (scanning.scanOnPush === true || scanning.scanFrequency !== "MANUAL");
}
