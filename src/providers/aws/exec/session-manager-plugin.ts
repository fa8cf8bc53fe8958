import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { UserError } from "../../../errors.ts";

const program = "session-manager-plugin";

/** From this version on the plugin takes what opens a session from a variable, so that the token stands in no process list.
 *  Source: the AWS CLI, `awscli/customizations/sessionmanager.py`. */
const firstVersion = "1.2.497.0";
const variable = "AWS_SSM_START_SESSION_RESPONSE";

/** What opens a session, as ECS and Systems Manager answer it. */
export interface SessionToOpen {
  sessionId: string;
  streamUrl: string;
  tokenValue: string;
}

export interface PluginRequest {
  session: SessionToOpen;
  region: string;
  /** `ecs:CLUSTER_TASK_RUNTIME` */
  target: string;
  /** Of Systems Manager, for when a session is taken up again. */
  endpoint: string;
  /** The program has the terminal; otherwise pipes. */
  onTerminal: boolean;
}

/** @throws UserError exec/plugin-missing */
export async function checkPlugin(platform: NodeJS.Platform = process.platform): Promise<void> {
  const version = await pluginVersion();
  if (version === undefined)
    throw new UserError("exec/plugin-missing", `${program} is not installed, which carries the sessions of ECS Exec`, {
      hint: installHint(platform),
    });
  if (isOlder(version, firstVersion))
    throw new UserError("exec/plugin-missing", `${program} ${version} is too old: it would show the session's token`, {
      hint: installHint(platform),
    });
}

/** Starts the plugin, as the AWS CLI does. */
export function startPlugin({ session, region, target, endpoint, onTerminal }: PluginRequest): ChildProcess {
  const resume = JSON.stringify({ Target: target });
  return spawn(program, [variable, region, "StartSession", "", resume, endpoint], {
    stdio: onTerminal ? "inherit" : "pipe",
    env: { ...process.env, [variable]: JSON.stringify(session) },
  });
}

async function pluginVersion(): Promise<string | undefined> {
  const child = spawn(program, ["--version"], { stdio: ["ignore", "pipe", "ignore"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = await once(child, "close").catch(() => undefined);
  return ended === undefined ? undefined : said.trim();
}

function isOlder(version: string, than: string): boolean {
  const wanted = than.split(".").map(Number);
  const parts = version.split(".").map(Number);
  const at = wanted.findIndex((number, i) => (parts[i] ?? 0) !== number);
  return at >= 0 && !((parts[at] ?? 0) > (wanted[at] ?? 0));
}

/** Source: AWS Systems Manager User Guide, "Install the Session Manager plugin for the AWS CLI". */
function installHint(platform: NodeJS.Platform): string {
  const downloads = "https://s3.amazonaws.com/session-manager-downloads/plugin/latest";
  if (platform === "darwin") return "brew install --cask session-manager-plugin";
  if (platform === "win32") return `start ${downloads}/windows/SessionManagerPluginSetup.exe`;
  const file = `ubuntu_${process.arch === "arm64" ? "arm64" : "64bit"}/${program}.deb`;
  return `curl -sSo /tmp/${program}.deb ${downloads}/${file} && sudo dpkg -i /tmp/${program}.deb`;
}
