import { createEdge } from "../../src/simulator/edge/create-edge.ts";

/** The load balancer alone in a process, in front of one target on the port given; says its own port on stdout. */
const target = Number(process.argv[2]);
const edge = createEdge({ checked() {}, idle() {} });
await edge.apply({
  listeners: [
    { id: "http", firstPort: target + 1, rules: [{ priority: 1, paths: ["/*"], targetGroup: "bench/local/api/80" }] },
  ],
  targetGroups: {
    "bench/local/api/80": {
      id: "bench/local/api/80",
      serviceId: "bench/local/api",
      healthCheck: { protocol: "HTTP", path: "/", codes: "200", intervalMs: 10_000, timeoutMs: 5000 },
      targets: [{ task: "bench", address: "127.0.0.1", port: target, state: "healthy" }],
    },
  },
});
const binding = edge.bindings()["http"]!;
process.stdout.write(`${JSON.stringify(binding)}\n`);
process.once("SIGTERM", () => void edge.close(0));
