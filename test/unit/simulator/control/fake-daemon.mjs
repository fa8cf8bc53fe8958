// Keeps the protocol and nothing else: it holds a lock, says hello, tells its pid, hands over and ends when asked. Its
// build is the name of its file.
import { existsSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const home = process.env["PILOTFISH_HOME"] ?? "";
const build = basename(process.argv[1] ?? "", ".mjs");
const lock = join(home, "lock");
const path = join(home, "control.sock");
const hello = { version: build, build, pid: process.pid };
/** @type {Set<import("node:net").Socket>} */
const sockets = new Set();

await takeLock();
rmSync(path, { force: true });
const server = createServer(serve);
server.listen(path, () => report({ ready: true }));

/** As the real one: waits for a daemon that ends, gives way to one that stays. */
async function takeLock() {
  for (let tries = 0; ; tries++) {
    try {
      return writeFileSync(lock, String(process.pid), { flag: "wx" });
    } catch {
      if (!isAlive(Number(readFileSync(lock, "utf8")))) rmSync(lock, { force: true });
      else if (tries > 50 || (existsSync(path) && !existsSync(join(home, "ending")))) {
        report({ failed: { code: "simulator/busy", message: "another one" } });
        process.exit(1);
      }
      await sleep(10);
    }
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** @param {import("node:net").Socket} socket */
function serve(socket) {
  sockets.add(socket);
  const send = (/** @type {object} */ frame) => socket.write(`${JSON.stringify(frame)}\n`);
  const event = (/** @type {string} */ id) => ({ type: "service-event", at: 1, id, message: `happened at ${id}` });
  socket.on("error", () => undefined);
  socket.on("data", (/** @type {Buffer} */ bytes) => {
    for (const line of bytes.toString().split("\n").filter(Boolean)) {
      const frame = JSON.parse(line);
      if (frame.hello !== undefined) {
        if (frame.hello.build === build || frame.hello.resume) send({ hello });
        else {
          send({ moved: true });
          end(true);
        }
      } else if (frame.method === "status") send({ id: frame.id, result: { pid: process.pid, version: build } });
      else if (frame.method === "follow-service") {
        send({ id: frame.id, event: event("b1") });
        if (build === "b1") continue;
        send({ id: frame.id, event: event("b2") });
        send({ id: frame.id, result: null });
      } else if (frame.method === "shutdown") {
        send({ id: frame.id, result: null });
        end(false);
      }
    }
  });
}

/** @param {boolean} moved */
function end(moved) {
  server.close();
  for (const socket of sockets) {
    if (moved && socket.writable) socket.write('{"moved":true}\n');
    socket.end();
  }
  rmSync(lock, { force: true });
  setTimeout(() => process.exit(0), 20);
}

/** @param {object} what */
function report(what) {
  writeSync(3, JSON.stringify(what));
}
