import { once } from "node:events";
import { type AddressInfo, type Socket, createServer as createTcpServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { EdgeHealthCheck, EdgeTarget } from "../../../../src/simulator/edge/edge.ts";
import { matchesStatus } from "../../../../src/simulator/edge/status-matcher.ts";
import type { TargetCheck } from "../../../../src/simulator/engine/inputs.ts";
import { eventually, everythingTo, neverAgain, openEdge, startApp, targetAt } from "./fixture.ts";

test("a matcher takes one status, a list, ranges", () => {
  const cases: [string, number][] = [
    ["200", 200],
    ["200", 201],
    ["200,301", 301],
    ["200-299", 299],
    ["200-299", 300],
    ["200-204, 404", 404],
  ];
  expect(cases.map(([codes, status]) => `${codes}: ${status} ${matchesStatus(codes, status)}`)).toMatchInlineSnapshot(`
    [
      "200: 200 true",
      "200: 201 false",
      "200,301: 301 true",
      "200-299: 299 true",
      "200-299: 300 false",
      "200-204, 404: 404 true",
    ]
  `);
});

test("the first check goes out at once, as ELB sends it", async () => {
  const seen: unknown[] = [];
  const app = await startApp((request, response) => {
    const { host, ...headers } = request.headers;
    seen.push({ method: request.method, url: request.url, headers, host: host?.replace(String(app.port), "<port>") });
    response.end();
  });
  const { results } = await watch(targetAt(app.port, "t1", "initial"), {});
  await eventually(() => results.length === 1);
  expect({ seen, results }).toMatchInlineSnapshot(`
    {
      "results": [
        {
          "ok": true,
        },
      ],
      "seen": [
        {
          "headers": {
            "connection": "close",
            "user-agent": "ELB-HealthChecker/2.0",
          },
          "host": "127.0.0.1:<port>",
          "method": "GET",
          "url": "/health",
        },
      ],
    }
  `);
});

test("what failed is said as ELB says it", async () => {
  const wrong = await startApp((_, response) => response.writeHead(404).end());
  const silent = await startApp(() => {});
  const closed = await startApp(() => {});
  closed.server.close();
  const said = await Promise.all(
    [wrong.port, silent.port, closed.port].map(async (port) => {
      const { results } = await watch(targetAt(port, "t1", "initial"), { timeoutMs: 100, codes: "200" });
      await eventually(() => results.length > 0);
      return results[0];
    }),
  );
  expect(said).toMatchInlineSnapshot(`
    [
      {
        "counts": true,
        "description": "Health checks failed with these codes: [404]",
        "ok": false,
        "reason": "Target.ResponseCodeMismatch",
      },
      {
        "counts": true,
        "description": "Request timed out",
        "ok": false,
        "reason": "Target.Timeout",
      },
      {
        "counts": true,
        "description": "Health checks failed",
        "ok": false,
        "reason": "Target.FailedHealthChecks",
      },
    ]
  `);
});

test("a target that comes up late is noticed within an eighth of the time it took, and its failed extra probes do not count", async () => {
  const app = await startApp((_, response) => response.end());
  const { port } = app;
  app.server.close();
  await once(app.server, "close");
  const { results } = await watch(targetAt(port, "t1", "initial"), { intervalMs: 60_000 });
  await eventually(() => results.length >= 8);
  let upAt = 0;
  app.server.listen(port, "127.0.0.1", () => (upAt = performance.now()));
  await eventually(() => results.some(({ ok }) => ok));
  expect(performance.now() - upAt).toBeLessThan(1000);
  const failures = results.filter((result) => !result.ok).map((result) => !result.ok && result.counts);
  expect(failures).toEqual([true, ...failures.slice(1).map(() => false)]);
});

test("a target that has answered wrongly is asked again on the beat only, and each of these counts", async () => {
  let asked = 0;
  const app = await startApp((_, response) => {
    asked += 1;
    response.writeHead(500).end();
  });
  const began = performance.now();
  const { results } = await watch(targetAt(app.port, "t1", "initial"), { intervalMs: 100, codes: "200" });
  await eventually(() => results.length === 4);
  expect(performance.now() - began).toBeGreaterThan(295);
  expect(asked).toBe(4);
  expect(results.every((result) => !result.ok && result.counts)).toBe(true);
});

test("a draining target and one that has left are not checked", async () => {
  let asked = 0;
  const app = await startApp((_, response) => {
    asked += 1;
    response.end();
  });
  const { edge, picture, results } = await watch(targetAt(app.port), { intervalMs: 30 });
  await eventually(() => results.length > 1);
  await edge.apply(picture([targetAt(app.port, "t1", "draining")]));
  const before = { asked, results: results.length };
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(results.length).toBe(before.results);
  expect(asked - before.asked).toBeLessThanOrEqual(1);
});

test("a TCP check passes where the connection stays open, not where it is accepted and closed", async () => {
  const open = await listen((socket) => socket.on("error", () => {}));
  const closing = await listen((socket) => socket.destroy());
  const said = await Promise.all(
    [open, closing].map(async (port) => {
      const { results } = await watch(targetAt(port, "t1", "initial"), { protocol: "TCP" });
      await eventually(() => results.length > 0);
      return results[0];
    }),
  );
  expect(said).toMatchInlineSnapshot(`
    [
      {
        "ok": true,
      },
      {
        "counts": true,
        "description": "Health checks failed",
        "ok": false,
        "reason": "Target.FailedHealthChecks",
      },
    ]
  `);
});

test("a check port of its own is used, and targets made together do not beat together", async () => {
  const at: number[] = [];
  const app = await startApp((_, response) => {
    at.push(performance.now());
    response.end();
  });
  const edge = openEdge();
  const targets = Array.from({ length: 20 }, (_, index) => ({ ...targetAt(9, `t${index}`), checkPort: app.port }));
  const picture = everythingTo(targets);
  picture.targetGroups["shop/local/api/80"]!.healthCheck = { ...neverAgain, intervalMs: 400 };
  const began = performance.now();
  picture.listeners = [];
  await edge.apply(picture);
  await eventually(() => at.length >= 40);
  const second = at.slice(20, 40).map((time) => time - began);
  expect(Math.max(...second) - Math.min(...second)).toBeGreaterThan(120);
});

async function watch(target: EdgeTarget, check: Partial<EdgeHealthCheck>) {
  const results: TargetCheck[] = [];
  const edge = openEdge({ checked: (_task, _group, result) => results.push(result) });
  const picture = (targets: EdgeTarget[]) => {
    const whole = { ...everythingTo(targets), listeners: [] };
    whole.targetGroups["shop/local/api/80"]!.healthCheck = { ...neverAgain, ...check };
    return whole;
  };
  await edge.apply(picture([target]));
  return { edge, results, picture };
}

async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const server = createTcpServer(onSocket).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
