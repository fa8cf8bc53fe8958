import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { lookAtRemoteImage, parseReference } from "../../../src/images/remote-image.ts";

/** Answers as the OCI Distribution Specification and Docker's token authentication have them. */
async function registry(
  answer: (
    request: IncomingMessage,
    host: string,
  ) => { status: number; headers?: Record<string, string>; body?: unknown },
): Promise<string> {
  const server = createServer((request, response) => {
    const { status, headers, body } = answer(request, host);
    response.writeHead(status, headers).end(body === undefined ? "" : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return host;
}

test("an index tells its platforms; what stands beside images is for none", async () => {
  const platforms = [
    { os: "linux", architecture: "amd64" },
    { os: "linux", architecture: "arm64", variant: "v8" },
    { os: "unknown", architecture: "unknown" },
  ];
  const host = await registry(() => ({
    status: 200,
    body: { manifests: platforms.map((platform) => ({ platform })) },
  }));
  expect(await lookAtRemoteImage(`${host}/team/api:1`)).toEqual({ platforms: ["linux/amd64", "linux/arm64/v8"] });
});

test("of a single image the configuration says it", async () => {
  const asked: string[] = [];
  const host = await registry(({ url = "" }) => {
    asked.push(url);
    return url.includes("/blobs/")
      ? { status: 200, body: { os: "linux", architecture: "arm64" } }
      : { status: 200, body: { config: { digest: "sha256:abc" } } };
  });
  expect(await lookAtRemoteImage(`${host}/api@sha256:0123`)).toEqual({ platforms: ["linux/arm64"] });
  expect(asked).toEqual(["/v2/api/manifests/sha256:0123", "/v2/api/blobs/sha256:abc"]);
});

test("the token that everybody gets is asked for once, and no other", async () => {
  const asked: string[] = [];
  const host = await registry(({ url = "", headers }, own) => {
    asked.push(`${url} ${headers.authorization ?? ""}`);
    if (url.startsWith("/token")) return { status: 200, body: { token: "t" } };
    if (headers.authorization === "Bearer t") return { status: 200, body: { manifests: [] } };
    const challenge = `Bearer realm="http://${own}/token",service="registry",scope="repository:api:pull"`;
    return { status: 401, headers: { "www-authenticate": challenge } };
  });
  expect(await lookAtRemoteImage(`${host}/api`)).toEqual({ platforms: [] });
  expect(asked).toEqual([
    "/v2/api/manifests/latest ",
    "/token?service=registry&scope=repository%3Aapi%3Apull ",
    "/v2/api/manifests/latest Bearer t",
  ]);
});

test("what is not there, what is private and what cannot be asked", async () => {
  const gone = await registry(() => ({ status: 404 }));
  const closed = await registry(() => ({ status: 401, headers: { "www-authenticate": 'Basic realm="x"' } }));
  const broken = await registry(() => ({ status: 503 }));
  const named = (answer: unknown) => JSON.stringify(answer).replace(/127\.0\.0\.1:\d+/g, "HOST");
  expect(
    [
      named(await lookAtRemoteImage(`${gone}/api:2`)),
      named(await lookAtRemoteImage(`${closed}/api:2`)),
      named(await lookAtRemoteImage(`${broken}/api:2`)),
      named(await lookAtRemoteImage("127.0.0.1:1/api:2")),
    ].join("\n"),
  ).toMatchInlineSnapshot(`
    "{"missing":"HOST holds no api with 2"}
    {"unknown":"HOST asks for a log-in"}
    {"unknown":"HOST answers 503"}
    {"unknown":"HOST cannot be asked from here"}"
  `);
});

test("names are read as docker reads them", () => {
  const names = [
    "nginx",
    "team/api:1",
    "public.ecr.aws/x/y",
    "localhost/api",
    "localhost:5000/api:1",
    "a.io/b:2@sha256:0",
  ];
  expect(names.map((name) => Object.values(parseReference(name)).join(" ")).join("\n")).toMatchInlineSnapshot(`
    "registry-1.docker.io library/nginx latest
    registry-1.docker.io team/api 1
    public.ecr.aws x/y latest
    localhost api latest
    localhost:5000 api 1
    a.io b sha256:0"
  `);
});
