import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type BusyboxContents, writeBusyboxContext } from "./busybox-image.ts";
import { docker } from "./docker.ts";

/** A workspace with one service that is built from this machine's busybox. */
export interface ServiceFolder {
  folder: string;
  /** The service's image, whose tag every build moves. */
  repository: string;
  /** Replaces what the next build makes. */
  write(contents: BusyboxContents): Promise<void>;
  /** Replaces the manifest; `name` and `type` are put before it. */
  manifest(text: string): Promise<void>;
}

let made = 0;

/** Makes a workspace of an application of its own. Folder and images go when the test has ended. */
export async function serviceFolder(
  name: string,
  contents: BusyboxContents,
  manifest: string,
  type = "Load Balanced Web Service",
): Promise<ServiceFolder> {
  const application = `app${process.pid}-${++made}`;
  const folder = await realpath(await mkdtemp(join(tmpdir(), "pf-service-")));
  const repository = `${application}/${name}`;
  onTestFinished(async () => {
    await rm(folder, { recursive: true, force: true });
    await removeImages(repository);
  });
  const service: ServiceFolder = {
    folder,
    repository,
    write: (next) => writeBusyboxContext(folder, next),
    async manifest(text) {
      const head = `name: ${name}\ntype: ${type}\n`;
      await writeFile(join(folder, "copilot", name, "manifest.yml"), `${head}${text}`);
    },
  };
  await mkdir(join(folder, "copilot", name), { recursive: true });
  await writeFile(join(folder, "copilot", ".workspace"), `application: ${application}\n`);
  await service.manifest(manifest);
  await service.write(contents);
  return service;
}

/** Also those that a later build took the name from. */
export async function removeImages(repository: string): Promise<void> {
  const ids = (await docker("image", "ls", "--quiet", "--all", "--filter", `reference=${repository}`)).split("\n");
  const wanted = [...new Set(ids.filter(Boolean))];
  if (wanted.length > 0) await docker("image", "rm", "--force", ...wanted);
}

/** A program that serves one page, says so in its log, and ends politely. CGI scripts below /www/cgi-bin can be added. */
export function pageServer(page: string, files: Record<string, string> = {}): BusyboxContents {
  return {
    files: { "/www/index.html": page, ...files },
    command: ["/bin/sh", "-c", `echo 'serving ${page}'; trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait`],
    port: 8080,
  };
}
