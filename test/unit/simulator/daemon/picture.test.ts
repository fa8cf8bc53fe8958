import { expect, test } from "vitest";
import type { ServiceManifest } from "../../../../src/manifest/load.ts";
import { edgePicture } from "../../../../src/simulator/daemon/picture.ts";
import { emptyState, stepAll } from "../../../../src/simulator/engine/engine.ts";
import type { Input } from "../../../../src/simulator/engine/inputs.ts";
import type { SimulatorState, Task } from "../../../../src/simulator/engine/state.ts";
import { deployInput, planOf } from "./deploy-input.ts";

const web = { type: "Load Balanced Web Service" as const, image: { location: "shop/app", port: 8080 } };

test("rules carry all of their conditions, names with .localhost too, and go by priority", () => {
  const state = deployed(
    { ...web, name: "front", http: { path: "/", alias: "www.example.com" } },
    {
      ...web,
      name: "api",
      http: {
        path: "api",
        allowed_source_ips: ["10.0.0.0/8", "2001:db8::/32"],
        additional_rules: [{ path: "admin", alias: ["admin.example.com", "*.example.org"] }],
      },
    },
  );
  expect(picture(state).listeners[0]).toMatchInlineSnapshot(`
    {
      "firstPort": 8080,
      "id": "shop/local/alb::public",
      "port": undefined,
      "rules": [
        {
          "paths": [
            "/api",
            "/api/*",
          ],
          "priority": 1,
          "sources": [
            "10.0.0.0/8",
            "2001:db8::/32",
          ],
          "targetGroup": "shop/local/api/main",
        },
        {
          "hosts": [
            "admin.example.com",
            "admin.example.com.localhost",
            "*.example.org",
            "*.example.org.localhost",
          ],
          "paths": [
            "/admin",
            "/admin/*",
          ],
          "priority": 2,
          "targetGroup": "shop/local/api/rule1",
        },
        {
          "hosts": [
            "www.example.com",
            "www.example.com.localhost",
          ],
          "paths": [
            "/*",
          ],
          "priority": 50000,
          "targetGroup": "shop/local/front/main",
        },
      ],
    }
  `);
});

test("the internal load balancer is asked for by its own name under each that it has here, or by the service's", () => {
  const state = deployed({ ...web, name: "api", type: "Backend Service", http: { path: "/" } });
  expect(picture(state).listeners).toMatchInlineSnapshot(`
    [
      {
        "firstPort": 9080,
        "id": "shop/local/alb::internal",
        "port": undefined,
        "rules": [
          {
            "hosts": [
              "127.0.0.1",
              "localhost",
              "[::1]",
              "api.local.shop.internal",
              "api.local.shop.internal.localhost",
            ],
            "paths": [
              "/*",
            ],
            "priority": 50000,
            "targetGroup": "shop/local/api/main",
          },
        ],
      },
      {
        "firstPort": 18080,
        "id": "shop/local/api",
        "port": undefined,
        "rules": [
          {
            "paths": [
              "*",
            ],
            "priority": 1,
            "targetGroup": "shop/local/api/main",
          },
        ],
      },
    ]
  `);
});

test("a load balancer that exists already is one of its own", () => {
  const state = deployed(
    { ...web, name: "a", http: { path: "/", alb: "corporate" } },
    { ...web, name: "b", http: { path: "/" } },
  );
  expect(picture(state).listeners.map(({ id, firstPort }) => `${id} from ${firstPort}`)).toMatchInlineSnapshot(`
    [
      "shop/local/imported::corporate from 8080",
      "shop/local/alb::public from 8080",
      "shop/local/a from 18080",
      "shop/local/b from 18080",
    ]
  `);
  expect(Object.values(state.services).map(({ rulePriorities }) => rulePriorities)).toEqual([
    { main: 50_000 },
    { main: 50_000 },
  ]);
});

test("services named like a load balancer have an address of their own", () => {
  const state = deployed(
    { ...web, name: "public", http: { path: "/" } },
    { ...web, name: "internal", http: { path: "x" } },
  );
  const ids = picture(state).listeners.map(({ id }) => id);
  expect(ids).toEqual(["shop/local/alb::public", "shop/local/public", "shop/local/internal"]);
});

