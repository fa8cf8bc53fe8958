import { createLocalProvider } from "../../src/providers/local/local-provider.ts";
import { createSimulatedRuntime } from "../../src/simulator/runtime/simulated.ts";
import { answeringProgram, type SimulatedProgram } from "../../src/simulator/runtime/simulated/program.ts";
import { definitionOf } from "../../src/simulator/runtime/task-definition.ts";
import { startDaemonInProcess } from "../support/in-process-daemon.ts";
import { providerContract } from "./provider.ts";
import { onSimulator, simulatorPromises } from "./simulator-provider.ts";

providerContract("the simulator with its simulated runtime", start, { more: simulatorPromises });

async function start() {
  const daemon = await startDaemonInProcess(
    async (observer) => createSimulatedRuntime({ reason: "a test", observer, program: brokenWhenTold }),
    50,
  );
  return {
    ...onSimulator(createLocalProvider(daemon.client)),
    images: { good: "shop/app:good", better: "shop/app:better", broken: "shop/app:broken" },
    end: () => daemon.end(),
  };
}

const brokenWhenTold: SimulatedProgram = (task, container, process) => {
  const image = definitionOf(task, container).image ?? "";
  if (!image.endsWith(":broken")) return answeringProgram(task, container, process);
  process.print("stderr", "I cannot go on");
  process.exit(3);
};
