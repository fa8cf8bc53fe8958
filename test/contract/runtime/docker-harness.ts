import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connectDocker } from "../../../src/simulator/runtime/docker/connect-docker.ts";
import { findEngine } from "../../../src/simulator/runtime/engine-address.ts";
import type { Runtime, TaskToRun } from "../../../src/simulator/runtime/runtime.ts";
import { taskWith } from "./harness.ts";
import type { Program, RuntimeHarness } from "./harness.ts";

const busybox = "/bin/busybox";

/** What is missing for tests with a real Engine, and how to get it; undefined when nothing is. */
export const missingForDocker =
  spawnSync("docker", ["version", "--format", "{{.Server.Version}}"]).status !== 0
    ? "no Docker Engine answers: install docker.io and start dockerd"
    : !existsSync(busybox)
      ? "there is no /bin/busybox: install busybox-static"
      : undefined;

export const docker = (...args: string[]) =>
  execFileSync("docker", args, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" }).trim();

/** Nothing listens on port 1, so the Engine's pull ends at once. */
const missingImage = "127.0.0.1:1/pilotfish-test-missing:1";

/** An image with busybox, and files that no machine can run. Removed with `removeTestImage`. */
export function buildTestImage(reference: string): void {
  const folder = mkdtempSync(join(tmpdir(), "pilotfish-image-"));
  try {
    copyFileSync(busybox, join(folder, "busybox"));
    writeFileSync(join(folder, "garbage"), "\x7fELF this is no program", { mode: 0o755 });
    const lines = [
      "FROM scratch",
      "COPY busybox /bin/busybox",
      "COPY garbage /garbage",
      'RUN ["/bin/busybox", "--install", "-s", "/bin"]',
      "ENV FROM_IMAGE=yes",
      "HEALTHCHECK --interval=1s CMD false",
      'CMD ["sh"]',
    ];
    writeFileSync(join(folder, "Dockerfile"), `${lines.join("\n")}\n`);
    // Without the cache, since looking through it fails when another test removes an image meanwhile.
    execFileSync("docker", ["build", "--quiet", "--no-cache", "--tag", reference, folder], {
      env: { ...process.env, DOCKER_BUILDKIT: "0" },
      stdio: ["ignore", "ignore", "inherit"],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function removeTestImage(reference: string): void {
  spawnSync("docker", ["image", "rm", "--force", reference]);
}

export function shellTask(image: string, script: string): TaskToRun {
  return taskWith({ image, command: ["sh", "-c", script] });
}

/** A command's output, errors and exit code. */
export async function run(runtime: Runtime, task: TaskToRun, command: string[], container = "api", input = "") {
  const session = await runtime.exec(task.id, container, command);
  session.stream.end(input);
  const [output, errors] = await Promise.all([text(session.stream), text(session.errors)]);
  return { output, errors, exitCode: await session.exitCode };
}

/** The real runtime on the Engine of this machine. */
export function dockerHarness(image: string): RuntimeHarness {
  return {
    missingImage,
    open: (opening) => connectDocker({ ...opening, address: findEngine(process.env, homedir()) }),
    task: (program, others = {}) =>
      taskWith(
        { image, command: ["sh", "-c", scriptOf(program)] },
        Object.entries(others).map(([name, other]) => ({ name, image, command: ["sh", "-c", scriptOf(other)] })),
      ),
    healthCheck: { command: ["CMD", "wget", "-q", "-O", "/dev/null", "http://localhost:8080/"], interval: 1 },
    resolve: async (name, { runtime, task }) => (await addresses(runtime, task, name)).length,
    leftovers: async (owner) => leftovers(owner),
  };
}

/** What a name means inside a task. */
export async function addresses(runtime: Runtime, task: TaskToRun, name: string): Promise<string[]> {
  const { output } = await run(runtime, task, ["nslookup", name]);
  return [...output.matchAll(/^Name:.*\nAddress: (\d+\.\d+\.\d+\.\d+)$/gm)].map(([, address = ""]) => address);
}

export function leftovers(owner: string): string[] {
  const filter = ["--filter", `label=pilotfish.owner=${owner}`, "--quiet"];
  const kinds = [["ps", "--all"], ["network", "ls"], ["volume", "ls"], ["images"]];
  return kinds.flatMap((kind) => docker(...kind, ...filter).split("\n")).filter(Boolean);
}

function scriptOf(program: Program): string {
  const stopPolitely = "trap 'exit 0' TERM";
  const wait = "sleep 1000 & wait $!";
  switch (program.does) {
    case "serve":
      return `${stopPolitely}; mkdir -p /www; echo hello > /www/index.html; httpd -p 8080 -h /www; echo serving; ${wait}`;
    case "exit":
      return [...program.prints.map((line) => `echo ${line}`), `exit ${program.code}`].join("; ");
    case "count":
      return `i=0; while [ $i -lt ${program.to} ]; do i=$((i+1)); echo "line $i"; [ $((i%50)) = 0 ] && sleep 0.02; done; exit 0`;
    case "ignore-stop":
      return "trap '' TERM; echo ready; while true; do sleep 1; done";
  }
}
