/** `npm run chaos -- --minutes 10 [--seed N]`: services under load, random blows, and figures at the end. */
import { randomInt } from "node:crypto";
import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChaos } from "./chaos/run-chaos.ts";
import { buildBusyboxImage, removeImage } from "./busybox-image.ts";
import { endSimulator } from "./end-simulator.ts";
import { pageServer } from "./service-folder.ts";

const argument = (name: string) => process.argv[process.argv.indexOf(name) + 1 || process.argv.length];
const minutes = Number(argument("--minutes") ?? 10);
const seed = Number(argument("--seed") ?? randomInt(2 ** 31));
const home = realpathSync(mkdtempSync(join(tmpdir(), "pf-chaos-")));
const image = `pilotfish-chaos-${process.pid}:one`;

print(`${minutes} minutes of chaos; the same again: npm run chaos -- --minutes ${minutes} --seed ${seed}`);
try {
  await buildBusyboxImage(image, pageServer("one"));
  const report = await runChaos({ home, image, seconds: minutes * 60, seed, print });
  print(JSON.stringify(report, undefined, 2));
} finally {
  await endSimulator(home);
  await removeImage(image);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
