import { UserError } from "../../../errors.ts";
import type { EngineAddress } from "../engine-address.ts";
import { RuntimeUnavailableError } from "../runtime.ts";
import type { Architecture } from "../pause/elf.ts";
import { EngineClient } from "./engine-client.ts";

export interface ConnectedEngine {
  client: EngineClient;
  /** `20.10.24` */
  version: string;
  architecture: Architecture;
  /** Whether a container can be put below another one's control group. */
  taskCgroups: boolean;
}

interface Version {
  Version: string;
  ApiVersion: string;
  MinAPIVersion?: string;
  Os: string;
  Arch: string;
}

interface Info {
  CgroupDriver?: string;
  CgroupVersion?: string;
}

/** The API that this code was written against (Engine 20.10); newer Engines speak it or say what they speak at least. */
const preferredApi = "1.41";
const firstAnswerMs = 5000;

/** @throws UserError engine/unreachable */
export async function connectEngine(address: EngineAddress): Promise<ConnectedEngine> {
  const probe = new EngineClient(address.connect);
  try {
    const version = await probe.json<Version>("GET", "/version", { timeoutMs: firstAnswerMs });
    if (typeof version?.ApiVersion !== "string") throw unreachable(address, "what answers there is no Docker Engine");
    if (version.Os !== "linux") throw unreachable(address, `it runs ${version.Os} containers, tasks need Linux`);
    if (version.Arch !== "amd64" && version.Arch !== "arm64")
      throw unreachable(address, `it runs on ${version.Arch}, tasks need amd64 or arm64`);
    const { CgroupDriver, CgroupVersion = "1" } = await probe.json<Info>("GET", "/info", { timeoutMs: firstAnswerMs });
    return {
      client: new EngineClient(address.connect, apiFor(version)),
      version: version.Version.replace(/\+.*$/, ""),
      architecture: version.Arch,
      taskCgroups: CgroupDriver === "cgroupfs" && CgroupVersion === "1",
    };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unreachable(address, reasonOf(error), error);
  } finally {
    probe.close();
  }
}

function apiFor({ ApiVersion, MinAPIVersion }: Version): string {
  if (isOlder(ApiVersion, preferredApi)) return ApiVersion;
  return MinAPIVersion !== undefined && isOlder(preferredApi, MinAPIVersion) ? MinAPIVersion : preferredApi;
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split(".").map(Number);
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}

function reasonOf(error: unknown): string {
  const cause = error instanceof RuntimeUnavailableError ? error.cause : error;
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such socket";
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "ECONNREFUSED") return "nothing listens there";
  return message;
}

function unreachable({ host, from }: EngineAddress, reason: string, cause?: unknown): UserError {
  const hint =
    reason === "permission denied"
      ? "Let your user talk to Docker, then log in again: sudo usermod -aG docker $USER"
      : "Start Docker, and see whether this answers: docker version";
  return new UserError("engine/unreachable", `No Docker Engine answers at ${host} (${from}): ${reason}`, {
    hint,
    cause,
  });
}
