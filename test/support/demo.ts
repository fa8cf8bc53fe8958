/** `npm run demo`: what a user would do with the sample, through the built program, on this machine; afterwards nothing
 *  of it is left. Needs no pull, no other daemon of the same user is touched. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeployEvent, DeployResult, WorkloadStatus } from "../../src/providers/provider.ts";
import { cleanUp, listPauseImages } from "./demo/clean-up.ts";
import { copySample, type Sample } from "./demo/sample.ts";
import { type DeployEnd, Timeline } from "./demo/timeline.ts";
import { type LoadReport, startLoad } from "./load.ts";
import { type RunningCli, startCli } from "./run-cli.ts";
import { waitFor } from "./wait-for.ts";

const connections = 16;
const folder = realpathSync(mkdtempSync(join(tmpdir(), "pilotfish-demo-")));
const app = `demo-${randomBytes(3).toString("hex")}`;
const home = join(folder, "home");
const containers = new Set<string>();
const images = new Set<string>();
const pauseImages = await listPauseImages();

let env: Record<string, string> = {};
let sample: Sample | undefined;
let running: RunningCli | undefined;
let interruptedBy: NodeJS.Signals | undefined;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (interruptedBy === undefined) print(`\n${signal}: cleaning up`);
    interruptedBy ??= signal;
    running?.child.kill("SIGINT");
  });
}

try {
  process.exitCode = (await demo()) ? 0 : 1;
} catch (error) {
  if (interruptedBy === undefined)
    print(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = interruptedBy === undefined ? 1 : interruptedBy === "SIGINT" ? 130 : 143;
} finally {
  const problems = await cleanUp({ folder, home, env, sample, images: [...images], pauseImages });
  for (const problem of problems) print(`not cleaned up: ${problem}`);
  if (problems.length > 0) process.exitCode ||= 1;
}

/** @returns whether every request was answered */
async function demo(): Promise<boolean> {
  const project = await copySample(process.cwd(), join(folder, "project"), app);
  sample = project;
  print(`The sample is manifests/load-balanced-web-service; this is a copy in ${project.folder}.`);
  if (project.program === undefined) env = { PILOTFISH_RUNTIME: "simulated" };
  else print(`Its image is FROM scratch around this machine's own ${project.program}; nothing is pulled.`);

  await deploy(project, []);
  const runtime = await runtimeName();
  const [url] = (await statusOf(project)).urls;
  if (url === undefined) throw new Error(`svc status names no address of ${project.service}`);
  await show(url, runtime, "version 1");

  print(`\nFrom now on ${connections} connections keep asking for ${url}.`);
  const load = startLoad({ url, connections });
  try {
    await project.writeVersion(2);
    const { deploymentId } = await deploy(project, runtime.startsWith("simulated") ? ["--force"] : []);
    await waitFor(
      "the end of the tasks of version 1",
      async () => (await statusOf(project)).tasks.every((task) => task.deploymentId === deploymentId),
      { deadlineMs: 120_000, everyMs: 500 },
    );
    print("The tasks of version 1 are gone.");
  } finally {
    await load.stop();
  }
  await show(url, runtime, "version 2");
  return sayResult(url, runtime, project.program, load.report());
}

async function deploy({ service, folder: project }: Sample, flags: string[]): Promise<DeployResult> {
  const args = ["svc", "deploy", "-n", service, "-e", "local", ...flags];
  print(`\n$ pilotfish ${args.join(" ")}`);
  const timeline = new Timeline(print);
  let end: DeployEnd | undefined;
  const { code, stderr } = await pilotfish([...args, "--json"], project, (line) => {
    const event = JSON.parse(line) as DeployEvent | DeployEnd;
    if (event.type === "result" || event.type === "error") end = event;
    else timeline.show(event);
    if (event.type === "task-started") event.containers.forEach(({ runtimeId }) => containers.add(runtimeId));
  });
  if (end?.type === "error") throw new Error([end.message, end.hint].filter(Boolean).join("\n"));
  if (end === undefined || code !== 0) throw new Error(`exit code ${code}. ${end?.reason ?? ""}\n${stderr}`);
  for (const deployment of end.status.deployments) {
    for (const { id } of deployment.images) if (id !== undefined) images.add(id);
  }
  timeline.say(`deployment ${end.outcome}`);
  return end;
}

async function runtimeName(): Promise<string> {
  const { stdout } = await succeed(["local", "status", "--json"], folder);
  return (JSON.parse(stdout) as { runtime: string }).runtime;
}

async function statusOf({ service, folder: project }: Sample): Promise<WorkloadStatus> {
  const { stdout } = await succeed(["svc", "status", "-n", service, "-e", "local", "--json"], project);
  return JSON.parse(stdout) as WorkloadStatus;
}

/** Asks once. With real containers the page must be the one that was deployed. */
async function show(url: string, runtime: string, version: string): Promise<void> {
  const response = await fetch(url);
  const page = (await response.text()).trim();
  print(`\n$ curl ${url}\n${response.status}  ${page.split("\n").at(-1)}`);
  if (response.status !== 200) throw new Error(`${url} answered with status ${response.status}`);
  if (runtime.startsWith("docker") && !page.includes(version)) throw new Error(`${url} did not serve ${version}`);
}

function sayResult(url: string, runtime: string, program: Sample["program"], report: LoadReport): boolean {
  const why = program === undefined ? "simulated (this machine has no program to put into an image)" : runtime;
  print(`\nurl: ${url}`);
  print(`runtime: ${why}`);
  if (runtime.startsWith("docker")) print(`containers: ${[...containers].map((id) => id.slice(0, 12)).join(" ")}`);
  print(`requests while version 2 was deployed: ${report.requests}, slowest ${Math.round(report.slowestMs)} ms`);
  print(`failed requests: ${report.failed}`);
  for (const { atMs, connection, why: reason } of report.failures) {
    print(`  after ${(atMs / 1000).toFixed(1)} s, ${connection} connection: ${reason}`);
  }
  return report.failed === 0 && report.requests > 0;
}

async function succeed(args: string[], cwd: string): Promise<{ stdout: string }> {
  const { code, stdout, stderr } = await pilotfish(args, cwd);
  if (code !== 0) throw new Error(`pilotfish ${args.join(" ")} ended with exit code ${code}: ${stderr}`);
  return { stdout };
}

async function pilotfish(args: string[], cwd: string, onLine?: (line: string) => void) {
  if (interruptedBy !== undefined) throw new Error("interrupted");
  running = startCli(args, { cwd, home, env, onLine });
  const result = await running.result;
  running = undefined;
  if (interruptedBy !== undefined) throw new Error("interrupted");
  return result;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
