import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent } from "node:http";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { EdgePicture } from "../../../../src/simulator/edge/edge.ts";
import { portOwner } from "../../../../src/simulator/edge/port-owner.ts";
import { Wire, ask, eventually, everythingTo, firstPort, openEdge, portOf, startApp, targetAt } from "./fixture.ts";

test("the rule with the lowest priority whose path matches decides, and a change holds at once", async () => {
  const edge = openEdge();
  const apps = await Promise.all(["api", "admin", "rest"].map((name) => startApp((_, response) => response.end(name))));
  const group = (index: number) => ({
    ...everythingTo([targetAt(apps[index]!.port, `t${index}`)]).targetGroups["shop/local/api/80"]!,
    id: String(index),
  });
  const picture: EdgePicture = {
    listeners: [
      {
        id: "http",
        firstPort: firstPort(),
        rules: [
          { priority: 50_000, paths: ["/*"], targetGroup: "2" },
          { priority: 2, paths: ["/api", "/api/*"], targetGroup: "0" },
          { priority: 1, paths: ["/*/admin"], targetGroup: "1" },
        ],
      },
    ],
    targetGroups: { "0": group(0), "1": group(1), "2": group(2) },
  };
  await edge.apply(picture);
  const where = async () =>
    Promise.all(
      ["/", "/api", "/api/x?y=/admin", "/api/admin", "/Api", "/apis"].map(
        async (path) => `${path} ${(await ask(portOf(edge), path)).body}`,
      ),
    );
  expect(await where()).toMatchInlineSnapshot(`
    [
      "/ rest",
      "/api api",
      "/api/x?y=/admin api",
      "/api/admin admin",
      "/Api rest",
      "/apis rest",
    ]
  `);
  await edge.apply({
    ...picture,
    listeners: [{ ...picture.listeners[0]!, rules: [{ priority: 1, paths: ["/*"], targetGroup: "1" }] }],
  });
  expect(await where()).toMatchInlineSnapshot(`
    [
      "/ admin",
      "/api admin",
      "/api/x?y=/admin admin",
      "/api/admin admin",
      "/Api admin",
      "/apis admin",
    ]
  `);
});

// Another program may take one of the three ports meanwhile; a further try has others.
test(
  "without a kept port the first free one is taken, never one that another listener keeps",
  { retry: 4 },
  async () => {
    const edge = openEdge();
    const first = firstPort();
    const rules = everythingTo([]).listeners[0]!.rules;
    await edge.apply({
      listeners: [
        { id: "searching", firstPort: first, rules },
        { id: "searching too", firstPort: first, rules },
        { id: "kept", port: first, firstPort: first, rules },
      ],
      targetGroups: {},
    });
    expect(
      [portOf(edge, "kept"), portOf(edge, "searching"), portOf(edge, "searching too")].map((port) => port - first),
    ).toEqual([0, 1, 2]);
  },
);

test("a kept port that another program has is reported with its name, the rest is served, and it is taken once it is free", async () => {
  const edge = openEdge();
  const port = firstPort();
  const script = `require("net").createServer().listen(${port}, "127.0.0.1", () => console.log("up"))`;
  const other = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void other.kill());
  await once(other.stdout, "data");
  const rules = everythingTo([]).listeners[0]!.rules;
  const picture = {
    listeners: [
      { id: "taken", port, firstPort: port, rules },
      { id: "free", firstPort: port, rules },
    ],
    targetGroups: {},
  };
  await edge.apply(picture);
  expect(edge.bindings()["taken"]).toEqual({ error: `port ${port} is taken by node (pid ${other.pid})`, wanted: port });
  expect(portOf(edge, "free")).toBeGreaterThan(port);
  other.kill();
  await once(other, "exit");
  await edge.apply(picture);
  expect(portOf(edge, "taken")).toBe(port);
});

