import { answeringProgram, type SimulatedProgram } from "../../src/simulator/runtime/simulated/program.ts";
import { definitionOf } from "../../src/simulator/runtime/task-definition.ts";

/** What the simulated runtime runs: an image with the tag `broken` ends at once with exit code 3, as in the AWS emulator. */
export const brokenWhenTold: SimulatedProgram = (task, container, process) => {
  const image = definitionOf(task, container).image ?? "";
  if (!image.endsWith(":broken")) return answeringProgram(task, container, process);
  process.print("stderr", "I cannot go on");
  process.exit(3);
};
