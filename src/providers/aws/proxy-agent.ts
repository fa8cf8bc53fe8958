import { request as httpRequest } from "node:http";
import { Agent, type AgentOptions, request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { connect } from "node:tls";

type Env = Readonly<Record<string, string | undefined>>;

/** The way to AWS through the proxy that HTTPS_PROXY names; undefined without one. The SDK knows none by itself. Hosts of
 *  NO_PROXY are asked directly: a name stands for what is below it as well, `*` for all. */
export function proxyAgent(env: Env, options: AgentOptions = {}): Agent | undefined {
  const named = env["HTTPS_PROXY"] || env["https_proxy"];
  if (!named) return undefined;
  const text = named.includes("://") ? named : `http://${named}`;
  if (!URL.canParse(text)) return undefined;
  const direct = (env["NO_PROXY"] || env["no_proxy"] || "").split(",").map((host) => host.trim().toLowerCase());
  return new ProxyAgent(new URL(text), direct.filter(Boolean), options);
}

interface Target {
  host?: string | null | undefined;
  port?: number | string | null | undefined;
  servername?: string;
}

class ProxyAgent extends Agent {
  readonly #proxy: URL;
  readonly #direct: readonly string[];

  constructor(proxy: URL, direct: readonly string[], options: AgentOptions) {
    super({ keepAlive: true, maxSockets: 50, ...options });
    this.#proxy = proxy;
    this.#direct = direct;
  }

  override createConnection(
    target: Target,
    done?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const { host, port } = target;
    if (isDirect(host ?? "", this.#direct)) return super.createConnection(target as never, done as never);
    const { protocol, hostname, username, password } = this.#proxy;
    const failed = (error: Error) => done?.(error, undefined as never);
    const ask = (protocol === "https:" ? httpsRequest : httpRequest)({
      method: "CONNECT",
      host: hostname,
      port: this.#proxy.port || (protocol === "https:" ? 443 : 80),
      path: `${host}:${port}`,
      agent: false,
      headers: {
        host: `${host}:${port}`,
        ...(username !== "" && { "proxy-authorization": basic(username, password) }),
      },
    });
    ask.once("error", failed);
    ask.once("connect", ({ statusCode = 0 }, socket) => {
      if (statusCode === 200) {
        done?.(null, connect({ ...(target as object), socket, servername: target.servername ?? host ?? "" }));
        return;
      }
      socket.destroy();
      failed(Object.assign(new Error(`the proxy ${this.#proxy.host} answers ${statusCode}`), { code: "ERR_PROXY" }));
    });
    ask.end();
    return undefined;
  }
}

function basic(username: string, password: string): string {
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

function isDirect(host: string, direct: readonly string[]): boolean {
  const name = host.toLowerCase();
  return direct.some((each) => {
    const bare = each.replace(/:\d+$/, "").replace(/^\*?\./, "");
    return each === "*" || name === bare || name.endsWith(`.${bare}`);
  });
}
