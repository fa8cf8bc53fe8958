import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { WorkloadStatus } from "../../src/providers/provider.ts";
import { buildBusyboxImage, removeImage } from "../support/busybox-image.ts";
import { type CliResult, runCli, startCli } from "../support/run-cli.ts";
import { atMost, median, type Row } from "./row.ts";

const rounds = 7;
const port = 8080;

/** Deploys a prebuilt image through a running daemon until the load balancer first answers with it, and does the same by
 *  hand: two `docker run`s and asking until there is an answer. In turn; the median of the ratios. */
export async function benchDeploy(home: string): Promise<Row> {
  const folder = await mkdtemp(join(tmpdir(), "pilotfish-bench-"));
  const image = `pilotfish-bench-${randomBytes(4).toString("hex")}:1`;
  try {
    await buildBusyboxImage(image, {
      files: { "/site/index.html": "hello\n" },
      // The first process of a container gets no signal that it has not asked for.
      command: ["/bin/sh", "-c", `trap 'exit 0' TERM; httpd -f -p 0.0.0.0:${port} -h /site & wait`],
      port,
    });
    const service = { folder, home };
    // A second service keeps the load balancer's port open while the first one comes and goes.
    await writeService(folder, "anchor", "/anchor", image);
    await writeService(folder, "web", "/", image);
    await finished(runCli(deployArgs("anchor"), { cwd: folder, home }));
    const url = new URL("/", await urlOf(service, "anchor")).href;
    await deployOurs(service, url);
    await runByHand(image);
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const oursFirst = round % 2 === 0;
      const first = oursFirst ? await deployOurs(service, url) : await runByHand(image);
      const second = oursFirst ? await runByHand(image) : await deployOurs(service, url);
      ratios.push(oursFirst ? first / second : second / first);
    }
    await remove(service, "anchor");
    return atMost(1.5, { name: deployName, value: median(ratios), unit: deployUnit });
  } finally {
    await removeImage(image);
    await rm(folder, { recursive: true, force: true });
  }
}

export const deployName = "svc deploy to the first answer through the load balancer";
export const deployUnit = "times two docker runs";

const deployArgs = (service: string): string[] => ["svc", "deploy", "-n", service, "-e", "local"];

interface Place {
  folder: string;
  home: string;
}

async function writeService(folder: string, name: string, path: string, image: string): Promise<void> {
  await mkdir(join(folder, "copilot", name), { recursive: true });
  await writeFile(join(folder, "copilot/.workspace"), "application: bench\n");
  const manifest = [
    `name: ${name}`,
    "type: Load Balanced Web Service",
    "image:",
    `  location: ${image}`,
    `  port: ${port}`,
    "http:",
    `  path: ${path}`,
    "  healthcheck: /",
    "  deregistration_delay: 1s",
    "cpu: 256",
    "memory: 512",
    "count: 1",
  ];
  await writeFile(join(folder, "copilot", name, "manifest.yml"), `${manifest.join("\n")}\n`);
}

/** Milliseconds from the command to the first answer. The service is gone again afterwards. */
async function deployOurs({ folder, home }: Place, url: string): Promise<number> {
  const start = performance.now();
  const ended = finished(startCli(deployArgs("web"), { cwd: folder, home }).result);
  const [answered] = await Promise.all([firstAnswer(url), ended]);
  await remove({ folder, home }, "web");
  return answered - start;
}

/** Milliseconds from the first `docker run` to the first answer. */
async function runByHand(image: string): Promise<number> {
  const published = await freePort();
  const name = `pilotfish-bench-${randomBytes(4).toString("hex")}`;
  try {
    const start = performance.now();
    await docker(
      "run",
      "--detach",
      "--name",
      name,
      "--publish",
      `127.0.0.1:${published}:${port}`,
      image,
      "/bin/sleep",
      "1000",
    );
    await docker("run", "--detach", "--name", `${name}-app`, "--network", `container:${name}`, image);
    return (await firstAnswer(`http://127.0.0.1:${published}/`)) - start;
  } finally {
    await docker("rm", "--force", `${name}-app`, name);
  }
}

/** The moment at which the address first answers with status 200. */
async function firstAnswer(url: string): Promise<number> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const status = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      async (response) => (await response.arrayBuffer(), response.status),
      () => undefined,
    );
    if (status === 200) return performance.now();
    await delay(5);
  }
  throw new Error(`${url} did not answer`);
}

async function urlOf({ folder, home }: Place, service: string): Promise<string> {
  const status = await finished(
    runCli(["svc", "status", "-n", service, "-e", "local", "--json"], { cwd: folder, home }),
  );
  const [url] = (JSON.parse(status.stdout) as WorkloadStatus).urls;
  if (url === undefined) throw new Error("the service has no address");
  return url;
}

async function remove({ folder, home }: Place, service: string): Promise<void> {
  await finished(runCli(["svc", "delete", "-n", service, "-e", "local", "--yes"], { cwd: folder, home }));
}

async function finished(result: Promise<CliResult>): Promise<CliResult> {
  const done = await result;
  if (done.code !== 0) throw new Error(`pilotfish ended with exit code ${done.code}: ${done.stderr}${done.stdout}`);
  return done;
}

async function docker(...args: string[]): Promise<void> {
  await promisify(execFile)("docker", args);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return free;
}
