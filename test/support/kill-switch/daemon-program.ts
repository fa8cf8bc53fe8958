/** The daemon's program with a kill switch at each boundary between journal, effect and tick: the classes that meet the
 *  disk and the Engine are wrapped, then the real program runs. */
import { homedir } from "node:os";
import { join } from "node:path";
import { Store } from "../../../src/simulator/daemon/store.ts";
import { DockerRuntime } from "../../../src/simulator/runtime/docker/docker-runtime.ts";
import { findEngine } from "../../../src/simulator/runtime/engine-address.ts";
import { boundary } from "./boundaries.ts";
import { proxyEngine } from "./engine-proxy.ts";

const home = process.env["PILOTFISH_HOME"] as string;
const at = (name: string) => boundary(home, name);

const { commit } = Store.prototype;
Store.prototype.commit = function (before, after, effects, done) {
  if (before === after && effects.length === 0 && done === undefined)
    return commit.call(this, before, after, effects, done);
  const wanted = [...new Set(effects.map(({ type }) => type))].join(" and ");
  const what =
    done !== undefined ? `answer of ${done.type}` : wanted === "" ? "other step" : `step that wants ${wanted}`;
  at(`${what}: before its transaction`);
  commit.call(this, before, after, effects, done);
  at(`${what}: committed, nothing done yet`);
};

type Effect = (...args: unknown[]) => Promise<unknown>;
const effects = [
  "prepareTask",
  "startContainer",
  "stopContainer",
  "removeTask",
  "attachDiscovery",
  "detachDiscovery",
] as const;
for (const name of effects) {
  const runtime = DockerRuntime.prototype as unknown as Record<string, Effect>;
  const effect = runtime[name] as Effect;
  runtime[name] = async function (this: unknown, ...args) {
    at(`${name}: begins`);
    const result = await effect.apply(this, args);
    at(`${name}: done, not ticked off`);
    return result;
  };
}

const socket = join(home, "engine.sock");
await proxyEngine(socket, findEngine(process.env, homedir()).connect, at);
process.env["DOCKER_HOST"] = `unix://${socket}`;
await import("../../../src/simulator/daemon/entry.ts");
