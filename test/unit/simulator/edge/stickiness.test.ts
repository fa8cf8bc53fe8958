import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { StickyCookies } from "../../../../src/simulator/edge/sticky-cookies.ts";
import { ask, everythingTo, openEdge, portOf, startApp, targetAt } from "./fixture.ts";

const noon = Date.UTC(2026, 0, 1, 12);

test("cookies as an ALB writes them", () => {
  const lines = new StickyCookies(randomBytes(32)).issue("shop/local/api/main", "t1", 60, noon);
  expect(lines.replaceAll(/=[A-Za-z0-9+/]{40,}=*;/g, "=<sealed>;").split("\r\n")).toMatchInlineSnapshot(`
    [
      "Set-Cookie: AWSALB=<sealed>; Expires=Thu, 08 Jan 2026 12:00:00 GMT; Path=/",
      "Set-Cookie: AWSALBCORS=<sealed>; Expires=Thu, 08 Jan 2026 12:00:00 GMT; Path=/; SameSite=None; Secure",
      "",
    ]
  `);
});

test("a cookie holds for its group and its time, and only with the key that made it", () => {
  const key = randomBytes(32);
  const cookies = new StickyCookies(key);
  const value = valueOf(cookies.issue("g1", "t1", 60, noon));
  const read = (jar: string, group = "g1", at = noon, by = cookies) =>
    by.read(`GET / HTTP/1.1\r\n${jar}\r\n`, group, at);
  expect([
    read(`Cookie: AWSALB=${value}`),
    read(`cookie: a=b; AWSALB=${value}; c=d`),
    read(`Cookie: a=b\r\nX: y\r\nCookie: AWSALB=${value}`),
    read(`Cookie: AWSALB=${value}`, "g1", noon, new StickyCookies(key)),
    read(`Cookie: AWSALBCORS=${value}; AWSALB=${valueOf(cookies.issue("g1", "t2", 60, noon))}`),
    read(`Cookie: AWSALBCORS=nonsense; AWSALB=${value}`),
  ]).toEqual(["t1", "t1", "t1", "t1", "t1", "t1"]);
  expect([
    read(`Cookie: AWSALB=${value}`, "g2"),
    read(`Cookie: AWSALB=${value}`, "g1", noon + 60_000),
    read(`Cookie: AWSALB=${value}`, "g1", noon, new StickyCookies(randomBytes(32))),
    read(`X-Cookie: AWSALB=${value}`),
    read("Accept: */*"),
  ]).toEqual([undefined, undefined, undefined, undefined, undefined]);
});

test("whatever stands in a cookie, it binds to nobody and harms nothing; a changed byte makes it worthless", () => {
  const cookies = new StickyCookies(randomBytes(32));
  const sealed = Buffer.from(valueOf(cookies.issue("g", "t", 60, noon)), "base64");
  const read = (value: string) => cookies.read(`GET / HTTP/1.1\r\nCookie: AWSALB=${value}\r\n`, "g", noon);
  fc.assert(
    fc.property(
      fc.nat(sealed.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.string({ maxLength: 200 }),
      (at, by, any) => {
        const changed = Buffer.from(sealed);
        changed[at]! ^= by;
        expect(read(changed.toString("base64"))).toBeUndefined();
        expect(read(any)).toBeUndefined();
      },
    ),
    { numRuns: 500 },
  );
});

test("a client with its cookie stays with its task; one without gets the next", async () => {
  const { edge, tasks } = await sticky();
  const first = await ask(portOf(edge));
  const jar = jarOf(first.headers["set-cookie"]);
  const held = [];
  for (let n = 0; n < 6; n += 1) held.push((await ask(portOf(edge), "/", { headers: { Cookie: jar } })).body);
  expect(new Set([...held, first.body])).toEqual(new Set([first.body]));
  const free = [];
  for (let n = 0; n < 6; n += 1) free.push((await ask(portOf(edge))).body);
  expect(new Set(free)).toEqual(new Set(tasks));
});

test("when its task drains, is unhealthy or has gone, a client gets another one and its cookie", async () => {
  const { edge, apply } = await sticky();
  let { headers, body } = await ask(portOf(edge));
  for (const state of ["draining", "unhealthy", undefined] as const) {
    const jar = jarOf(headers["set-cookie"]);
    await apply(body, state);
    const moved = await ask(portOf(edge), "/", { headers: { Cookie: jar } });
    expect(moved.body).not.toBe(body);
    const stays = await ask(portOf(edge), "/", { headers: { Cookie: jarOf(moved.headers["set-cookie"]) } });
    expect(stays.body).toBe(moved.body);
    ({ headers, body } = stays);
    await apply();
  }
});

test("without stickiness no cookie is set", async () => {
  const edge = openEdge();
  const app = await startApp((_, response) => response.end());
  await edge.apply(everythingTo([targetAt(app.port)]));
  expect((await ask(portOf(edge))).headers["set-cookie"]).toBeUndefined();
});

/** Three tasks that say their names, behind a group with stickiness. */
async function sticky() {
  const edge = openEdge();
  const tasks = ["t1", "t2", "t3"];
  const apps = await Promise.all(tasks.map((task) => startApp((_, response) => response.end(task))));
  const { listeners, targetGroups } = everythingTo([]);
  const [group] = Object.values(targetGroups);
  /** One of them in another state, or not there. */
  const apply = async (changed?: string, state?: "draining" | "unhealthy") => {
    const targets = tasks.flatMap((task, i) => {
      if (task !== changed) return [targetAt(apps[i]!.port, task)];
      return state === undefined ? [] : [targetAt(apps[i]!.port, task, state)];
    });
    const next = { ...group!, stickiness: { type: "lb_cookie", seconds: 3600 } as const, targets };
    await edge.apply({ listeners, targetGroups: { [next.id]: next } });
  };
  await apply();
  return { edge, tasks, apply };
}

function valueOf(lines: string): string {
  return /AWSALB=([^;]*);/.exec(lines)?.[1] ?? "";
}

function jarOf(setCookies: string[] = []): string {
  return setCookies.map((line) => line.split(";")[0]).join("; ");
}
