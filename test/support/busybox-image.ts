import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { docker } from "./docker.ts";
import { findStaticBusybox } from "./static-program.ts";

export interface BusyboxContents {
  /** Path in the image → text. A path below `/bin` can be run. */
  files?: Record<string, string>;
  /** What a container runs: `["/bin/sh", "-c", "…"]`. */
  command: string[];
  /** For EXPOSE. */
  port?: number;
}

/** Writes a Dockerfile with its context, `FROM scratch` around this machine's busybox, whose tools lie in /bin. */
export async function writeBusyboxContext(
  folder: string,
  { files = {}, command, port }: BusyboxContents,
): Promise<void> {
  const busybox = findStaticBusybox();
  if (busybox === undefined) throw new Error("there is no static busybox: apt-get install busybox-static");
  await rm(join(folder, "rootfs"), { recursive: true, force: true });
  await mkdir(join(folder, "rootfs/bin"), { recursive: true });
  await copyFile(busybox, join(folder, "rootfs/bin/busybox"));
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, "rootfs", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: path.startsWith("/bin/") ? 0o755 : 0o644 });
  }
  const lines = [
    "FROM scratch",
    "COPY rootfs/ /",
    `RUN ["/bin/busybox", "--install", "-s", "/bin"]`,
    ...(port === undefined ? [] : [`EXPOSE ${port}`]),
    `CMD ${JSON.stringify(command)}`,
  ];
  await writeFile(join(folder, "Dockerfile"), `${lines.join("\n")}\n`);
}

/** Builds an image under this name and answers its id. Whoever made it removes it: {@link removeImage}. */
export async function buildBusyboxImage(reference: string, contents: BusyboxContents): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "pilotfish-image-"));
  try {
    await writeBusyboxContext(folder, contents);
    await docker("build", "--quiet", "--tag", reference, folder);
    return await docker("image", "inspect", "--format", "{{.Id}}", reference);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes an image by its name or id, also when it is gone already. */
export async function removeImage(reference: string): Promise<void> {
  await docker("image", "rm", "--force", reference).catch((error: Error) => {
    if (!error.message.includes("No such image")) throw error;
  });
}
