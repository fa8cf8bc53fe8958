import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openWorkspace } from "../../src/actions/open-workspace.ts";
import { packageWorkload } from "../../src/actions/package-workload.ts";
import type { StackFacts } from "../../src/actions/read-facts.ts";
import { writeLargeWorkspace } from "./large-workspace.ts";
import { atMost, median, type Row } from "./row.ts";
import { benchCommand } from "./start-up.ts";

const services = 100;
const turns = 5;

const facts: StackFacts = {
  account: "123456789012",
  region: "eu-west-1",
  partition: "aws",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
  domain: "example.com",
};

/** `svc package --facts` as people run it, against Node doing nothing; and what a service of a workspace takes as the
 *  workspace grows. The latter is measured within one process that is warm: in a process for each service, as a pipeline
 *  has them, the start of Node would hide what grows. */
export async function benchPackaging(root: string, home: string): Promise<Row[]> {
  const folders = { few: join(home, "workspace-few"), all: join(home, "workspace-all") };
  mkdirSync(home, { recursive: true });
  const file = join(home, "facts.json");
  writeFileSync(file, JSON.stringify(facts));
  writeLargeWorkspace(folders.few, services / 10, root);
  writeLargeWorkspace(folders.all, services, root);
  try {
    const sample = join(root, "manifests/load-balanced-web-service");
    const once = benchCommand(["svc", "package", "-n", "hello", "-e", "test", "--facts", file], sample, home);
    return [
      atMost(3, { name: "pilotfish svc package --facts, wall time", value: once, unit: "times node -e 0" }),
      atMost(1.2, {
        name: "package 100 services, a service's time",
        value: await growth(folders),
        unit: "times that among 10",
      }),
    ];
  } finally {
    for (const folder of Object.values(folders)) rmSync(folder, { recursive: true, force: true });
    rmSync(file, { force: true });
  }
}

/** A service's share of the time for all, against its share among few; in turn, as often as the same number of services
 *  takes. */
async function growth({ few, all }: { few: string; all: string }): Promise<number> {
  await packageAll(all);
  const ratios: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    let amongFew = 0;
    for (let again = 0; again < 10; again += 1) amongFew += await packageAll(few);
    ratios.push((await packageAll(all)) / amongFew);
  }
  return median(ratios);
}

/** Packages every service of a workspace, one after the other. @returns milliseconds */
async function packageAll(folder: string): Promise<number> {
  const start = performance.now();
  const workspace = await openWorkspace(folder);
  for (const name of await workspace.listWorkloads())
    await packageWorkload({ workspace, name, env: "prod", facts, variables: {} });
  return performance.now() - start;
}
