import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { docker } from "./docker.ts";

const configuration = (places: string) => `daemon off; user root; worker_processes 1; pid /tmp/nginx.pid;
error_log /dev/null;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 1000000000; ${places}
  server { listen 8080; location / { return 200 "hello\\n"; } }
}
`;

/** Builds an image around this machine's nginx and its libraries: a fast page on port 8080. Whoever made it removes it. */
export async function buildNginxImage(reference: string, nginx: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "pilotfish-image-"));
  try {
    const { stdout } = await promisify(execFile)("ldd", [nginx]);
    for (const [, library] of stdout.matchAll(/(\/\S+)(?= \()/g)) await copyInto(folder, library ?? "", library ?? "");
    await copyInto(folder, nginx, "/bin/nginx");
    await mkdir(join(folder, "rootfs/etc"), { recursive: true });
    await mkdir(join(folder, "rootfs/tmp"));
    await writeFile(join(folder, "rootfs/etc/passwd"), "root:x:0:0::/:/bin/sh\n");
    await writeFile(join(folder, "rootfs/etc/group"), "root:x:0:\n");
    const { stderr } = await promisify(execFile)(nginx, ["-V"]);
    const places = [...stderr.matchAll(/--http-([a-z-]+-temp-path)=/g)].map(
      ([, flag = ""]) => `${flag.replaceAll("-", "_")} /tmp/${flag};`,
    );
    await writeFile(join(folder, "rootfs/etc/nginx.conf"), configuration(places.join(" ")));
    const command = JSON.stringify(["/bin/nginx", "-c", "/etc/nginx.conf", "-p", "/tmp/", "-e", "/dev/null"]);
    await writeFile(join(folder, "Dockerfile"), `FROM scratch\nCOPY rootfs/ /\nCMD ${command}\n`);
    await docker("build", "--quiet", "--tag", reference, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function copyInto(folder: string, file: string, path: string): Promise<void> {
  const to = join(folder, "rootfs", path);
  await mkdir(dirname(to), { recursive: true });
  await copyFile(file, to);
}
