import { expect, test } from "vitest";
import { deployJson, endOfDeploy } from "../support/deploy-json.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { runCli } from "../support/run-cli.ts";
import { pageServer, serviceFolder } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";

const manifest = "image: { build: Dockerfile, port: 8080 }\nhttp: { path: /, deregistration_delay: 1s }\n";

describeWithEngine("a simulator that was started without an Engine", () => {
  test("runs real containers from the first deploy that finds one", async () => {
    const service = await serviceFolder("web", pageServer("a real page"), manifest);
    const options = { cwd: service.folder, home: await simulatorHome() };
    const runtime = async () => {
      const { stdout } = await runCli(["local", "status", "--json"], options);
      return (JSON.parse(stdout) as { runtime: string }).runtime;
    };
    const nowhere = { DOCKER_HOST: "unix:///nowhere/docker.sock" };
    const started = await runCli(["local", "start"], { ...options, env: nowhere });
    expect([started.code, await runtime()]).toEqual([
      0,
      "simulated (No Docker Engine answers at unix:///nowhere/docker.sock (DOCKER_HOST): there is no such socket)",
    ]);

    const result = endOfDeploy(await deployJson(["svc", "deploy", "-n", "web", "-e", "local"], options));
    expect(await runtime()).toMatch(/^docker \(Engine /);
    expect(await (await fetch(result.status.urls[0] as string)).text()).toBe("a real page");
  });

  test("keeps its simulated tasks while they are wanted", async () => {
    const service = await serviceFolder("web", pageServer("a real page"), manifest);
    const options = { cwd: service.folder, home: await simulatorHome() };
    const nowhere = { DOCKER_HOST: "unix:///nowhere/docker.sock" };
    const deploy = ["svc", "deploy", "-n", "web", "-e", "local"];
    const first = endOfDeploy(await deployJson(deploy, { ...options, env: nowhere }));
    const second = endOfDeploy(await deployJson(deploy, options));
    expect([first.outcome, second.outcome]).toEqual(["completed", "unchanged"]);
  });
});
