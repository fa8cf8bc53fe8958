import { expect, test } from "vitest";
import { Balancers } from "../../../../src/simulator/daemon/balancers.ts";
import { readFirstPort } from "../../../../src/simulator/daemon/first-port.ts";
import type { Binding, Edge, EdgePicture } from "../../../../src/simulator/edge/edge.ts";
import { emptyState, stepAll } from "../../../../src/simulator/engine/engine.ts";
import { deployInput } from "./deploy-input.ts";

test("a listener keeps the port that it was given once, also when it was the next free one", async () => {
  const settings = new Map<string, string>();
  const one = subject(settings, { taken: [8080] });
  expect(await one.balancers.open("shop", "local", "public")).toBe("127.0.0.1:8081");
  const two = subject(settings, {});
  expect(await two.balancers.open("shop", "local", "public")).toBe("127.0.0.1:8081");
});

test("a kept port that another program has is an error that names it, and is taken again when it is free", async () => {
  const settings = new Map([["port:shop/local/alb::public", "8080"]]);
  const { balancers, edge } = subject(settings, { taken: [8080] });
  await expect(balancers.open("shop", "local", "public")).rejects.toMatchObject({
    code: "simulator/port-taken",
    message: "the public load balancer of shop/local cannot listen: port 8080 is taken by nginx (pid 1)",
  });
  expect(balancers.problems()).toEqual([
    "the public load balancer of shop/local cannot listen: port 8080 is taken by nginx (pid 1)",
  ]);
  expect(balancers.problems(["shop/local/api"])).toEqual([]);
  edge.taken = [];
  expect(await balancers.open("shop", "local", "public")).toBe("127.0.0.1:8080");
  expect(balancers.problems()).toEqual([]);
});

test("an edge or a store that fails once stops nothing for good", async () => {
  const settings = new Map<string, string>();
  const { balancers, edge } = subject(settings, {});
  edge.broken = true;
  balancers.refresh();
  await balancers.settled();
  expect(balancers.problems()).toEqual(["the load balancers could not follow: a bug"]);
  edge.broken = false;
  balancers.refresh();
  await balancers.settled();
  expect(balancers.problems()).toEqual([]);
  expect(Object.fromEntries(settings)).toEqual({
    "port:shop/local/api": "18080",
    "port:shop/local/alb::public": "8080",
  });
});

test("an environment that is gone keeps no port, and others keep theirs", async () => {
  const settings = new Map([
    ["port:shop/test/api", "18081"],
    ["port:shop/tester/alb::public", "8082"],
  ]);
  const { balancers } = subject(settings, {});
  await balancers.open("shop", "test", "public");
  await balancers.forget("shop", "test");
  expect(Object.fromEntries(settings)).toEqual({
    "port:shop/local/api": "18080",
    "port:shop/local/alb::public": "8080",
    "port:shop/tester/alb::public": "8082",
  });
});

test("the first ports can be chosen; a port that was given once stays", async () => {
  const settings = new Map<string, string>();
  const { balancers } = subject(settings, { firstPort: 20_000 });
  expect(await balancers.open("shop", "local", "public")).toBe("127.0.0.1:20000");
  expect(await balancers.open("shop", "local", "internal")).toBe("127.0.0.1:21000");
  expect(settings.get("port:shop/local/api")).toBe("30000");
  const later = subject(settings, {});
  expect(await later.balancers.open("shop", "local", "public")).toBe("127.0.0.1:20000");
});

test("a first port is a number that leaves room above it", () => {
  expect([undefined, "", "1", "55000"].map(readFirstPort)).toEqual([8080, 8080, 1, 55_000]);
  for (const text of ["0", "55001", "80.5", "http"])
    expect(() => readFirstPort(text)).toThrow(`PILOTFISH_FIRST_PORT is ${text}: it may be a port from 1 to 55000`);
});

interface Options {
  taken?: number[];
  firstPort?: number;
}

function subject(settings: Map<string, string>, { taken = [], firstPort }: Options) {
  const edge = new FakeEdge(taken);
  const { state } = stepAll(emptyState(1), [deployInput("api")], 1, () => 0.5);
  const store = {
    setting: (key: string) => settings.get(key),
    set: (key: string, value: string | undefined) => void settings.set(key, value ?? ""),
    unsetAll: (prefix: string) => {
      for (const key of settings.keys()) if (key.startsWith(prefix)) settings.delete(key);
    },
  };
  return { edge, balancers: new Balancers(edge, store, () => state, { firstPort }) };
}

/** Binds numbers instead of sockets. */
class FakeEdge implements Edge {
  taken: number[];
  broken = false;
  #bindings: Record<string, Binding> = {};

  constructor(taken: number[]) {
    this.taken = taken;
  }

  async apply({ listeners }: EdgePicture): Promise<void> {
    if (this.broken) throw new Error("a bug");
    this.#bindings = {};
    for (const { id, port, firstPort } of listeners) {
      let free = port ?? firstPort;
      while (port === undefined && this.taken.includes(free)) free += 1;
      this.#bindings[id] = this.taken.includes(free)
        ? { error: `port ${free} is taken by nginx (pid 1)`, wanted: free }
        : { port: free, hosts: ["127.0.0.1"] };
    }
  }

  bindings(): Record<string, Binding> {
    return this.#bindings;
  }

  openRequests(): number {
    return 0;
  }

  async close(): Promise<void> {}
}
