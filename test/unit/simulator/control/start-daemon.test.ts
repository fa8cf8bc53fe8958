import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { locateHome, prepareHome } from "../../../../src/simulator/control/home.ts";
import { SimulatorClient } from "../../../../src/simulator/client.ts";

let folder: string;
let home: string;
const clients: SimulatorClient[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pf-start-"));
  home = join(folder, "home");
});
afterEach(async () => {
  for (const one of clients.splice(0)) {
    one.close();
    await one.shutdown();
  }
  rmSync(folder, { recursive: true, force: true });
});

describe("the client starts the daemon", () => {
  test("once, when two clients come at the same moment", async () => {
    const file = fakeDaemon("b1");
    const [one, two] = [client(file, "b1"), client(file, "b1")];
    const answers = await Promise.all([one.call("status", {}), two.call("status", {}), two.call("status", {})]);
    expect(new Set(answers.map(({ pid }) => pid)).size).toBe(1);
  });

  test("again, when the one before was killed and left its socket", async () => {
    const file = fakeDaemon("b1");
    const one = client(file, "b1");
    const { pid } = await one.call("status", {});
    process.kill(pid, "SIGKILL");
    await expect.poll(() => one.isRunning()).toBe(false);
    expect(existsSync(one.home.socket)).toBe(true);
    expect((await client(file, "b1").call("status", {})).pid).not.toBe(pid);
  });

  test("of another build after the one that runs, and a client that was moved stays with it", async () => {
    const old = client(fakeDaemon("b1"), "b1");
    const before = await old.call("status", {});
    const next = client(fakeDaemon("b2"), "b2");
    const after = await next.call("status", {});
    expect([before.version, after.version]).toEqual(["b1", "b2"]);
    expect((await old.call("status", {})).pid).toBe(after.pid);
  });

  test("and goes on with a stream after a hand-over, without what it has told already", async () => {
    const old = client(fakeDaemon("b1"), "b1");
    const seen: string[] = [];
    const followed = old.stream("follow-service", { serviceId: "shop/local/api" }, new AbortController().signal);
    let next: SimulatorClient | undefined;
    for await (const event of followed) {
      seen.push(event.type === "service-event" ? event.message : event.type);
      if (next !== undefined || event.type !== "service-event") continue;
      next = client(fakeDaemon("b2"), "b2");
      await next.call("status", {});
    }
    expect(seen).toEqual(["happened at b1", "happened at b2"]);
  });

  test("and says in the daemon's own words why it cannot", async () => {
    const refusing = client(
      program(`report({ failed: { code: "engine/remote", message: "far away", hint: "come" } })`),
      "b1",
    );
    await expect(refusing.call("status", {})).rejects.toMatchObject({ code: "engine/remote", message: "far away" });
    const broken = client(
      program(`report({ failed: { code: "internal", message: "oops", stack: "at x" } }); process.exit(1)`),
      "b1",
    );
    await expect(broken.call("status", {})).rejects.toMatchObject({
      code: "simulator/start-failed",
      message: "the simulator did not start: oops",
      hint: `read ${join(home, "daemon.log")}`,
    });
    const silent = client(program(`process.exit(7)`), "b1");
    await expect(silent.call("status", {})).rejects.toMatchObject({
      message: "the simulator did not start: it ended with exit code 7",
    });
  });

  test("ends it and waits until its process is gone", async () => {
    const one = client(fakeDaemon("b1"), "b1");
    const { pid } = await one.call("status", {});
    expect(await one.shutdown()).toBe(true);
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    expect(await one.shutdown()).toBe(false);
  });

  test("with an empty log when the old one has grown large", async () => {
    const one = client(fakeDaemon("b1"), "b1");
    prepareHome(one.home);
    writeFileSync(one.home.daemonLog, Buffer.alloc(6 * 2 ** 20));
    await one.call("status", {});
    expect([statSync(one.home.daemonLog).size, statSync(`${one.home.daemonLog}.1`).size]).toEqual([0, 6 * 2 ** 20]);
  });
});