test("listeners of a network load balancer have their own port where everybody may listen there, else one 10000 above", () => {
  const state = deployed({
    ...web,
    name: "game",
    http: false,
    nlb: {
      port: "443/tls",
      target_port: 8443,
      stickiness: true,
      additional_listeners: [
        { port: "5000", stickiness: true },
        { port: "53/udp", healthcheck: { port: 8080 } },
      ],
    },
  });
  const { listeners, targetGroups } = picture(state);
  expect(listeners).toMatchInlineSnapshot(`
    [
      {
        "firstPort": 10443,
        "id": "shop/local/game:443/tls",
        "port": undefined,
        "protocol": "TCP",
        "targetGroup": "shop/local/game/nlb",
      },
      {
        "firstPort": 5000,
        "id": "shop/local/game:5000/tcp",
        "port": undefined,
        "protocol": "TCP",
        "targetGroup": "shop/local/game/nlb1",
      },
      {
        "firstPort": 10053,
        "id": "shop/local/game:53/udp",
        "port": undefined,
        "protocol": "UDP",
        "targetGroup": "shop/local/game/nlb2",
      },
    ]
  `);
  expect(
    Object.values(targetGroups).map(({ id, stickiness, healthCheck: { protocol } }) => ({ id, stickiness, protocol })),
  ).toMatchInlineSnapshot(`
    [
      {
        "id": "shop/local/game/nlb",
        "protocol": "TCP",
        "stickiness": undefined,
      },
      {
        "id": "shop/local/game/nlb1",
        "protocol": "TCP",
        "stickiness": {
          "type": "source_ip",
        },
      },
      {
        "id": "shop/local/game/nlb2",
        "protocol": "TCP",
        "stickiness": undefined,
      },
    ]
  `);
});

test("a group of another protocol than HTTP/1.1 says so, and the service's own address passes bytes", () => {
  const state = deployed({
    ...web,
    name: "rpc",
    http: { path: "/", version: "grpc", stickiness: true, target_port: 50_051 },
  });
  const { listeners, targetGroups } = picture(state);
  expect(listeners[1]).toMatchInlineSnapshot(`
    {
      "firstPort": 18080,
      "id": "shop/local/rpc",
      "port": undefined,
      "protocol": "TCP",
      "targetGroup": "shop/local/rpc/main",
    }
  `);
  expect(targetGroups).toMatchInlineSnapshot(`
    {
      "shop/local/rpc/main": {
        "healthCheck": {
          "codes": "12",
          "intervalMs": 30000,
          "path": "/",
          "protocol": "HTTP",
          "timeoutMs": 5000,
          "version": "GRPC",
        },
        "id": "shop/local/rpc/main",
        "serviceId": "shop/local/rpc",
        "stickiness": {
          "seconds": 86400,
          "type": "lb_cookie",
        },
        "targets": [],
        "version": "GRPC",
      },
    }
  `);
  const simulated = edgePicture(state, { port: () => undefined, simulated: true });
  expect(simulated.listeners[1]).toMatchObject({ rules: [{ paths: ["*"] }] });
  expect(simulated.targetGroups["shop/local/rpc/main"]).not.toHaveProperty("version");
  expect(simulated.targetGroups["shop/local/rpc/main"]?.healthCheck).toMatchObject({ codes: "200" });
});

test("each task is spoken to and checked as its own deployment says", () => {
  const before = deployed({ ...web, name: "api", http: { path: "/" } });
  const between = running(before, { 8080: 31_080 });
  const https = { path: "/", target_port: 443, healthcheck: { port: 9000 } };
  const after = running(update(between, { ...web, name: "api", http: https }), {
    8080: 32_080,
    443: 32_443,
    9000: 32_900,
  });
  const { targets } = picture(after).targetGroups["shop/local/api/main"]!;
  expect(targets.map(({ task: _, ...target }) => target)).toMatchInlineSnapshot(`
    [
      {
        "address": "127.0.0.1",
        "checkPort": undefined,
        "port": 31080,
        "state": "initial",
      },
      {
        "address": "127.0.0.1",
        "checkPort": 32900,
        "port": 32443,
        "state": "initial",
        "tls": true,
      },
    ]
  `);
});

