import { createLocalProvider } from "../../src/providers/local/local-provider.ts";
import { createSimulatedRuntime } from "../../src/simulator/runtime/simulated.ts";
import { brokenWhenTold } from "../support/broken-when-told.ts";
import { startDaemonInProcess } from "../support/in-process-daemon.ts";
import { providerContract } from "./provider.ts";
import { onSimulator, simulatorPromises } from "./simulator-provider.ts";

providerContract("the simulator with its simulated runtime", start, { more: simulatorPromises });

async function start() {
  const daemon = await startDaemonInProcess(
    async (observer) => createSimulatedRuntime({ reason: "a test", observer, program: brokenWhenTold }),
    50,
  );
  const subject = onSimulator(createLocalProvider(daemon.client));
  const programs = { good: { image: "shop/app:good" }, broken: { image: "shop/app:broken" } };
  return {
    ...subject,
    tasks: { ...subject.tasks, programs },
    images: { good: "shop/app:good", better: "shop/app:better", broken: "shop/app:broken" },
    end: () => daemon.end(),
  };
}
