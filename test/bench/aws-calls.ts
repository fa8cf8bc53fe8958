import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { AwsEmulator } from "../support/aws/emulator.ts";
import { fullDeploy, shop, typed, typedInTurn } from "../support/aws/full-deploy.ts";
import { missingForAws } from "../support/aws/missing-for-aws.ts";
import { atMost, notMeasured, type Row } from "./row.ts";

const names = {
  unchanged: "AWS calls of svc deploy without a change",
  image: "AWS calls of svc deploy with another image",
};

/** What deploying a Load Balanced Web Service again, one that runs, asks of AWS; counted on the wire, from the start of the
 *  command to its end, with following the deployment of a new image until it has completed. */
export async function benchAwsCalls(): Promise<Row[]> {
  if (missingForAws !== undefined)
    return Object.values(names).map((name) => notMeasured(name, "calls", missingForAws ?? ""));
  const cwd = mkdtempSync(join(tmpdir(), "pf-bench-aws-"));
  const aws = new AwsEmulator();
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text);
  };
  const finished = async (ending: ReturnType<typeof typed>) => {
    const { exitCode, said } = await ending;
    if (exitCode !== 0) throw new Error(`the deploy failed: ${said.code} ${said.message}`);
  };
  const count = async () => {
    aws.calls.length = 0;
    await finished(typed("svc deploy -n front -e test --aws", cwd));
    return aws.calls.length;
  };
  try {
    await aws.start();
    aws.takeEnvironment();
    for (const [file, text] of Object.entries(shop)) write(file, text);
    await finished(typedInTurn(fullDeploy(["front"]), cwd));
    const unchanged = await count();
    const manifest = "copilot/front/manifest.yml";
    write(manifest, shop[manifest].replace("front:1", "front:2"));
    const image = await count();
    return [
      atMost(15, { name: names.unchanged, value: unchanged, unit: "calls" }),
      atMost(30, { name: names.image, value: image, unit: "calls" }),
    ];
  } finally {
    await aws.end();
    rmSync(cwd, { recursive: true, force: true });
  }
}
