import { spawnSync } from "node:child_process";
import { findStaticBusybox } from "./static-program.ts";

/** What is missing on this machine to run real containers, and how to get it; undefined when nothing is. */
export const missingForContainers: string | undefined = lookForMissing();

function lookForMissing(): string | undefined {
  const engine = spawnSync("docker", ["version", "--format", "{{.Server.Version}}"], { timeout: 10_000 });
  if (engine.error !== undefined) return "there is no docker client: apt-get install docker.io";
  if (engine.status !== 0) return "no Docker Engine answers: apt-get install docker.io, then start dockerd";
  if (findStaticBusybox() === undefined) return "there is no static busybox: apt-get install busybox-static";
  return undefined;
}
