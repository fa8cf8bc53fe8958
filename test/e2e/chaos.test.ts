import { afterAll, beforeAll, expect, test } from "vitest";
import { buildBusyboxImage, removeImage } from "../support/busybox-image.ts";
import { runChaos } from "../support/chaos/run-chaos.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { pageServer } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";

const image = `pilotfish-chaos-test-${process.pid}:one`;

describeWithEngine("services under load", () => {
  beforeAll(() => buildBusyboxImage(image, pageServer("one")));
  afterAll(() => removeImage(image));

  test("come to rest each time after containers, tasks and connections have been killed", async () => {
    const report = await runChaos({ home: await simulatorHome(), image, seconds: 20, seed: 7 });
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    expect(report.convergences).toBeGreaterThan(2);
    expect(report.requests).toBeGreaterThan(100);
  });
});
