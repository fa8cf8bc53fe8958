import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { build } from "esbuild";

interface LoadBalancerRow {
  name: string;
  /** Absent when it could not be measured; `goal` then says what is missing. */
  value: number | undefined;
  unit: string;
  goal: string;
  met: boolean;
}

const CONNECTIONS = 64;
const ROUNDS = 5;
const SECONDS = 3;
const RATE = { name: "load balancer, requests per second against nginx", unit: "times nginx", least: 0.25 };
const TAIL = { name: "load balancer, 99th percentile of latency against nginx", unit: "times nginx", most: 4 };

/** The load balancer and an nginx with one worker, in turn, in front of the same upstream (another nginx): the median over the
 *  rounds of the ratio of each round. */
export async function benchLoadBalancer(): Promise<LoadBalancerRow[]> {
  const missing = (await Promise.all([findProgram("nginx"), findProgram("wrk")])).includes(undefined);
  if (missing)
    return [RATE, TAIL].map(({ name, unit }) => ({
      name,
      unit,
      value: undefined,
      goal: "apt-get install nginx-light wrk",
      met: false,
    }));
  const folder = await mkdtemp(join(tmpdir(), "pilotfish-bench-"));
  const running: ChildProcess[] = [];
  try {
    await chmod(folder, 0o755);
    const upstream = await freePort();
    const proxy = await freePort();
    running.push(await startNginx(folder, "upstream", upstream, `return 200 "hello from the upstream\\n";`));
    running.push(
      await startNginx(
        folder,
        "proxy",
        proxy,
        `proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection "";`,
        upstream,
      ),
    );
    const { child, port } = await startEdge(folder, upstream);
    running.push(child);
    return rows(await compare(proxy, port));
  } finally {
    await Promise.all(running.map(stop));
    await rm(folder, { recursive: true, force: true });
  }
}

export interface Measured {
  rate: number;
  tailMs: number;
}

async function compare(nginx: number, ours: number): Promise<{ nginx: Measured; ours: Measured }[]> {
  await load(nginx, 1);
  await load(ours, 2);
  const rounds: { nginx: Measured; ours: Measured }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push({ nginx: await load(nginx, SECONDS), ours: await load(ours, SECONDS) });
  }
  return rounds;
}

function rows(rounds: { nginx: Measured; ours: Measured }[]): LoadBalancerRow[] {
  const rate = median(rounds.map(({ nginx, ours }) => ours.rate / nginx.rate));
  const tail = median(rounds.map(({ nginx, ours }) => ours.tailMs / nginx.tailMs));
  return [
    { name: RATE.name, value: rate, unit: RATE.unit, goal: `at least ${RATE.least}`, met: rate >= RATE.least },
    { name: TAIL.name, value: tail, unit: TAIL.unit, goal: `at most ${TAIL.most}`, met: tail <= TAIL.most },
  ];
}

/** What wrk says of so many seconds. @throws when a request failed */
export async function load(port: number, seconds: number): Promise<Measured> {
  const args = ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--latency", `http://127.0.0.1:${port}/`];
  const { stdout } = await promisify(execFile)("wrk", args);
  return readWrk(stdout);
}

/** Reads what `wrk --latency` prints. */
function readWrk(text: string): Measured {
  const failed = /Non-2xx or 3xx responses.*|Socket errors.*/.exec(text);
  if (failed !== null) throw new Error(`requests failed under load: ${failed[0]}`);
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(text);
  const tail = /99%\s+([\d.]+)(us|ms|s|m)\b/.exec(text);
  if (rate === null || tail === null) throw new Error(`wrk said something else:\n${text}`);
  const unit = { us: 0.001, ms: 1, s: 1000, m: 60_000 }[tail[2]!]!;
  return { rate: Number(rate[1]), tailMs: Number(tail[1]) * unit };
}

/** An nginx with one worker on a port of 127.0.0.1. @param upstream the port of what `http://up` in `location` means */
export async function startNginx(
  folder: string,
  name: string,
  port: number,
  location: string,
  upstream?: number,
): Promise<ChildProcess> {
  const program = (await findProgram("nginx"))!;
  const { stderr } = await promisify(execFile)(program, ["-V"]);
  const places = [...stderr.matchAll(/--http-([a-z-]+-temp-path)=/g)].map(
    ([, flag]) => `${flag!.replaceAll("-", "_")} ${folder}/${name}-${flag};`,
  );
  const file = join(folder, `${name}.conf`);
  await writeFile(
    file,
    `worker_processes 1; daemon off; pid ${folder}/${name}.pid; error_log ${folder}/${name}.log crit;
    events { worker_connections 1024; }
    http {
      access_log off; keepalive_requests 1000000000; ${places.join(" ")}
      ${upstream === undefined ? "" : `upstream up { server 127.0.0.1:${upstream}; keepalive ${CONNECTIONS}; }`}
      server { listen 127.0.0.1:${port}; location / { ${location} } }
    }`,
  );
  const child = spawn(program, ["-c", file, "-p", folder, "-e", `${folder}/${name}.log`], { stdio: "ignore" });
  await untilListening(port, child, name);
  return child;
}

async function startEdge(folder: string, upstream: number): Promise<{ child: ChildProcess; port: number }> {
  const outfile = join(folder, "edge.mjs");
  const options = { bundle: true, platform: "node", format: "esm", target: "node20.19", logLevel: "error" } as const;
  await build({ entryPoints: ["test/bench/edge-process.ts"], outfile, ...options });
  const child = spawn(process.execPath, [outfile, String(upstream)], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, port: (JSON.parse(line.toString()) as { port: number }).port };
}

async function untilListening(port: number, child: ChildProcess, name: string): Promise<void> {
  const deadline = performance.now() + 5000;
  while (performance.now() < deadline && child.exitCode === null) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: "127.0.0.1" }, () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (open) return;
    await delay(20);
  }
  throw new Error(`nginx (${name}) did not start`);
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, "exit");
}

export async function findProgram(name: string): Promise<string | undefined> {
  for (const path of [...(process.env["PATH"] ?? "").split(":"), "/usr/sbin"].map((folder) => join(folder, name))) {
    const runs = await promisify(execFile)(path, ["-v"]).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code !== "ENOENT" && error.code !== "EACCES",
    );
    if (runs) return path;
  }
  return undefined;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;
}
