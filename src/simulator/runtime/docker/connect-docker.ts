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
}

/** The runtime over a Docker Engine; its events arrive from now on.
 *  @throws UserError engine/unreachable */
export async function connectDocker({ address, owner, observer, logPosition }: DockerRuntimeOptions): Promise<Runtime> {
  const engine = await connectEngine(address);
  const runtime = new DockerRuntime({ ...engine, address, owner, observer, logPosition });
  await runtime.open();
  return runtime;
}