describe("the state folder", () => {
  test("may be given by a relative path", () => {
    expect(locateHome({ PILOTFISH_HOME: "x" }).folder).toBe(join(process.cwd(), "x"));
    expect(locateHome({ XDG_STATE_HOME: "x" }).folder).toBe(join(process.cwd(), "x/pilotfish"));
  });

  test("with a long path has its socket on a short one, the same whatever TMPDIR says", () => {
    const long = join(folder, "l".repeat(120));
    const { socket } = locateHome({ PILOTFISH_HOME: long });
    expect(Buffer.byteLength(socket)).toBeLessThan(101);
    const before = process.env["TMPDIR"];
    process.env["TMPDIR"] = folder;
    expect(locateHome({ PILOTFISH_HOME: long }).socket).toBe(socket);
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  });

  test("that is new is its owner's alone", () => {
    prepareHome(locateHome({ PILOTFISH_HOME: home }));
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(statSync(join(home, "logs")).mode & 0o777).toBe(0o700);
  });

  test("that others could look into is closed to them, unless it holds what is not ours", () => {
    for (const [name, holds, mode] of [
      ["empty", [], 0o700],
      ["ours", ["owner", "state.db"], 0o700],
      ["other", ["notes.txt"], 0o755],
    ] as const) {
      const given = join(folder, name);
      mkdirSync(given, { mode: 0o755 });
      for (const file of holds) writeFileSync(join(given, file), "");
      prepareHome(locateHome({ PILOTFISH_HOME: given }));
      expect([name, statSync(given).mode & 0o777]).toEqual([name, mode]);
    }
  });

  test.runIf(existsSync("/proc/self"))("where none can be made is refused at once", () => {
    expect(() => prepareHome(locateHome({ PILOTFISH_HOME: "/proc/none/at/all" }))).toThrow(
      "the simulator cannot use /proc/none/at/all: no folder can be made there",
    );
  });

  test("may be a link to one", () => {
    mkdirSync(join(folder, "real"), { mode: 0o755 });
    symlinkSync(join(folder, "real"), home);
    expect(() => prepareHome(locateHome({ PILOTFISH_HOME: home }))).not.toThrow();
    expect(statSync(join(folder, "real")).mode & 0o777).toBe(0o755);
  });

  test("that cannot be used is named, with what to do", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => prepareHome(locateHome({ PILOTFISH_HOME: join(folder, "file") }))).toThrow(
      `the simulator cannot use ${join(folder, "file")}: it is not a folder`,
    );
    expect(() => prepareHome(locateHome({ PILOTFISH_HOME: join(folder, "file/home") }))).toThrow(
      `the simulator cannot use ${join(folder, "file/home")}: a part of its path is not a folder`,
    );
  });

  test.skipIf(process.getuid?.() === 0)("that must not be written is named", () => {
    mkdirSync(home);
    chmodSync(home, 0o500);
    expect(() => prepareHome(locateHome({ PILOTFISH_HOME: home }))).toThrow(/permission denied/);
  });
});

function client(daemonFile: string, build: string): SimulatorClient {
  const made = new SimulatorClient({ env: { PILOTFISH_HOME: home }, daemonFile, hello: { version: build, build } });
  clients.push(made);
  return made;
}

let programs = 0;

/** A program that does this in place of the daemon. */
function program(text: string): string {
  const file = join(folder, `program-${++programs}.mjs`);
  const report = `import { writeSync } from "node:fs"; const report = (what) => writeSync(3, JSON.stringify(what));`;
  writeFileSync(file, `${report}\n${text}\n`);
  return file;
}

/** A copy, since its name is its build. */
function fakeDaemon(build: string): string {
  const file = join(folder, `${build}.mjs`);
  copyFileSync(fileURLToPath(new URL("./fake-daemon.mjs", import.meta.url)), file);
  return file;
}
