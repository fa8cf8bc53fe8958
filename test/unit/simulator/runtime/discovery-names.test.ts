import { expect, test } from "vitest";
import { setNames } from "../../../../src/simulator/runtime/docker/discovery.ts";
import type { EngineClient } from "../../../../src/simulator/runtime/docker/engine-client.ts";

test("a name that the container's ID begins with is taken away too", async () => {
  const id = "db".padEnd(64, "0");
  const Networks = { environment: { IPAddress: "172.30.0.2", Aliases: ["db", id.slice(0, 12)] } };
  const calls: string[] = [];
  const client = {
    async json(method: string, path: string, { body }: { body?: unknown } = {}) {
      if (method === "GET")
        return { Id: id, State: { Running: true }, Config: { Labels: {} }, NetworkSettings: { Networks } };
      calls.push(`${path} ${JSON.stringify(body).replace(id, "<id>")}`);
      return undefined;
    },
  } as unknown as EngineClient;
  await setNames(
    client,
    "pause",
    (work) => work(),
    () => ({ environment: [] }),
  );
  expect(calls).toMatchInlineSnapshot(`
    [
      "/networks/environment/disconnect {"Container":"<id>"}",
      "/networks/environment/connect {"Container":"<id>","EndpointConfig":{"Aliases":[],"IPAMConfig":{"IPv4Address":"172.30.0.2"}}}",
    ]
  `);
});
