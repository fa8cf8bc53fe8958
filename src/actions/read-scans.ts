import type { Repositories, Repository, ScanSummary } from "../providers/account/repositories.ts";
import { sideBySide } from "./side-by-side.ts";

/** What the registry has found in an image. `workload` stands with it when there are several. */
export interface ScanEvent {
  type: "scan-finished";
  workload?: string;
  container: string;
  scan: ScanSummary;
  /** What shows all of it. */
  command?: string;
}

/** An image that has just been pushed. */
export interface ImageToScan {
  workload?: string;
  container: string;
  repository: Repository;
  digest: string;
}

/** Tells what the scans of images have found, waiting for all of them together at most `waitMs` milliseconds. A deploy is
 *  not to wait for it, so this is asked when the deploy has ended. What cannot be read is told as not known; nothing is told
 *  any more when the signal aborts. Neither is an error. */
export async function* readScans(
  images: readonly ImageToScan[],
  {
    repositories,
    waitMs,
    signal,
  }: { repositories: Pick<Repositories, "scanFindings">; waitMs: number; signal: AbortSignal },
): AsyncGenerator<ScanEvent, void, void> {
  const work = images.map(
    ({ repository, digest, ...image }) =>
      async (tell: (event: ScanEvent) => void, both: AbortSignal): Promise<void> => {
        const scan = await repositories
          .scanFindings(repository, digest, { waitMs, signal: both })
          .catch((error: unknown): ScanSummary => ({
            status: "failed",
            reason: error instanceof Error ? error.message : String(error),
          }));
        if (both.aborted) return;
        const command = scan.status === "off" ? {} : { command: findingsCommand(repository, digest) };
        tell({ type: "scan-finished", ...image, scan, ...command });
      },
  );
  yield* sideBySide(work, signal);
}

function findingsCommand({ name, region }: Repository, digest: string): string {
  return `aws ecr describe-image-scan-findings --region ${region} --repository-name ${name} --image-id imageDigest=${digest}`;
}