test("a port that is taken in one family only is taken", async ({ skip }) => {
  const edge = openEdge();
  const port = firstPort();
  const other = createServer();
  const bound = await new Promise<boolean>((resolve) => {
    other.on("error", () => resolve(false)).listen({ port, host: "::1", ipv6Only: true }, () => resolve(true));
  });
  onTestFinished(() => void other.close());
  if (!bound) skip("this machine has no ::1");
  const rules = everythingTo([]).listeners[0]!.rules;
  await edge.apply({ listeners: [{ id: "http", firstPort: port, rules }], targetGroups: {} });
  expect(portOf(edge)).toBe(port + 1);
  expect(await portOwner(port)).toMatch(new RegExp(`\\(pid ${process.pid}\\)$`));
});

test("a listener that is taken away ends its unused connections, finishes the used ones and frees the port", async () => {
  const edge = openEdge();
  let finish = () => {};
  const app = await startApp((_, response) => (finish = () => void response.end("late")));
  await edge.apply(everythingTo([targetAt(app.port)]));
  const port = portOf(edge);
  const unused = new Wire(port);
  const used = new Wire(port).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await eventually(() => edge.openRequests("t1") === 1);
  await edge.apply({ ...everythingTo([targetAt(app.port)]), listeners: [] });
  expect(await unused.whole()).toBe("");
  expect(used.ended).toBe(false);
  finish();
  expect(await used.whole()).toMatch(/Connection: close[^]*late/);
  await edge.apply(everythingTo([targetAt(app.port)], port));
  expect(portOf(edge)).toBe(port);
});

test("closing waits for open requests as long as it is told to, then ends them", async () => {
  const app = await startApp((request, response) =>
    request.url === "/soon" ? setTimeout(() => response.end("soon"), 50) : undefined,
  );
  const edge = openEdge();
  await edge.apply(everythingTo([targetAt(app.port)]));
  const port = portOf(edge);
  const soon = ask(port, "/soon");
  const never = ask(port, "/never").then(
    () => "answered",
    () => "ended",
  );
  await eventually(() => edge.openRequests("t1") === 2);
  const began = performance.now();
  await edge.close(300);
  expect(performance.now() - began).toBeGreaterThan(250);
  expect([(await soon).body, await never]).toEqual(["soon", "ended"]);
  await expect(ask(port)).rejects.toThrow("ECONNREFUSED");
});

test("rules and target groups that change under load lose no request", async () => {
  const edge = openEdge();
  const [one, two] = await Promise.all(["one", "two"].map((name) => startApp((_, response) => response.end(name))));
  const group = (id: string, port: number) => ({
    ...everythingTo([targetAt(port, id)]).targetGroups["shop/local/api/80"]!,
    id,
  });
  const groups = { a: group("a", one!.port), b: group("b", two!.port) };
  const first = firstPort();
  const rule = (targetGroup: string, hosts?: string[]) => ({ priority: 1, paths: ["/*"], hosts, targetGroup });
  const pictures: EdgePicture[] = [
    { listeners: [{ id: "http", firstPort: first, rules: [rule("a")] }], targetGroups: groups },
    { listeners: [{ id: "http", firstPort: first, rules: [rule("b", ["127.0.0.1"])] }], targetGroups: groups },
    {
      listeners: [{ id: "http", firstPort: first, rules: [rule("b")] }],
      targetGroups: { b: { ...groups.b, stickiness: { type: "lb_cookie", seconds: 60 } } },
    },
    {
      listeners: [{ id: "http", firstPort: first, rules: [rule("a")] }],
      targetGroups: { a: { ...groups.a, targets: [...groups.a.targets, targetAt(two!.port, "b", "draining")] } },
    },
  ];
  await edge.apply(pictures[0]!);
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  onTestFinished(() => agent.destroy());
  const heard: Record<string, number> = {};
  let going = true;
  const clients = Array.from({ length: 8 }, async () => {
    while (going) {
      const { status, body } = await ask(portOf(edge), "/", { agent });
      heard[`${status} ${body}`] = (heard[`${status} ${body}`] ?? 0) + 1;
    }
  });
  for (let round = 1; round <= 40; round += 1) {
    await edge.apply(pictures[round % pictures.length]!);
    const before = total(heard);
    await eventually(() => total(heard) > before + 8);
  }
  going = false;
  await Promise.all(clients);
  expect(Object.keys(heard).toSorted()).toEqual(["200 one", "200 two"]);
});

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
