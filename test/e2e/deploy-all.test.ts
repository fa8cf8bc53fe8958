import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { runCli } from "../support/run-cli.ts";
import { removeImages, serviceFolder } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";

const backend = (name: string, needs: string, more = "") =>
  `name: ${name}\ntype: Backend Service\nimage: { build: Dockerfile }\nvariables: { NEEDS: "${needs}" }\n${more}`;
const waiting = { command: ["/bin/sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1; done"] };

describeWithEngine("deploy", () => {
  test("three services in the order of their needs; the middle one fails, the first stays, the last is not tried", async () => {
    const first = await serviceFolder("zdb", waiting, "image: { build: Dockerfile }\n", "Backend Service");
    const others = ["api", "mid"].map((name) => join(dirname(first.repository), name));
    onTestFinished(() => Promise.all(others.map(removeImages)).then(() => undefined));
    const home = await simulatorHome();
    for (const [name, needs, more] of [
      ["api", "http://mid", ""],
      ["mid", "zdb:5432", "command: sh -c 'echo no database; exit 3'\n"],
    ] as const) {
      await mkdir(join(first.folder, "copilot", name));
      await writeFile(join(first.folder, "copilot", name, "manifest.yml"), backend(name, needs, more));
    }
    const place = { cwd: first.folder, home };
    const failing = await runCli(["deploy", "-e", "local", "--json"], place);
    const last = JSON.parse(failing.stdout.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
    expect([failing.code, last["outcome"], last["deployed"], last["failed"], last["notTried"]]).toEqual([
      1,
      "failed",
      ["zdb"],
      "mid",
      ["api"],
    ]);
    const { stdout } = await runCli(["svc", "status", "-n", "zdb", "-e", "local"], place);
    expect(stdout).toMatch(/^zdb of .* 1 running, 0 pending$/m);
    await writeFile(join(first.folder, "copilot/mid/manifest.yml"), backend("mid", "zdb:5432"));
    const good = await runCli(["deploy", "-e", "local"], place);
    expect([good.code, good.stderr.match(/^deployed: .*$/m)?.[0]], good.stderr).toEqual([0, "deployed: zdb, mid, api"]);
  });
});
