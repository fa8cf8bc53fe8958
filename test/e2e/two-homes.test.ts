import { expect, test } from "vitest";
import { ownerOf } from "../support/end-simulator.ts";
import { simulatorHome } from "../support/simulator-home.ts";
import { deployJson, endOfDeploy } from "../support/deploy-json.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { leftBehind } from "../support/docker.ts";
import { runCli } from "../support/run-cli.ts";
import { pageServer, serviceFolder } from "../support/service-folder.ts";

const manifest = "image: { build: Dockerfile, port: 8080 }\nhttp: { path: /, deregistration_delay: 1s }\n";

describeWithEngine("two daemons with two homes on one Engine", () => {
  test("do not see each other: each serves its own, and the end of one leaves the other as it is", async () => {
    const service = await serviceFolder("web", pageServer("here"), manifest);
    const other = await serviceFolder("web", pageServer("there"), manifest);
    const [home, otherHome] = [await simulatorHome(), await simulatorHome()];
    const deploy = async (folder: string, where: string) =>
      endOfDeploy(await deployJson(["svc", "deploy", "-n", "web", "-e", "local"], { cwd: folder, home: where }));
    const here = await deploy(service.folder, home);
    const there = await deploy(other.folder, otherHome);
    const page = async (url: string | undefined) => (await fetch(url as string)).text();
    expect([await page(here.status.urls[0]), await page(there.status.urls[0])]).toEqual(["here", "there"]);

    const listed = await runCli(["local", "status", "--json"], { cwd: service.folder, home });
    expect((JSON.parse(listed.stdout) as { services: unknown[] }).services).toHaveLength(1);

    const before = await leftBehind(ownerOf(otherHome) as string);
    const reset = await runCli(["local", "reset", "--yes"], { cwd: service.folder, home });
    expect(reset.code).toBe(0);
    expect(await leftBehind(ownerOf(otherHome) as string)).toEqual(before);
    expect(await page(there.status.urls[0])).toBe("there");
  });
});
