/** `npm run bench`: measures, and prints each value with its goal; `--json` prints the rows alone. */
import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { daemonPid, endSimulator } from "../support/end-simulator.ts";
import { missingForContainers } from "../support/missing-for-containers.ts";
import { runCli } from "../support/run-cli.ts";
import { benchAwsCalls } from "./aws-calls.ts";
import { benchBusyLogs, busyLogsMissing } from "./busy-logs.ts";
import { benchDeploy, deployName, deployUnit } from "./deploy.ts";
import { benchLoadBalancer } from "./load-balancer.ts";
import { benchMemory } from "./memory.ts";
import { benchPackaging } from "./packaging.ts";
import { notMeasured, type Row } from "./row.ts";
import { benchStartUp } from "./start-up.ts";
import { benchValidation } from "./validation.ts";

const home = realpathSync(mkdtempSync(join(tmpdir(), "pf-bench-")));

/** Everything that is measured, in the order in which it is printed. */
async function bench(): Promise<Row[]> {
  tell("start-up");
  const startUp = benchStartUp(process.cwd(), home);
  tell("validation");
  const validation = benchValidation(process.cwd(), home);
  tell("packaging");
  const packaging = await benchPackaging(process.cwd(), home);
  tell("deploys to AWS");
  const awsCalls = await benchAwsCalls(home);
  tell("deploy");
  const deploy = missingForContainers
    ? notMeasured(deployName, deployUnit, missingForContainers)
    : await benchDeploy(home);
  tell("load balancer");
  const loadBalancer = await benchLoadBalancer();
  tell("memory");
  const memory = benchMemory(await idleDaemon());
  tell("load balancer beside logs");
  const busyLogs = missingForContainers ? busyLogsMissing(missingForContainers) : await benchBusyLogs(home);
  return [...startUp, ...validation, ...packaging, ...awsCalls, deploy, ...loadBalancer, memory, ...busyLogs];
}

/** The pid of the daemon, after it has had time to come to rest. */
async function idleDaemon(): Promise<number> {
  await runCli(["local", "start"], { cwd: home, home });
  await delay(3_000);
  const pid = await daemonPid(home);
  if (pid === undefined) throw new Error("the daemon does not run");
  return pid;
}

function table(rows: Row[]): string {
  const cells = rows.map(({ name, value, unit, goal, met }) => [
    name,
    value === undefined ? "not measured" : `${value} ${unit}`,
    goal,
    met ? "met" : "not met",
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ")).join("\n");
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toPrecision(3));
}

function tell(what: string): void {
  if (process.exitCode !== undefined) throw new Error("interrupted");
  process.stderr.write(`measuring: ${what}\n`);
}

// What is running ends first, so that nothing is left behind.
process.on("SIGINT", () => (process.exitCode = 130)).on("SIGTERM", () => (process.exitCode = 143));
try {
  const rows = (await bench()).map((row) => ({ ...row, value: rounded(row.value) }));
  const json = rows.map((row) => ({ ...row, value: row.value ?? null }));
  process.stdout.write(`${process.argv.includes("--json") ? JSON.stringify(json, null, 2) : table(rows)}\n`);
} finally {
  await endSimulator(home);
}
