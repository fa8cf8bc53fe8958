import { execFile } from "node:child_process";
import { chmod, cp, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { findStaticBusybox, loaderOf } from "../static-program.ts";

const sources = join("manifests", "load-balanced-web-service");

/** The sample in a folder of its own, as somebody would copy it, under an application name that nobody else has. */
export interface Sample {
  folder: string;
  app: string;
  service: string;
  /** What its container runs: `busybox`, or `Node` with its libraries; undefined when neither is a Linux program. */
  program: "busybox" | "Node" | undefined;
  /** Changes the page, so that the next deploy has something to do. */
  writeVersion(version: number): Promise<void>;
}

export async function copySample(root: string, folder: string, app: string): Promise<Sample> {
  await cp(join(root, sources), folder, { recursive: true });
  await writeFile(join(folder, "copilot/.workspace"), `application: ${app}\n`);
  const page = join(folder, "site/index.html");
  return {
    folder,
    app,
    service: "hello",
    program: await addProgram(folder),
    writeVersion: async (version) => {
      const text = await readFile(page, "utf8");
      await writeFile(page, text.replace(/version \d+/, `version ${version}`));
    },
  };
}

/** Puts a program that is on this machine where the sample's Dockerfile takes it from. */
async function addProgram(folder: string): Promise<Sample["program"]> {
  const busybox = findStaticBusybox();
  await mkdir(join(folder, "rootfs/bin"), { recursive: true });
  if (busybox !== undefined) {
    await copyFile(busybox, join(folder, "rootfs/bin/busybox"));
    await addStart(folder, "serve-with-busybox");
    return "busybox";
  }
  if (process.platform !== "linux" || loaderOf(process.execPath) === undefined) return undefined;
  await copyFile(process.execPath, join(folder, "rootfs/bin/node"));
  for (const library of await librariesOfNode()) {
    const target = join(folder, "rootfs", library);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(library, target);
  }
  await addStart(folder, "serve-with-node");
  return "Node";
}

async function addStart(folder: string, program: string): Promise<void> {
  const start = join(folder, "rootfs/bin/serve");
  await copyFile(join(folder, "programs", program), start);
  await chmod(start, 0o755);
}

/** The shared libraries that Node has loaded, and the loader itself, by their paths. */
async function librariesOfNode(): Promise<string[]> {
  const print = "process.stdout.write(JSON.stringify(process.report.getReport().sharedObjects))";
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", print], { env: {} });
  const loaded = (JSON.parse(stdout) as string[]).filter((path) => path.startsWith("/"));
  const loader = loaderOf(process.execPath);
  return [...new Set(loader?.startsWith("/") ? [...loaded, loader] : loaded)];
}
