import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { cliEnvironment, pilotfish } from "../support/run-cli.ts";
import { writeLargeWorkspace } from "./large-workspace.ts";
import { atMost, median, type Row } from "./row.ts";

const services = 1000;
const pairs = 3;

/** Parses the same files and does nothing with them. */
const parseAlone = `
import { readdirSync, readFileSync } from "node:fs";
import { parse } from ${JSON.stringify(import.meta.resolve("yaml"))};
for (const name of readdirSync("copilot"))
  if (name.startsWith("svc-")) parse(readFileSync("copilot/" + name + "/manifest.yml", "utf8"));
`;

/** The last line on stderr. */
const tellMemory = "process.on('exit',()=>process._rawDebug(process.resourceUsage().maxRSS))";

/** `pilotfish validate`, which plans each service in each environment that it is different in: wall time of the process
 *  against that of one that parses the same files alone, in turn, median of the ratios. */
export function benchValidation(root: string, home: string): Row[] {
  const env = cliEnvironment(home);
  const folders = [1, services / 10, services].map((count) => {
    const folder = join(home, `workspace-${count}`);
    writeLargeWorkspace(folder, count, root);
    return folder;
  });
  const [one = "", tenth = "", all = ""] = folders;
  try {
    const validate = (cwd: string) =>
      run([`--import=data:text/javascript,${tellMemory}`, pilotfish, "validate"], cwd, env);
    const parse = (cwd: string) => run(["--input-type=module", "--eval", parseAlone], cwd, env);
    const turns = Array.from({ length: pairs }, () => {
      const base = parse(all);
      const whole = validate(all);
      const start = validate(one).time;
      const growth = (whole.time - start) / (services / 10) / ((validate(tenth).time - start) / (services / 100));
      return { ratio: whole.time / base.time, growth, memory: whole.memory };
    });
    const of = (value: "ratio" | "growth" | "memory") => median(turns.map((turn) => turn[value]));
    return [
      atMost(3, { name: "validate 1,000 services, wall time", value: of("ratio"), unit: "times yaml alone" }),
      atMost(300, { name: "validate 1,000 services, peak memory", value: of("memory"), unit: "MB" }),
      atMost(1.2, {
        name: "validate 1,000 services, a service's time",
        value: of("growth"),
        unit: "times that among 100",
      }),
    ];
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
}

function run(args: string[], cwd: string, env: Record<string, string>): { time: number; memory: number } {
  const start = performance.now();
  const done = spawnSync(process.execPath, args, { cwd, env, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`node ${args.at(-1)} ended with ${done.status}: ${done.stdout}${done.stderr}`);
  const time = performance.now() - start;
  return { time, memory: (Number(done.stderr.trim().split("\n").at(-1)) * 1024) / 1e6 };
}
