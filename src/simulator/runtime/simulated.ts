import { SimulatedMachine } from "./simulated/machine.ts";
import { SimulatedRuntime } from "./simulated/simulated-runtime.ts";
import type { SimulatedProgram } from "./simulated/program.ts";
import type { LogPosition, Runtime, RuntimeObserver } from "./runtime.ts";

export interface SimulatedRuntimeOptions {
  /** Why nothing real runs, for the description. */
  reason: string;
  observer: RuntimeObserver;
  /** Whose tasks they are, when several runtimes share a machine. */
  owner?: string;
  /** Where the tasks live: by default a machine of its own, so they end with this process. */
  machine?: SimulatedMachine;
  logPosition?: LogPosition;
  /** What the containers do: by default each answers HTTP with its service, revision and task. */
  program?: SimulatedProgram;
  /** Image references that are not to be found. By default every image is there. */
  missing?: (reference: string) => boolean;
}

/** A runtime that needs no Docker: each task answers HTTP from inside this process. */
export function createSimulatedRuntime(options: SimulatedRuntimeOptions): Runtime {
  return new SimulatedRuntime(options, options.machine ?? new SimulatedMachine());
}
