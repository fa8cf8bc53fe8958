import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { arch, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseListeners } from "../../../../src/simulator/runtime/docker/listeners.ts";
import { elfExecutable } from "../../../../src/simulator/runtime/pause/elf.ts";
import type { Architecture } from "../../../../src/simulator/runtime/pause/elf.ts";
import { amd64, arm64 } from "../../../../src/simulator/runtime/pause/machine-code.ts";

interface Target {
  architecture: Architecture;
  code: Buffer;
  /** The prefix of its binutils. */
  tools: string;
  /** What runs its programs here. */
  emulator: string | undefined;
}

const own = { x64: "amd64", arm64: "arm64" }[arch() as "x64" | "arm64"];
const targets: Target[] = [
  { architecture: "amd64", code: amd64, tools: "x86_64-linux-gnu-", emulator: emulatorFor("amd64", "qemu-x86_64") },
  { architecture: "arm64", code: arm64, tools: "aarch64-linux-gnu-", emulator: emulatorFor("arm64", "qemu-aarch64") },
];

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "pilotfish-pause-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.for(targets)("the pause program for $architecture", ({ architecture, code, tools, emulator }) => {
  const noTools = spawnSync(`${tools}as`, ["--version"]).status !== 0;
  const missingTools = noTools ? ` (skipped: ${tools}as is missing: install binutils-${tools.slice(0, -1)})` : "";
  describe.skipIf(noTools)(`against its source${missingTools}`, () => {
    test("its bytes are what the assembler makes", () => {
      const source = new URL(`../../../../src/simulator/runtime/pause/pause-${architecture}.s`, import.meta.url);
      const [object, text] = [join(folder, `${architecture}.o`), join(folder, `${architecture}.bin`)];
      execFileSync(`${tools}as`, ["-o", object, source.pathname]);
      expect(execFileSync(`${tools}objdump`, ["--reloc", object]).toString()).not.toContain("RELOCATION");
      execFileSync(`${tools}objcopy`, ["-O", "binary", "-j", ".text", object, text]);
      expect(code.toString("hex")).toBe(readFileSync(text).toString("hex"));
    });
  });

  const missingEmulator =
    emulator === undefined ? ` (skipped: nothing runs ${architecture} programs: install qemu-user)` : "";
  describe.skipIf(emulator === undefined)(`when it runs${missingEmulator}`, () => {
    const program = () => {
      const file = join(folder, architecture);
      writeFileSync(file, elfExecutable(architecture, code), { mode: 0o755 });
      return emulator === "" ? [file] : [emulator!, file];
    };

    test("it says what listens in its network", async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const [command = "", ...args] = program();
      const table = execFileSync(command, [...args, "listeners"], { maxBuffer: 2 ** 28 }).toString();
      server.close();
      expect(parseListeners(table)).toContainEqual({ address: "127.0.0.1", port });
    });

    test("without an argument it waits", async () => {
      const [command = "", ...args] = program();
      const child = spawn(command, args);
      await once(child, "spawn");
      expect(child.exitCode).toBeNull();
      child.kill("SIGKILL");
      expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
    });
  });
});

/** Empty when its programs run without one. */
function emulatorFor(architecture: Architecture, emulator: string): string | undefined {
  if (platform() !== "linux") return undefined;
  if (architecture === own) return "";
  return spawnSync(emulator, ["--version"]).status === 0 ? emulator : undefined;
}
