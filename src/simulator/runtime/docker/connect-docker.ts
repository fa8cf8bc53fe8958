import { connectEngine } from "./connect-engine.ts";
import { DockerRuntime } from "./docker-runtime.ts";
import type { EngineAddress } from "../engine-address.ts";
import type { LogPosition, Runtime, RuntimeObserver } from "../runtime.ts";

export interface DockerRuntimeOptions {
  address: EngineAddress;
  /** The id of the state folder that owns what is made here. */
  owner: string;
  observer: RuntimeObserver;
  logPosition: LogPosition;
  /** Holds a folder for each EFS file system, which outlive tasks and services. Without it tasks with such volumes fail. */
  efsFolder?: string;
}

/** The runtime over a Docker Engine; its events arrive from now on.
 *  @throws UserError engine/unreachable */
export async function connectDocker(options: DockerRuntimeOptions): Promise<Runtime> {
  const engine = await connectEngine(options.address);
  const runtime = new DockerRuntime({ ...engine, ...options, efsFolder: options.efsFolder });
  await runtime.open();
  return runtime;
}
