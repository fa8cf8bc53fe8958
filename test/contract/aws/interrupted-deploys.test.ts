import { setTimeout as delay } from "node:timers/promises";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { fullDeploy, shop, type ShopWorkload, shopWorkloads, typedInTurn } from "../../support/aws/full-deploy.ts";
import { ImpatientHost } from "../../support/aws/impatient-host.ts";
import { inventory } from "../../support/aws/inventory.ts";
import { run } from "../../support/fake-host.ts";
import { folderWith } from "../../support/files.ts";
import { waitFor } from "../../support/wait-for.ts";

/** At so many calls, evenly spread over all that a full deploy makes; `PILOTFISH_RUNS=100` comes close to each. */
const runs = Number(process.env["PILOTFISH_RUNS"] ?? 5);

const changes = /:(Create|Update|Delete|Put|Execute|AddTags|Register)/;

describeWithAws("deploys that Ctrl-C ends", (aws) => {
  const clean = new Map<ShopWorkload, { calls: number; holds: Record<string, string[]> }>();

  async function expected(workload: ShopWorkload) {
    const known = clean.get(workload);
    if (known !== undefined) return known;
    await aws.reset();
    await aws.hurry();
    expect(await typedInTurn(fullDeploy([workload]), await folderWith(shop))).toMatchObject({ exitCode: 0 });
    const made = { calls: aws.calls.length, holds: await inventory(aws) };
    clean.set(workload, made);
    return made;
  }

  const locks = async () =>
    (await aws.client(SSMClient).send(new GetParametersByPathCommand({ Path: "/copilot/locks", Recursive: true })))
      .Parameters;

  test.for(Array.from({ length: runs }, (_, turn) => ({ turn, workload: shopWorkloads[turn % 3] as ShopWorkload })))(
    "Ctrl-C no. $turn on the way to $workload leaves no lock, and the next run finishes",
    { timeout: 90_000 },
    async ({ turn, workload }) => {
      const { calls, holds } = await expected(workload);
      await aws.reset();
      await aws.hurry();
      const at = Math.floor(((turn + 0.5) / runs) * calls);
      const cwd = await folderWith(shop);
      const lines = fullDeploy([workload]);
      let host = new ImpatientHost({ cwd });
      let seen = 0;
      let gone = false;
      aws.use(async (_, pass) => {
        // Who has left asks no more.
        if (gone) return "reset";
        const answer = await pass();
        if (++seen === at) host.interrupt();
        return answer;
      });

      let told = "";
      let left = lines;
      while (seen < at) {
        host = new ImpatientHost({ cwd });
        const before = aws.calls.length;
        told = await run((left[0] ?? "").split(" "), host);
        gone = seen >= at;
        const changed = aws.calls.slice(before).filter(({ name }) => changes.test(name));
        told += `\n${left[0]}: ${at} of ${calls} ${aws.calls.slice(before).at(-1)?.name}`;
        if (!gone) expect(told).toContain("exit code 0");
        else if (changed.length > 0) expect(told).toMatch(/pilotfish \w[^]*exit code (130|0)/);
        else expect(told).toMatch(/exit code (130|0)/);
        if (told.includes("exit code 0")) left = left.slice(1);
      }
      const quiet = async () => {
        const before = aws.calls.length;
        await delay(50);
        return aws.calls.length === before;
      };
      await waitFor("no more calls", quiet);
      gone = false;

      expect(await locks(), told).toEqual([]);
      expect(await typedInTurn(left, cwd), told).toMatchObject({ exitCode: 0 });
      expect(await inventory(aws), told).toEqual(holds);
    },
  );
});
