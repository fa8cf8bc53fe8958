import { Agent } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { Wire, ask, eventually, everythingTo, openEdge, portOf, startApp, targetAt } from "./fixture.ts";

test("requests go round over the healthy targets; failing that, over the unhealthy, then over the unchecked", async () => {
  const edge = openEdge();
  const apps = await Promise.all(["a", "b", "c"].map((name) => startApp((_, response) => response.end(name))));
  const states = async (...wanted: ("initial" | "healthy" | "unhealthy" | "draining")[]) => {
    await edge.apply(everythingTo(wanted.map((state, index) => targetAt(apps[index]!.port, `t${index}`, state))));
    const answers: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      const { status, body } = await ask(portOf(edge));
      answers.push(status === 200 ? body : String(status));
    }
    return `${wanted.join(" ")}: ${answers.toSorted().join(" ")}`;
  };
  expect([
    await states("healthy", "healthy", "healthy"),
    await states("healthy", "unhealthy", "initial"),
    await states("draining", "unhealthy", "initial"),
    await states("draining", "draining", "initial"),
    await states("draining", "draining", "draining"),
  ]).toMatchInlineSnapshot(`
    [
      "healthy healthy healthy: a a b b c c",
      "healthy unhealthy initial: a a a a a a",
      "draining unhealthy initial: b b b b b b",
      "draining draining initial: c c c c c c",
      "draining draining draining: 503 503 503 503 503 503",
    ]
  `);
});

test("a draining target finishes what is open, gets nothing new on any connection, and is reported idle once", async () => {
  const idle: string[] = [];
  const edge = openEdge({ idle: (task) => idle.push(task) });
  let finish = () => {};
  const old = await startApp((request, response) => {
    if (request.url === "/slow") finish = () => response.end("old, late");
    else response.end("old");
  });
  const fresh = await startApp((_, response) => response.end("new"));
  await edge.apply(everythingTo([targetAt(old.port, "old")]));
  const port = portOf(edge);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  expect((await ask(port, "/", { agent })).body).toBe("old");
  const slow = ask(port, "/slow");
  await eventually(() => edge.openRequests("old") === 1);

  await edge.apply(everythingTo([targetAt(old.port, "old", "draining"), targetAt(fresh.port, "new")]));
  const during = [await ask(port, "/", { agent }), await ask(port, "/", { agent }), await ask(port)].map(
    ({ body }) => body,
  );
  expect({ during, idle: [...idle], open: edge.openRequests("old") }).toEqual({
    during: ["new", "new", "new"],
    idle: [],
    open: 1,
  });

  finish();
  expect((await slow).body).toBe("old, late");
  await eventually(() => idle.length > 0);
  await eventually(() => old.sockets.size === 0, "the connections to the draining target are closed");
  await edge.apply(everythingTo([targetAt(old.port, "old", "draining"), targetAt(fresh.port, "new")]));
  await edge.apply(everythingTo([targetAt(fresh.port, "new")]));
  expect(idle).toEqual(["old"]);
});

test("a target without open requests is idle as soon as it drains, and again when it drains again", async () => {
  const idle: string[] = [];
  const edge = openEdge({ idle: (task) => idle.push(task) });
  for (const state of ["healthy", "draining", "draining", "healthy", "draining"] as const) {
    await edge.apply(everythingTo([targetAt(9, "t1", state)]));
  }
  await eventually(() => idle.length === 2);
  expect(idle).toEqual(["t1", "t1"]);
});

test("an upgraded connection counts as open while its target drains", async () => {
  const idle: string[] = [];
  const edge = openEdge({ idle: (task) => idle.push(task) });
  const app = await startApp(
    (_, response) => response.end(),
    (server) =>
      server.on("upgrade", (_, socket) =>
        socket
          .on("end", () => socket.end())
          .write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"),
      ),
  );
  await edge.apply(everythingTo([targetAt(app.port)]));
  const wire = new Wire(portOf(edge)).send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
  await wire.until(({ received }) => received.includes("101"));
  await edge.apply(everythingTo([targetAt(app.port, "t1", "draining")]));
  expect({ open: edge.openRequests("t1"), idle }).toEqual({ open: 1, idle: [] });
  wire.socket.destroy();
  await eventually(() => idle.length === 1);
});

test(
  "targets are swapped under constant load, kept connections and new ones, and no request fails",
  { timeout: 20_000 },
  async () => {
    const edge = openEdge();
    const start = (name: string) =>
      startApp((request, response) => {
        const answer = () => response.end(name);
        if (request.url === "/slow") setTimeout(answer, 300);
        else if (request.method === "POST") request.on("data", () => {}).on("end", answer);
        else answer();
      });
    const first = await start("0");
    await edge.apply(everythingTo([targetAt(first.port, "0")]));
    const port = portOf(edge);
    const agent = new Agent({ keepAlive: true, maxSockets: 32 });
    onTestFinished(() => agent.destroy());
    let running = true;
    const counts = { ok: 0, failed: [] as string[] };
    const client = async (number: number) => {
      for (let round = 0; running; round += 1) {
        const slow = round % 20 === number % 20;
        const method = !slow && round % 3 === 0 ? "POST" : "GET";
        const options = { method, ...(number % 2 === 0 ? { agent } : {}) };
        await ask(port, slow ? "/slow" : "/", options, method === "POST" ? "body" : undefined).then(
          ({ status, headers }) =>
            status === 200
              ? (counts.ok += 1)
              : counts.failed.push(`${status} ${String(headers["x-pilotfish-reason"])}`),
          (error: unknown) => counts.failed.push(String(error)),
        );
      }
    };
    const clients = Array.from({ length: 64 }, (_, number) => client(number));
    let old = { app: first, task: "0" };
    for (let swap = 1; swap <= 8; swap += 1) {
      const task = String(swap);
      const app = await start(task);
      const before = counts.ok;
      await edge.apply(everythingTo([targetAt(old.app.port, old.task), targetAt(app.port, task, "initial")]));
      await edge.apply(everythingTo([targetAt(old.app.port, old.task), targetAt(app.port, task)]));
      await eventually(() => counts.ok > before + 50);
      await edge.apply(everythingTo([targetAt(old.app.port, old.task, "draining"), targetAt(app.port, task)]));
      await eventually(() => edge.openRequests(old.task) === 0);
      await edge.apply(everythingTo([targetAt(app.port, task)]));
      old.app.server.close();
      old.app.server.closeAllConnections();
      old = { app, task };
    }
    running = false;
    await Promise.all(clients);
    expect(counts.failed).toEqual([]);
    expect(counts.ok).toBeGreaterThan(500);
  },
);
