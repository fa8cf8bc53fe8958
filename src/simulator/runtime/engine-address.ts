import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors.ts";

/** Where the Docker Engine of this machine answers. */
export interface EngineAddress {
  /** As `DOCKER_HOST` spells it, so that a docker client started with it talks to the same Engine. */
  host: string;
  connect: { socketPath: string } | { host: string; port: number };
  /** Which of the user's settings led here: `DOCKER_HOST`, `context desktop-linux`, `default`. */
  from: string;
  /** The folder of the docker client's settings, with the registries' logins. */
  dockerConfig: string;
}

const defaultHost = "unix:///var/run/docker.sock";
const loopback = new Set(["localhost", "127.0.0.1", "::1", "[::1]"]);

/** Finds the Engine as the docker client does: `DOCKER_HOST`, else the context of `DOCKER_CONTEXT` or of the client's
 *  settings, else the default socket. Nothing is asked of the Engine yet.
 *  @throws UserError engine/remote for an Engine on another machine, engine/unreachable for a context that is not there */
export function findEngine(env: NodeJS.ProcessEnv, home: string): EngineAddress {
  const dockerConfig = env["DOCKER_CONFIG"] || join(home, ".docker");
  const named = env["DOCKER_HOST"];
  if (named) return addressOf(named, "DOCKER_HOST", dockerConfig, env);
  const context = env["DOCKER_CONTEXT"] || currentContext(dockerConfig);
  if (context === undefined || context === "default") return addressOf(defaultHost, "default", dockerConfig, {});
  return addressOf(hostOfContext(context, dockerConfig, env), `context ${context}`, dockerConfig, env);
}

function currentContext(dockerConfig: string): string | undefined {
  const settings = readJson(join(dockerConfig, "config.json")) as { currentContext?: unknown } | undefined;
  return typeof settings?.currentContext === "string" && settings.currentContext !== ""
    ? settings.currentContext
    : undefined;
}

function hostOfContext(context: string, dockerConfig: string, env: NodeJS.ProcessEnv): string {
  const file = join(dockerConfig, "contexts", "meta", createHash("sha256").update(context).digest("hex"), "meta.json");
  const meta = readJson(file) as { Endpoints?: { docker?: { Host?: unknown } } } | undefined;
  const host = meta?.Endpoints?.docker?.Host;
  if (typeof host === "string" && host !== "") return host;
  throw new UserError("engine/unreachable", `The docker context "${context}" names no Engine (looked in ${file}).`, {
    hint: wayBack("context", env),
  });
}

function addressOf(host: string, from: string, dockerConfig: string, env: NodeJS.ProcessEnv): EngineAddress {
  const socketPath = /^unix:\/\/(\/.*)$/.exec(host)?.[1];
  if (socketPath !== undefined) return { host, connect: { socketPath }, from, dockerConfig };
  const tcp = /^(?:tcp|http):\/\/(\[[^\]]*\]|[^:/]*)(?::(\d+))?\/?$/.exec(host);
  if (tcp && loopback.has(tcp[1] ?? "")) {
    if (env["DOCKER_TLS_VERIFY"] || env["DOCKER_TLS"])
      throw new UserError(
        "engine/unreachable",
        `The Engine at ${host} (${from}) wants TLS, which the simulator does not speak.`,
        {
          hint: "use the Engine's Unix socket: unset DOCKER_HOST DOCKER_TLS_VERIFY",
        },
      );
    const name = (tcp[1] ?? "").replace(/^\[|\]$/g, "");
    return { host, connect: { host: name, port: Number(tcp[2] ?? 2375) }, from, dockerConfig };
  }
  if (tcp || /^(ssh|https|tcp):\/\//.test(host))
    throw new UserError(
      "engine/remote",
      `The docker client is set to an Engine on another machine: ${host} (${from}).`,
      {
        hint: `The simulator runs its tasks on this machine only: ${wayBack(from, env)}`,
      },
    );
  throw new UserError("engine/unreachable", `The simulator cannot talk to an Engine at "${host}" (${from}).`, {
    hint: "It takes unix:///path/to/docker.sock and tcp://127.0.0.1:PORT",
  });
}

/** The command that leads back to the default socket. */
function wayBack(from: string, env: NodeJS.ProcessEnv): string {
  if (from === "DOCKER_HOST") return "unset DOCKER_HOST";
  return env["DOCKER_CONTEXT"] ? "unset DOCKER_CONTEXT" : "docker context use default";
}

/** A file that is missing or broken says nothing, as for the docker client's own settings. */
function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
