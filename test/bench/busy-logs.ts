import { type ChildProcess } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WorkloadStatus } from "../../src/providers/provider.ts";
import { buildBusyboxImage, removeImage } from "../support/busybox-image.ts";
import { docker } from "../support/docker.ts";
import { daemonPid, ownerOf } from "../support/end-simulator.ts";
import { buildNginxImage } from "../support/nginx-image.ts";
import { runCli } from "../support/run-cli.ts";
import { waitFor } from "../support/wait-for.ts";
import { findProgram, freePort, load, type Measured, startNginx, stop } from "./load-balancer.ts";
import { atMost, median, notMeasured, type Row } from "./row.ts";

const rounds = 5;
const seconds = 3;
const name = "load balancer beside 50 MB/s of logs";
const rows = {
  rate: { name: `${name}, requests per second against nginx`, unit: "times nginx", least: 0.25 },
  tail: { name: `${name}, 99th percentile of latency against nginx`, unit: "times nginx", most: 4 },
  logs: { name: `${name}, what the service printed`, unit: "MB/s" },
  memory: { name: `${name}, most memory of the daemon`, unit: "MB", most: 300 },
};
/** Printed again and again: lines of 1 KB. */
const chunkLines = 2500;
const chunkBytes = chunkLines * 1000;

/** A service prints as fast as 50 MB/s for 30 s, while another one is asked through the load balancer and, in turn, through
 *  an nginx in front of the same container. */
export async function benchBusyLogs(home: string): Promise<Row[]> {
  const nginx = await findProgram("nginx");
  if (nginx === undefined || (await findProgram("wrk")) === undefined)
    return busyLogsMissing("apt-get install nginx-light wrk");
  const folder = await mkdtemp(join(tmpdir(), "pilotfish-bench-"));
  const images = { web: `pilotfish-bench-${randomBytes(4).toString("hex")}:web`, noisy: "" };
  images.noisy = images.web.replace(/web$/, "noisy");
  const running: ChildProcess[] = [];
  const place = { cwd: folder, home };
  try {
    await chmod(folder, 0o755);
    await buildNginxImage(images.web, nginx);
    await buildBusyboxImage(images.noisy, noisyServer);
    await writeService(folder, "web", images.web, "/");
    await writeService(folder, "noisy", images.noisy, "/noisy");
    const status = await deploy("web", place);
    const task = status.tasks[0]?.id ?? "";
    const port = await freePort();
    const target = await publishedPort(home, task);
    running.push(
      await startNginx(
        folder,
        "proxy",
        port,
        `proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection "";`,
        target,
      ),
    );
    const ours = Number(new URL(status.urls[0] ?? "").port);
    await load(port, 1);
    await load(ours, 1);
    await deploy("noisy", place);
    const begun = await chunksPrinted(place);
    const pid = (await daemonPid(home)) ?? 0;
    const measured: { nginx: Measured; ours: Measured; memory: number }[] = [];
    for (let round = 0; round < rounds; round++)
      measured.push({
        nginx: await load(port, seconds),
        ours: await load(ours, seconds),
        memory: await residentMegabytes(pid),
      });
    const ended = await chunksPrinted(place);
    const rate = median(measured.map((one) => one.ours.rate / one.nginx.rate));
    const tail = median(measured.map((one) => one.ours.tailMs / one.nginx.tailMs));
    const printed = ((ended.chunk - begun.chunk) * chunkBytes) / 1e6 / ((ended.at - begun.at) / 1000);
    return [
      { ...rows.rate, value: rate, goal: `at least ${rows.rate.least}`, met: rate >= rows.rate.least },
      atMost(rows.tail.most, { ...rows.tail, value: tail }),
      { ...rows.logs, value: printed, goal: "50, or what this Engine takes", met: true },
      atMost(rows.memory.most, { ...rows.memory, value: Math.max(...measured.map(({ memory }) => memory)) }),
    ];
  } finally {
    for (const service of ["noisy", "web"])
      await runCli(["svc", "delete", "-n", service, "-e", "local", "--yes"], place);
    await Promise.all(running.map(stop));
    for (const image of Object.values(images)) await removeImage(image);
    await rm(folder, { recursive: true, force: true });
  }
}

export function busyLogsMissing(why: string): Row[] {
  return Object.values(rows).map((row) => notMeasured(row.name, row.unit, why));
}

/** Numbers what it prints. */
const noisyServer = {
  files: { "/chunk": `${"x".repeat(999)}\n`.repeat(chunkLines), "/www/index.html": "noisy" },
  command: [
    "/bin/sh",
    "-c",
    "httpd -p 8080 -h /www; trap 'exit 0' TERM; i=0; while :; do i=$((i+1)); echo chunk $i; cat /chunk; usleep 25000; done",
  ],
  port: 8080,
};

interface Place {
  cwd: string;
  home: string;
}

async function deploy(service: string, place: Place): Promise<WorkloadStatus> {
  const { code, stderr } = await runCli(["svc", "deploy", "-n", service, "-e", "local"], place);
  if (code !== 0) throw new Error(`svc deploy -n ${service} ended with ${code}: ${stderr}`);
  const { stdout } = await runCli(["svc", "status", "-n", service, "-e", "local", "--json"], place);
  return JSON.parse(stdout) as WorkloadStatus;
}

/** The newest number that we have kept, and when it was printed. */
async function chunksPrinted(place: Place): Promise<{ chunk: number; at: number }> {
  return await waitFor("a numbered line", async () => {
    const args = ["svc", "logs", "-n", "noisy", "-e", "local", "--limit", String(2 * chunkLines), "--json"];
    const { stdout } = await runCli(args, place);
    const last = stdout.split("\n").findLast((line) => line.includes('"chunk '));
    if (last === undefined) return undefined;
    const { at, message } = JSON.parse(last) as { at: string; message: string };
    return { chunk: Number(message.slice(6)), at: Date.parse(at) };
  });
}

/** The port of 127.0.0.1 at which the Engine publishes port 8080 of a task. */
async function publishedPort(home: string, task: string): Promise<number> {
  const filters = [`pilotfish.owner=${ownerOf(home)}`, `pilotfish.task=${task}`].flatMap((label) => [
    "--filter",
    `label=${label}`,
  ]);
  const ports = await docker("ps", "--format", "{{.Ports}}", ...filters);
  return Number(/127\.0\.0\.1:(\d+)->8080/.exec(ports)?.[1]);
}

async function residentMegabytes(pid: number): Promise<number> {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

async function writeService(folder: string, service: string, image: string, path: string): Promise<void> {
  await mkdir(join(folder, "copilot", service), { recursive: true });
  await writeFile(join(folder, "copilot/.workspace"), "application: bench\n");
  const manifest = `name: ${service}
type: Load Balanced Web Service
image: {location: "${image}", port: 8080}
http: {path: ${path}, healthcheck: {path: /, interval: 5s, timeout: 2s}, deregistration_delay: 1s}
cpu: 256
memory: 512
`;
  await writeFile(join(folder, "copilot", service, "manifest.yml"), manifest);
}
