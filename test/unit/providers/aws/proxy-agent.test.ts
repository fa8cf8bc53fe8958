import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { expect, onTestFinished, test, vi } from "vitest";
import { proxyAgent } from "../../../../src/providers/aws/proxy-agent.ts";
import { AwsSession } from "../../../../src/providers/aws/session.ts";
import { told } from "./answering.ts";

const describe = new DescribeServicesCommand({ cluster: "shop", services: ["api"] });

/** A proxy that answers CONNECT with this status, and keeps what it was asked and the first bytes that came after. */
async function proxy(status: number) {
  const asked: { url: string | undefined; authorization: string | undefined }[] = [];
  const sent: Buffer[] = [];
  const server = createServer();
  server.on("connect", ({ url, headers }, socket) => {
    asked.push({ url, authorization: headers["proxy-authorization"] });
    socket.on("error", () => {});
    socket.write(`HTTP/1.1 ${status} Answer\r\n\r\n`);
    socket.once("data", (bytes: Buffer) => {
      sent.push(bytes);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked, sent };
}

async function ask(env: Record<string, string>, url?: string): Promise<string> {
  vi.stubEnv("AWS_ENDPOINT_URL", url);
  const keys = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };
  const session = new AwsSession({
    region: "eu-west-1",
    credentials: async () => keys,
    httpsAgent: proxyAgent(env),
    random: () => 0,
  });
  try {
    return await told(session.client(ECSClient).send(describe));
  } finally {
    session.close();
    vi.unstubAllEnvs();
  }
}

test("AWS is asked through the tunnel of the proxy, by TLS to its own name", async () => {
  const { host, asked, sent } = await proxy(200);
  await ask({ HTTPS_PROXY: `http://ann:pass%20word@${host}` });
  expect(asked[0]).toEqual({
    url: "ecs.eu-west-1.amazonaws.com:443",
    authorization: `Basic ${Buffer.from("ann:pass word").toString("base64")}`,
  });
  // The hello of TLS, which names the server.
  expect([sent[0]?.[0], sent[0]?.includes("ecs.eu-west-1.amazonaws.com")]).toEqual([22, true]);
});

test("a proxy that refuses is told without its password", async () => {
  const { host } = await proxy(407);
  const seen = await ask({ https_proxy: `ann:hunter2@${host}` });
  expect(seen.replace(/127\.0\.0\.1:\d+/g, "PROXY")).toMatchInlineSnapshot(`
    "aws/network  ECS in eu-west-1 cannot be reached: the proxy PROXY answers 407
    hint: see to HTTPS_PROXY and NO_PROXY, then run it again"
  `);
});

test("hosts of NO_PROXY are asked directly, and no proxy is no agent", async () => {
  const { host, asked } = await proxy(407);
  const HTTPS_PROXY = `http://${host}`;
  for (const [NO_PROXY, url] of [
    ["127.0.0.1", "https://127.0.0.1:1"],
    ["localhost, .0.0.1", "https://127.0.0.1:1"],
    ["*", "https://127.0.0.1:1"],
    ["*.0.0.1:1", "https://127.0.0.1:1"],
  ] as const)
    expect(await ask({ HTTPS_PROXY, NO_PROXY }, url)).toContain("127.0.0.1:1 refuses the connection (ECONNREFUSED)");
  expect(asked).toEqual([]);
  await ask({ HTTPS_PROXY, NO_PROXY: "7.0.0.1,example.com" }, "https://127.0.0.1:1");
  expect(asked.map(({ url }) => url)).toContain("127.0.0.1:1");
  expect([proxyAgent({}), proxyAgent({ HTTPS_PROXY: "" }), proxyAgent({ HTTPS_PROXY: "http://" })]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