test("while a version takes over, a rule that has gone stays and a new one waits for its first healthy target", () => {
  const both = { path: "/", additional_rules: [{ path: "old" }, { path: "new", target_port: 9000 }] };
  const ports = { 8080: 31_080, 9000: 31_900 };
  const rules = (state: SimulatorState) =>
    picture(state).listeners.flatMap((listener) =>
      listener.id.includes("alb::") && "rules" in listener
        ? listener.rules.map(({ paths, priority, targetGroup }) => `${priority} ${paths[0]} ${targetGroup}`)
        : [],
    );
  const first = healthy(
    running(deployed({ ...web, name: "api", http: { path: "/", additional_rules: [{ path: "old" }] } }), ports),
  );
  expect(rules(first)).toMatchInlineSnapshot(`
    [
      "1 /old shop/local/api/rule1",
      "50000 /* shop/local/api/main",
    ]
  `);
  const second = running(update(first, { ...web, name: "api", http: both }), ports);
  expect(rules(second)).toEqual(rules(first));
  const taken = healthy(second);
  expect(rules(taken)).toMatchInlineSnapshot(`
    [
      "1 /old shop/local/api/rule1",
      "2 /new shop/local/api/rule2",
      "50000 /* shop/local/api/main",
    ]
  `);
  const third = running(update(taken, { ...web, name: "api", http: { path: "/" } }), ports);
  expect(rules(third)).toEqual(rules(taken));
  expect(rules(healthy(third))).toMatchInlineSnapshot(`
    [
      "50000 /* shop/local/api/main",
    ]
  `);
});

function picture(state: SimulatorState) {
  return edgePicture(state, { port: () => undefined });
}

function deployed(...manifests: ServiceManifest[]): SimulatorState {
  const inputs = manifests.map((manifest) => deployInput(manifest.name, planOf(manifest)));
  return step(emptyState(1), inputs);
}

let minutes = 0;

/** A step, each a minute after the one before. */
function step(state: SimulatorState, inputs: Input[]): SimulatorState {
  minutes += 1;
  return stepAll(state, [{ type: "tick" }, ...inputs], minutes * 60_000, () => (minutes * 0.37) % 1).state;
}

function update(state: SimulatorState, manifest: ServiceManifest): SimulatorState {
  return step(state, [deployInput(manifest.name, planOf(manifest))]);
}

/** All checks of its targets have passed, and what that let stop has gone. */
function healthy(state: SimulatorState): SimulatorState {
  const checks = Object.values(state.tasks).flatMap(({ id, targets }) =>
    targets.map(({ targetGroup }): Input => ({ type: "target-checked", task: id, targetGroup, result: { ok: true } })),
  );
  const checked = step(state, checks);
  const leaving = Object.values(checked.tasks).filter(({ desiredStatus }) => desiredStatus === "STOPPED");
  const ends: ((task: Task) => Input[])[] = [
    ({ id }) => [{ type: "task-idle", task: id }],
    ({ id, containers }) =>
      containers.map(({ name }) => ({
        type: "container-stopped",
        task: id,
        container: name,
        attempt: 1,
        at: minutes * 60_000,
      })),
    ({ id }) => [{ type: "task-removed", task: id }],
  ];
  return ends.reduce((now, end) => step(now, leaving.flatMap(end)), checked);
}

/** Its tasks have come up with these ports. */
function running(state: SimulatorState, ports: Record<number, number>): SimulatorState {
  const waiting = Object.values(state.tasks).filter(({ prepared }) => prepared !== true);
  const prepared = waiting.map(({ id }) => ({ type: "task-prepared" as const, task: id, ports, images: {} }));
  const started = waiting.flatMap(({ id, containers }) =>
    containers.map(({ name }) => ({
      type: "container-started" as const,
      task: id,
      container: name,
      attempt: 1,
      runtimeId: "r",
      at: 1,
    })),
  );
  return [prepared, started].reduce((now, inputs) => step(now, inputs), state);
}
