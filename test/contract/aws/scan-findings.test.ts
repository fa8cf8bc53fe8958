import { CreateRepositoryCommand, ECRClient } from "@aws-sdk/client-ecr";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRepositories } from "../../../src/providers/aws/repositories.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";

const digest = `sha256:${"a".repeat(64)}`;

/** ECR's answers to DescribeImageScanFindings. Source: ECR API reference, ImageScanStatus, ImageScanFindings,
 *  EnhancedImageScanFinding, ScanNotFoundException. */
const answers = {
  "in progress": { imageScanStatus: { status: "IN_PROGRESS" } },
  basic: {
    imageScanStatus: { status: "COMPLETE" },
    imageScanFindings: { findingSeverityCounts: { CRITICAL: 2, LOW: 7 }, findings: [] },
  },
  enhanced: {
    imageScanStatus: { status: "ACTIVE", description: "Continuous scan is selected for image." },
    imageScanFindings: { findingSeverityCounts: { HIGH: 1 }, enhancedFindings: [] },
  },
  clean: { imageScanStatus: { status: "COMPLETE" }, imageScanFindings: {} },
  unsupported: {
    imageScanStatus: { status: "FAILED", description: "UnsupportedImageError: The operating system is not supported." },
  },
  none: { __type: "ScanNotFoundException", message: "Image scan does not exist for the image" },
};

describeWithAws("What a scan has found", (aws) => {
  let session: AwsSession;
  beforeEach(async () => {
    await aws.reset();
    session = new AwsSession({ region: "us-west-2" });
  });
  afterEach(() => session.close());

  async function scan(script: (keyof typeof answers)[], { scanOnPush = true, waitMs = 60_000 } = {}) {
    const ecr = session.client(ECRClient);
    const imageScanningConfiguration = { scanOnPush };
    await ecr.send(new CreateRepositoryCommand({ repositoryName: "shop/api", imageScanningConfiguration }));
    const left = [...script];
    aws.use(async (call, pass) => {
      const headers = { "content-type": "application/x-amz-json-1.1" };
      // The emulator's answer does not look at the repository's own setting.
      if (call.action === "BatchGetRepositoryScanningConfiguration") {
        const scanFrequency = scanOnPush ? "SCAN_ON_PUSH" : "MANUAL";
        const scanning = { repositoryName: "shop/api", scanOnPush, scanFrequency, appliedScanFilters: [] };
        const body = Buffer.from(JSON.stringify({ scanningConfigurations: [scanning], failures: [] }));
        return { status: 200, headers, body };
      }
      if (call.action !== "DescribeImageScanFindings") return pass();
      const answer = answers[(left.length > 1 ? left.shift() : left[0]) ?? "none"];
      return { status: "__type" in answer ? 400 : 200, headers, body: Buffer.from(JSON.stringify(answer)) };
    });
    const repositories = createRepositories(session);
    const { "shop/api": repository } = await repositories.find(["shop/api"], "us-west-2");
    if (repository === undefined) throw new Error("the repository is not found");
    const { signal } = new AbortController();
    return repositories.scanFindings(repository, digest, { waitMs, signal });
  }

  test.each([
    [["in progress", "basic"], { status: "complete", findings: { CRITICAL: 2, LOW: 7 } }],
    [["none", "in progress", "basic"], { status: "complete", findings: { CRITICAL: 2, LOW: 7 } }],
    [["enhanced"], { status: "complete", findings: { HIGH: 1 } }],
    [["clean"], { status: "complete", findings: {} }],
    [["unsupported"], { status: "failed", reason: "UnsupportedImageError: The operating system is not supported." }],
  ] as const)("%j is told as %j", async (script, summary) => {
    expect(await scan([...script])).toEqual(summary);
  });

  test("a scan that takes longer than is waited for is pending", async () => {
    expect(await scan(["in progress"], { waitMs: 300 })).toEqual({ status: "pending" });
  });

  test("where what is pushed is not scanned, nobody waits", async () => {
    expect(await scan(["none"], { scanOnPush: false })).toEqual({ status: "off" });
    expect(aws.calls.filter(({ action }) => action === "DescribeImageScanFindings")).toHaveLength(1);
  });
});
