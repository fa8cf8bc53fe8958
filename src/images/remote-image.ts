/** `platforms`: as docker spells them; empty where the registry does not tell. `missing`: there is no such image. `unknown`:
 *  it could not be asked, and why. */
export type RemoteImage = { platforms: string[] } | { missing: string } | { unknown: string };

const indexTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** What a registry tells whoever does not log in about an image. Source: OCI Distribution Specification 1.1; Docker
 *  Registry, "Token authentication". @param timeoutMs for each of its answers */
export async function lookAtRemoteImage(reference: string, timeoutMs = 5000): Promise<RemoteImage> {
  const { registry, repository, tag } = parseReference(reference);
  const base = `${isLoopback(registry) ? "http" : "https"}://${registry}/v2/${repository}`;
  try {
    const get = asking(timeoutMs);
    const answer = await get(`${base}/manifests/${tag}`, indexTypes.join(", "));
    if (answer.status === 404) return { missing: `${registry} holds no ${repository} with ${tag}` };
    if (answer.status === 401 || answer.status === 403) return { unknown: `${registry} asks for a log-in` };
    if (!answer.ok) return { unknown: `${registry} answers ${answer.status}` };
    const { manifests, config } = (await answer.json()) as Manifest;
    if (manifests !== undefined) return { platforms: manifests.flatMap(({ platform }) => platformText(platform)) };
    if (config?.digest === undefined) return { platforms: [] };
    const blob = await get(`${base}/blobs/${config.digest}`, "application/json");
    return { platforms: blob.ok ? platformText((await blob.json()) as Platform) : [] };
  } catch {
    return { unknown: `${registry} cannot be asked from here` };
  }
}

interface Platform {
  os?: string;
  architecture?: string;
  variant?: string;
}

interface Manifest {
  manifests?: { platform?: Platform }[];
  config?: { digest?: string };
}

/** What stands beside images in an index, such as attestations, is for no platform. */
function platformText({ os, architecture, variant }: Platform = {}): string[] {
  if (os === undefined || architecture === undefined || os === "unknown") return [];
  return [[os, architecture, ...(variant === undefined ? [] : [variant])].join("/")];
}

/** The registry, repository and tag or digest of a name as docker reads it: `nginx` is `docker.io/library/nginx:latest`. */
export function parseReference(reference: string): { registry: string; repository: string; tag: string } {
  const [, named = reference, digest] = /^([^@]+)@(.+)$/.exec(reference) ?? [];
  const [, path = named, written] = /^(.+):([^/:]+)$/.exec(named) ?? [];
  const [first = "", ...rest] = path.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const host = hasHost ? first : "docker.io";
  const inside = hasHost ? rest.join("/") : path;
  const isHub = /^(index\.)?docker\.io$/.test(host);
  return {
    registry: isHub ? "registry-1.docker.io" : host,
    repository: isHub && !inside.includes("/") ? `library/${inside}` : inside,
    tag: digest ?? written ?? "latest",
  };
}

/** Asks, and once more with the token that the registry hands to everybody. */
function asking(timeoutMs: number): (url: string, accept: string) => Promise<Response> {
  let token: string | undefined;
  const once = (url: string, accept: string) =>
    fetch(url, {
      headers: { accept, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      signal: AbortSignal.timeout(timeoutMs),
    });
  return async (url, accept) => {
    const answer = await once(url, accept);
    if (answer.status !== 401 || token !== undefined) return answer;
    token = await anonymousToken(answer.headers.get("www-authenticate") ?? "", timeoutMs);
    return token === undefined ? answer : once(url, accept);
  };
}

async function anonymousToken(challenge: string, timeoutMs: number): Promise<string | undefined> {
  if (!/^Bearer /i.test(challenge)) return undefined;
  const { realm, ...scope } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
  ) as Record<string, string>;
  if (realm === undefined || !URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  for (const key of ["service", "scope"]) if (scope[key] !== undefined) url.searchParams.set(key, scope[key]);
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) return undefined;
  const { token, access_token: other } = (await answer.json()) as { token?: string; access_token?: string };
  return token ?? other;
}

function isLoopback(registry: string): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(registry);
}
