import { expect, onTestFinished, test } from "vitest";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deployJson, endOfDeploy } from "../support/deploy-json.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { pageServer, removeImages, serviceFolder } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";

const manifest = "image: { build: Dockerfile, port: 8080 }\nhttp: { path: /, deregistration_delay: 1s }\n";

/** Asks the other service by its names and prints what it answers. busybox's own time-out (`-T`) crashes beside glibc's
 *  resolver. */
const ask = `#!/bin/sh
printf 'Content-Type: text/plain\\r\\n\\r\\n'
timeout 2 wget -q -O - http://back.local.$COPILOT_APPLICATION_NAME.local:8080/
timeout 2 wget -q -O - http://back:8080/
`;

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
});
