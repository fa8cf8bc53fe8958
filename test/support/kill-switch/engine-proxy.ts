import { createServer, type IncomingMessage, request, type RequestOptions } from "node:http";
import { rmSync } from "node:fs";

/** Hands requests on to an Engine, and says of each that changes something when it is on its way and when it is done.
 *  @param socket where it listens */
export async function proxyEngine(
  socket: string,
  engine: RequestOptions,
  boundary: (name: string) => void,
): Promise<void> {
  const names = new Map<string, string>();
  const server = createServer(async (asked, answer) => {
    const { method = "", url = "", headers } = asked;
    const change = method === "GET" || method === "HEAD" ? undefined : nameOf(method, url, names);
    const body = await bytesOf(asked);
    if (change !== undefined) boundary(`${change}: the Engine is about to be asked`);
    const forwarded = request({ ...engine, method, path: url, headers }, async (got) => {
      if (change === undefined && !/\/containers\/[^/]+\/json/.test(url)) {
        answer.writeHead(got.statusCode ?? 500, got.headers).flushHeaders();
        got.pipe(answer).on("error", () => undefined);
        return;
      }
      const text = await bytesOf(got);
      learn(names, url, text);
      if (change !== undefined) boundary(`${change}: the Engine has answered`);
      answer.writeHead(got.statusCode ?? 500, got.headers).end(text);
    });
    forwarded.on("error", () => answer.destroy());
    answer.on("close", () => forwarded.destroy());
    forwarded.end(body);
  });
  rmSync(socket, { force: true });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socket, resolve));
  server.unref();
}

/** `POST /v1.41/containers/create?name=pf-…-web-1` → `create container web`. */
function nameOf(method: string, url: string, names: Map<string, string>): string {
  const { pathname, searchParams } = new URL(url, "http://engine");
  const [kind = "", id = "", action = method === "DELETE" ? "remove" : ""] = pathname
    .replace(/^\/v[\d.]+/, "")
    .split("/")
    .filter(Boolean);
  const what = kind.replace(/s$/, "");
  if (id === "create") return `create ${what} ${containerOf(searchParams.get("name"))}`.trim();
  if (kind === "containers") return `${action} container ${names.get(id) ?? id}`;
  return `${action || id} ${what}`;
}

/** `pf-0123abcd-0123456789ab-web-1` → `web`. */
function containerOf(name: string | null): string {
  return name?.replace(/^pf-\w+-\w+-/, "").replace(/-\d+$/, "") ?? "";
}

/** Both who makes a container and who looks at one hear its name. */
function learn(names: Map<string, string>, url: string, body: Buffer): void {
  if (!/\/containers\/(create|[^/]+\/json)/.test(url)) return;
  const { Id, Name } = JSON.parse(body.toString()) as { Id?: string; Name?: string };
  const name = new URL(url, "http://engine").searchParams.get("name") ?? Name?.slice(1);
  if (Id !== undefined && name !== undefined) names.set(Id, containerOf(name));
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
