import { expect, test } from "vitest";
import { endOfDeploy, deployJson } from "../support/deploy-json.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { simulatorHome } from "../support/simulator-home.ts";
import { startLoad } from "../support/load.ts";
import { runCli } from "../support/run-cli.ts";
import { pageServer, serviceFolder } from "../support/service-folder.ts";
import { waitFor } from "../support/wait-for.ts";
import type { WorkloadStatus } from "../../src/providers/provider.ts";

/** Takes two seconds; busybox's web server makes the file a program by its folder. */
const slow = { "/bin/slow": "#!/bin/sh\nsleep 2\nprintf 'Content-Type: text/plain\\r\\n\\r\\nslow'\n" };

describeWithEngine("a service under constant load", () => {
  test("loses no request while two versions are rolled out one after the other", { timeout: 240_000 }, async () => {
    const version = (page: string) => {
      const { files, ...rest } = pageServer(page);
      const script = slow["/bin/slow"];
      return {
        ...rest,
        files: { ...files, "/www/cgi-bin/slow": script },
        command: ["/bin/sh", "-c", `chmod +x /www/cgi-bin/slow; trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait`],
      };
    };
    const service = await serviceFolder(
      "web",
      version("one"),
      "image: { build: Dockerfile, port: 8080 }\nhttp: { path: / }\ncount: 2\n",
    );
    const home = await simulatorHome();
    const deploy = () => deployJson(["svc", "deploy", "-n", "web", "-e", "local"], { cwd: service.folder, home });
    const first = endOfDeploy(await deploy());
    const url = first.status.urls[0] as string;

    const load = startLoad({ url, connections: 64, path: (n) => (n % 20 === 0 ? "/cgi-bin/slow" : "/") });
    const began = Date.now();
    const failedOf: number[] = [];
    for (const page of ["two", "three"]) {
      await service.write(version(page));
      const result = endOfDeploy(await deploy());
      expect(result.outcome).toBe("completed");
      await waitFor(
        "the old tasks are gone",
        async () => {
          const { stdout } = await runCli(["svc", "status", "-n", "web", "-e", "local", "--json"], {
            cwd: service.folder,
            home,
          });
          const status = JSON.parse(stdout) as WorkloadStatus;
          return (
            status.tasks.length === 2 && status.tasks.every(({ deploymentId }) => deploymentId === result.deploymentId)
          );
        },
        { deadlineMs: 90_000 },
      );
      failedOf.push(load.report().failed);
    }
    await waitFor("30 s of load", () => Date.now() - began >= 30_000, { deadlineMs: 40_000 });
    const report = await load.stop();
    expect(report.failures).toEqual([]);
    expect(failedOf).toEqual([0, 0]);
    expect(Object.keys(report.bodies).toSorted()).toEqual(["one", "slow", "three", "two"]);
    expect(report.requests).toBeGreaterThan(1000);
    process.stdout.write(
      `constant load: ${report.requests} requests, ${report.failed} failed, slowest ${Math.round(report.slowestMs)} ms\n`,
    );
  });
});
