import { describe, expect, test } from "vitest";
import { simulatorHome } from "../support/simulator-home.ts";
import { deployJson, endOfDeploy } from "../support/deploy-json.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { docker } from "../support/docker.ts";
import { startLoad } from "../support/load.ts";
import { runCli } from "../support/run-cli.ts";
import { pageServer, serviceFolder, type ServiceFolder } from "../support/service-folder.ts";

const manifest = `
image: { build: Dockerfile, port: 8080 }
http:
  path: /
  deregistration_delay: 5s
  healthcheck: { interval: 5s, timeout: 2s, grace_period: 5s }
`;

const listeningOn = (address: string) => ({
  ...pageServer("broken"),
  command: ["/bin/sh", "-c", `echo starting; trap 'exit 0' TERM; httpd -f -p ${address} -h /www & wait`],
});

interface Broken {
  name: string;
  change: (service: ServiceFolder) => Promise<void>;
  stopCode: string;
  reason: RegExp;
  hint: RegExp;
  lastLogs?: string[];
}

const broken: Broken[] = [
  {
    name: "that exits at once",
    change: (service) => service.write({ command: ["/bin/sh", "-c", "echo no database; exit 7"], port: 8080 }),
    stopCode: "EssentialContainerExited",
    reason: /^Essential container in task exited$/,
    hint: /^pilotfish svc logs -n web -e local --previous$/,
    lastLogs: ["no database"],
  },
  {
    name: "that is never healthy",
    change: (service) => service.write({ ...pageServer("broken"), files: { "/www/other.html": "not at /" } }),
    stopCode: "ServiceSchedulerInitiated",
    reason: /^Task failed ELB health checks in \(target-group /,
    hint: /^GET \/ answered 404, 200 is wanted: set http\.healthcheck\.path/,
  },
  {
    name: "that listens on the wrong port",
    change: (service) => service.write(listeningOn("9000")),
    stopCode: "ServiceSchedulerInitiated",
    reason: /^Task failed ELB health checks in \(target-group /,
    hint: /^nothing listens on port 8080; the program listens on .*:9000: make image\.port and the program agree$/,
    lastLogs: ["starting"],
  },
  {
    name: "that listens on 127.0.0.1 inside its container",
    change: (service) => service.write(listeningOn("127.0.0.1:8080")),
    stopCode: "ServiceSchedulerInitiated",
    reason: /^Task failed ELB health checks in \(target-group /,
    hint: /^the program listens on 127\.0\.0\.1:8080 only, .*: make it listen on 0\.0\.0\.0:8080$/,
    lastLogs: ["starting"],
  },
  {
    name: "whose image is missing",
    change: (service) =>
      service.manifest(manifest.replace("build: Dockerfile", "location: 127.0.0.1:9/nobody/nothing:1")),
    stopCode: "TaskFailedToStart",
    reason: /^CannotPullContainerError: /,
    hint: /^docker pull 127\.0\.0\.1:9\/nobody\/nothing:1 /,
  },
];

describeWithEngine("a broken version", () => {
  describe.each(broken)("$name", ({ change, stopCode, reason, hint, lastLogs }) => {
    test("fails with its cause, while the old version never stops serving and serves afterwards", async () => {
      const service = await serviceFolder("web", pageServer("good"), manifest);
      const home = await simulatorHome();
      const options = { cwd: service.folder, home };
      const first = endOfDeploy(await deployJson(["svc", "deploy", "-n", "web", "-e", "local"], options));
      const url = first.status.urls[0] as string;

      const load = startLoad({ url, connections: 4, pauseMs: 10 });
      await change(service);
      const deploy = await deployJson(["svc", "deploy", "-n", "web", "-e", "local"], options);
      const report = await load.stop();

      const result = endOfDeploy(deploy);
      expect(deploy.code).toBe(1);
      expect(result.outcome).toBe("failed");
      expect(result.rolledBackTo).toEqual({ deploymentId: first.deploymentId, revision: 1 });
      expect(result.firstFailure).toMatchObject({
        stopCode,
        reason: expect.stringMatching(reason) as string,
        ...(lastLogs && { lastLogs }),
      });
      expect(result.hint).toMatch(hint);
      const stopped = deploy.events.findIndex(({ type }) => type === "task-stopped");
      expect(stopped).toBeGreaterThan(0);
      expect(stopped).toBeLessThan(deploy.events.length - 1);
      expect([report.failures, Object.keys(report.bodies)]).toEqual([[], ["good"]]);
      expect(await (await fetch(url)).text()).toBe("good");
    });
  });

  test("under an unchanged tag is rolled back to the old program all the same", async () => {
    const service = await serviceFolder("web", pageServer("good"), manifest);
    const home = await simulatorHome();
    const options = { cwd: service.folder, home };
    const first = endOfDeploy(
      await deployJson(["svc", "deploy", "-n", "web", "-e", "local", "--tag", "same"], options),
    );
    await service.write({ ...pageServer("bad"), command: ["/bin/sh", "-c", "exit 1"] });
    const second = await deployJson(["svc", "deploy", "-n", "web", "-e", "local", "--tag", "same"], options);
    expect([second.code, endOfDeploy(second).outcome]).toEqual([1, "failed"]);

    // The tag names the broken image now; a task that is replaced must still run the good one.
    const { tasks } = endOfDeploy(second).status;
    const running = tasks.find(({ deploymentId }) => deploymentId === first.deploymentId);
    await docker("kill", running?.containers[0]?.runtimeId as string);
    await expect
      .poll(async () => fetch(first.status.urls[0] as string).then((answer) => answer.text(), String), {
        timeout: 60_000,
      })
      .toBe("good");
  });

  test("shows on the screen what a person needs", async () => {
    const service = await serviceFolder("web", listeningOn("127.0.0.1:8080"), manifest);
    const home = await simulatorHome();
    const { code, stdout, stderr } = await runCli(["svc", "deploy", "-n", "web", "-e", "local"], {
      cwd: service.folder,
      home,
    });
    expect(code).toBe(1);
    const said = `${stdout}${stderr}`;
    for (const part of [
      "ServiceSchedulerInitiated",
      "Task failed ELB health checks",
      "starting",
      "make it listen on 0.0.0.0:8080",
    ])
      expect(said).toContain(part);
  });

  test("as the first one leaves nothing running, and a good one after it needs no clean-up", async () => {
    const service = await serviceFolder("web", { command: ["/bin/sh", "-c", "exit 1"], port: 8080 }, manifest);
    const home = await simulatorHome();
    const options = { cwd: service.folder, home };
    const failed = await deployJson(["svc", "deploy", "-n", "web", "-e", "local"], options);
    expect([failed.code, endOfDeploy(failed).outcome, endOfDeploy(failed).status.runningCount]).toEqual([
      1,
      "failed",
      0,
    ]);
    await service.write(pageServer("good"));
    const good = await deployJson(["svc", "deploy", "-n", "web", "-e", "local"], options);
    expect([good.code, endOfDeploy(good).outcome]).toEqual([0, "completed"]);
    expect(await (await fetch(endOfDeploy(good).status.urls[0] as string)).text()).toBe("good");
  });
});
