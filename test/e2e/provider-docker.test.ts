import { homedir } from "node:os";
import { expect } from "vitest";
import { createLocalProvider } from "../../src/providers/local/local-provider.ts";
import { connectDocker } from "../../src/simulator/runtime/docker/connect-docker.ts";
import { findEngine } from "../../src/simulator/runtime/engine-address.ts";
import { providerContract } from "../contract/provider.ts";
import { onSimulator, simulatorPromises } from "../contract/simulator-provider.ts";
import { buildBusyboxImage, removeImage } from "../support/busybox-image.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { leftBehind } from "../support/docker.ts";
import { startDaemonInProcess } from "../support/in-process-daemon.ts";

const serve = (page: string) => ({
  files: { "/www/index.html": `${page}\n` },
  command: ["/bin/sh", "-c", `echo serving ${page}; trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait`],
});

describeWithEngine("with real containers", () => {
  providerContract(
    "the simulator with its Docker runtime",
    async () => {
      const name = `pilotfish-provider-test-${process.pid}`;
      const images = { good: `${name}:good`, better: `${name}:better`, broken: `${name}:broken` };
      await buildBusyboxImage(images.good, serve("good"));
      await buildBusyboxImage(images.better, serve("better"));
      await buildBusyboxImage(images.broken, { command: ["/bin/sh", "-c", "echo I cannot go on >&2; exit 3"] });
      const daemon = await startDaemonInProcess(
        (observer, logs, owner) =>
          connectDocker({
            address: findEngine(process.env, homedir()),
            owner,
            observer,
            logPosition: (service, task, container) => logs.position(service, task, container),
          }),
        20,
      );
      const subject = onSimulator(createLocalProvider(daemon.client));
      const programs = {
        good: { image: images.good, command: ["/bin/sh", "-c", "echo done in $MODE"] },
        broken: { image: images.broken },
      };
      return {
        ...subject,
        tasks: { ...subject.tasks, programs },
        images,
        async end() {
          await daemon.end();
          for (const image of Object.values(images)) await removeImage(image);
          expect(await leftBehind(daemon.owner)).toEqual([]);
        },
      };
    },
    { more: simulatorPromises },
  );
});
