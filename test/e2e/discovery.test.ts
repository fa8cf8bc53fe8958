import { expect, onTestFinished, test } from "vitest";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { WorkloadStatus } from "../../src/providers/provider.ts";
import { applicationFolder } from "../support/application-folder.ts";
import { deployJson, endOfDeploy } from "../support/deploy-json.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { pageServer, removeImages, serviceFolder } from "../support/service-folder.ts";
import { runCli } from "../support/run-cli.ts";
import { simulatorHome } from "../support/simulator-home.ts";
import { waitFor } from "../support/wait-for.ts";

const manifest = "image: { build: Dockerfile, port: 8080 }\nhttp: { path: /, deregistration_delay: 1s }\n";

/** Asks the other service by its names and prints what it answers. busybox's own time-out (`-T`) crashes beside glibc's
 *  resolver. */
const ask = `#!/bin/sh
printf 'Content-Type: text/plain\\r\\n\\r\\n'
timeout 2 wget -q -O - http://back.local.$COPILOT_APPLICATION_NAME.local:8080/
timeout 2 wget -q -O - http://back:8080/
`;

const backManifest = `name: back
type: Backend Service
image:
  build: back/Dockerfile
  port: 8080
  healthcheck:
    command: [CMD-SHELL, wget -q -O /dev/null http://localhost:8080/]
    interval: 5s
`;

/** A line for each answer. */
const client = "while true; do wget -q -O - http://back:8080/ && echo || echo failed; done";

describeWithEngine("two services of one environment", () => {
  test("find each other by their discovery names, a Backend Service without a load balancer included", async () => {
    const front = pageServer("front", { "/www/cgi-bin/ask": ask });
    const command = ["/bin/sh", "-c", `chmod +x /www/cgi-bin/ask; trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait`];
    const service = await serviceFolder("front", { ...front, command }, manifest);
    const backRepository = service.repository.replace(/front$/, "back");
    onTestFinished(() => removeImages(backRepository));
    const options = { cwd: service.folder, home: await simulatorHome() };
    const started = endOfDeploy(await deployJson(["svc", "deploy", "-n", "front", "-e", "local"], options));
    const url = new URL("/cgi-bin/ask", started.status.urls.at(-1)).href;
    const answer = async () => (await fetch(url)).text();
    expect(await answer()).toBe("");

    await mkdir(join(service.folder, "copilot", "back"));
    await writeFile(
      join(service.folder, "copilot", "back", "manifest.yml"),
      "name: back\ntype: Backend Service\nimage: { build: Dockerfile, port: 8080 }\n",
    );
    await service.write(pageServer("back|"));
    const back = endOfDeploy(await deployJson(["svc", "deploy", "-n", "back", "-e", "local"], options));
    expect([back.outcome, back.status.urls]).toEqual(["completed", []]);
    await expect.poll(answer, { timeout: 20_000 }).toBe("back|back|");
  });

  test("a client that asks for the name each time loses no request while the other is replaced, twice", async () => {
    const shop = await applicationFolder();
    const options = { cwd: shop.folder, home: await simulatorHome() };
    await shop.service("back", backManifest);
    await shop.service("front", `name: front\ntype: Backend Service\nimage: { build: front/Dockerfile }\n`);
    await shop.context("front", { command: ["/bin/sh", "-c", client] });
    const deploy = async (name: string, page?: string) => {
      if (page !== undefined) await shop.context("back", pageServer(page));
      const { outcome } = endOfDeploy(await deployJson(["svc", "deploy", "-n", name, "-e", "local"], options));
      expect(outcome).toBe("completed");
    };
    await deploy("back", "one");
    await deploy("front");
    for (const page of ["two", "three"]) {
      await deploy("back", page);
      await waitFor("the old task is gone", async () => {
        const { stdout } = await runCli(["svc", "status", "-n", "back", "-e", "local", "--json"], options);
        return (JSON.parse(stdout) as WorkloadStatus).tasks.length === 1;
      });
    }
    const { stdout } = await runCli(
      ["svc", "logs", "-n", "front", "-e", "local", "--json", "--limit", "10000"],
      options,
    );
    const lines = stdout.split("\n").filter(Boolean);
    const answers = lines.flatMap((line) => (JSON.parse(line) as { message?: string }).message ?? []);
    expect(answers.filter((answer) => !["one", "two", "three"].includes(answer))).toEqual([]);
    expect([...new Set(answers)]).toEqual(["one", "two", "three"]);
    expect(answers.length).toBeGreaterThan(100);
  });
});
