import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { type BusyboxContents, buildBusyboxImage, removeImage, writeBusyboxContext } from "./busybox-image.ts";
import { removeImages } from "./service-folder.ts";

/** A workspace of several services. */
export interface ApplicationFolder {
  name: string;
  folder: string;
  /** An image with busybox and nothing to run, for manifests that give a command. */
  image: string;
  /** Writes a manifest, and whatever else is to lie beside it. */
  service(name: string, manifest: string, files?: Record<string, string>): Promise<void>;
  /** Writes what `build: {folder}/Dockerfile` makes. */
  context(folder: string, contents: BusyboxContents): Promise<void>;
}

let made = 0;

/** Makes a workspace of an application of its own. Folder and images go when the test has ended. */
export async function applicationFolder(): Promise<ApplicationFolder> {
  const name = `shop${process.pid}-${++made}`;
  const folder = await realpath(await mkdtemp(join(tmpdir(), "pf-application-")));
  const image = `${name}-tools:1`;
  const built: string[] = [];
  onTestFinished(async () => {
    await rm(folder, { recursive: true, force: true });
    for (const repository of built) await removeImages(repository);
    await removeImage(image);
  });
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  await write("copilot/.workspace", `application: ${name}\n`);
  await buildBusyboxImage(image, { command: ["/bin/sh"] });
  return {
    name,
    folder,
    image,
    async service(service, manifest, files = {}) {
      await write(`copilot/${service}/manifest.yml`, manifest);
      for (const [path, text] of Object.entries(files)) await write(path, text);
      built.push(`${name}/${service}`);
    },
    async context(service, contents) {
      await mkdir(join(folder, service), { recursive: true });
      await writeBusyboxContext(join(folder, service), contents);
    },
  };
}
