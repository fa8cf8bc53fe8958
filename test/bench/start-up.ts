import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { cliEnvironment, pilotfish } from "../support/run-cli.ts";
import { atMost, median, type Row } from "./row.ts";

const pairs = 24;

export function benchStartUp(root: string, home: string): Row[] {
  const sample = join(root, "manifests/load-balanced-web-service");
  const version = benchCommand(["version"], root, home);
  return [
    atMost(1.5, { name: "pilotfish version, wall time", value: version, unit: "times node -e 0" }),
    atMost(3, {
      name: "pilotfish svc taskdef, wall time",
      value: benchCommand(["svc", "taskdef", "-n", "hello", "-e", "local"], sample, home),
      unit: "times node -e 0",
    }),
  ];
}

/** Wall time of a command that needs no daemon against that of Node doing nothing: pairs in turn, median of the ratios. */
export function benchCommand(args: string[], cwd: string, home: string): number {
  const env = cliEnvironment(home);
  const nothing = (): number => wallTime(["-e", "0"], cwd, env);
  const ours = (): number => wallTime([pilotfish, ...args], cwd, env);
  nothing();
  ours();
  return median(Array.from({ length: pairs }, (_, turn) => ratioOf(ours, nothing, turn % 2 === 0)));
}

function ratioOf(ours: () => number, nothing: () => number, oursFirst: boolean): number {
  if (oursFirst) {
    const time = ours();
    return time / nothing();
  }
  const base = nothing();
  return ours() / base;
}

function wallTime(args: string[], cwd: string, env: Record<string, string>): number {
  const start = performance.now();
  const done = spawnSync(process.execPath, args, { cwd, env, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`node ${args.join(" ")} ended with ${done.status}: ${done.stderr}`);
  return performance.now() - start;
}
