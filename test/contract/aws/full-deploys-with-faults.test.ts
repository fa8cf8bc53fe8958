import { afterAll, expect, test } from "vitest";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { allFaults, type Fault, faults } from "../../support/aws/faults.ts";
import { fullDeploy, shop, type ShopWorkload, shopWorkloads, typedInTurn } from "../../support/aws/full-deploy.ts";
import { inventory } from "../../support/aws/inventory.ts";
import { folderWith } from "../../support/files.ts";

/** `PILOTFISH_RUNS=50` looks at more, and prints what came of them. */
const runs = Number(process.env["PILOTFISH_RUNS"] ?? 6);
const seed = Number(process.env["PILOTFISH_SEED"] ?? 1) || Date.now();

/** Each fault in turn, before and after calls have taken effect. Denials and answers that cannot be read end a command early;
 *  so every second time there are few of them, which come late. */
function planOf(run: number) {
  const fault = allFaults[run % allFaults.length] as Fault;
  const round = Math.floor(run / allFaults.length);
  const endsCommands = fault === "denied" || fault === "malformed";
  return {
    fault,
    when: round % 2 === 0 ? ("after" as const) : ("before" as const),
    share: endsCommands && round % 2 === 0 ? 0.02 : 0.3,
    workload: shopWorkloads[(run + round) % shopWorkloads.length] as ShopWorkload,
  };
}

/** From nothing to a workload that runs, on an account where calls fail; then once more where none does. */
describeWithAws("full deploys while calls fail", (aws) => {
  const clean = new Map<ShopWorkload, Promise<Record<string, string[]>>>();
  const ends = new Map<Fault, { deploys: number; done: number; calls: number; failed: number; codes: string[] }>();
  afterAll(() => {
    if (process.env["PILOTFISH_RUNS"] === undefined) return;
    for (const [fault, { deploys, done, calls, failed, codes }] of ends)
      process.stderr.write(
        `${fault}: of ${deploys} deploys ${done} were done, ${codes.length} ended with an error` +
          `${codes.length > 0 ? ` (${[...new Set(codes)].join(", ")})` : ""}; ${failed} of ${calls} calls failed\n`,
      );
  });

  /** What the account holds when nothing fails. */
  async function expected(workload: ShopWorkload): Promise<Record<string, string[]>> {
    const deployed = async () => {
      await aws.reset();
      await aws.hurry();
      const end = await typedInTurn(fullDeploy([workload]), await folderWith(shop));
      expect(end).toMatchObject({ exitCode: 0 });
      return inventory(aws);
    };
    const known = clean.get(workload) ?? deployed();
    clean.set(workload, known);
    return known;
  }

  test.for(Array.from({ length: runs }, (_, run) => ({ run, ...planOf(run) })))(
    "$run: $workload with $fault in $share of all calls, $when their effect",
    { timeout: 90_000 },
    async ({ run, fault, workload, when, share }) => {
      const wanted = await expected(workload);
      await aws.reset();
      await aws.hurry();
      const cwd = await folderWith(shop);
      const layer = faults({ seed: seed * 1000 + run, share, kinds: [fault], when, slowMs: 3 });
      let failing = true;
      aws.use((call, pass) => (failing ? layer(call, pass) : pass()));
      const lines = fullDeploy([workload]);

      const end = await typedInTurn(lines, cwd);
      const so = ends.get(fault) ?? { deploys: 0, done: 0, calls: 0, failed: 0, codes: [] };
      ends.set(fault, so);
      so.deploys++;
      so.calls += aws.calls.length;
      so.failed += layer.injected.length;
      if (end.exitCode === 0) so.done++;
      else so.codes.push(end.said.code ?? "none");
      const told = JSON.stringify({ end, injected: layer.injected.slice(-5) }, null, 2);
      if (share === 0.3) expect(layer.injected, told).not.toEqual([]);
      if (end.exitCode !== 0) {
        expect(end.said, told).toMatchObject({
          type: "error",
          code: expect.stringMatching(/^[a-z-]+\/[a-z-]+$/),
          message: expect.any(String),
          hint: expect.any(String),
        });
        expect(end.stderr, told).not.toMatch(/\n +at /);
      }

      failing = false;
      const left = lines.slice(lines.indexOf(end.line));
      expect(await typedInTurn(left, cwd), told).toMatchObject({ exitCode: 0 });
      expect(await inventory(aws), told).toEqual(wanted);
    },
  );
});
