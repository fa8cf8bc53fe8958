/** What the docker client reads from `config.json`, as far as it is about registries; other members stay as they are.
 *  Source: docker/cli, cli/config/configfile. */
export interface DockerConfig {
  auths?: Record<string, { auth?: string; identitytoken?: string }>;
  /** The program `docker-credential-NAME` that keeps the passwords of all registries. */
  credsStore?: string;
  /** The same for one registry; an empty name is the file itself. */
  credHelpers?: Record<string, string>;
  [member: string]: unknown;
}

export interface Login {
  username: string;
  password: string;
}

/** Whether the user has chosen a program that knows the password of a registry by itself: one for this registry, or the
 *  one for ECR for all of them. */
export function hasOwnHelper({ credHelpers = {}, credsStore }: DockerConfig, host: string): boolean {
  return Boolean(credHelpers[host]) || (credsStore === "ecr-login" && credHelpers[host] === undefined);
}

/** What the user has logged in to a registry with, where it stands in the file. */
export function loginInFile({ auths = {}, credsStore }: DockerConfig, host: string): Login | undefined {
  if (credsStore) return undefined;
  const key =
    Object.keys(auths).find((each) => each === host) ?? Object.keys(auths).find((each) => hostOf(each) === host);
  return key === undefined ? undefined : loginOf(auths[key] ?? {});
}

/** Whether a password of ECR's is still good for some minutes: it says in its own text until when, in seconds. One that
 *  does not is taken as good. */
export function isStillGood({ password }: Login, now: number): boolean {
  try {
    const { expiration } = JSON.parse(Buffer.from(password, "base64").toString("utf8")) as { expiration?: unknown };
    return typeof expiration !== "number" || expiration * 1000 > now + 5 * 60_000;
  } catch {
    return true;
  }
}

/** The user's configuration with one helper in the place of every password that stands in it, and for these hosts. What
 *  stood in it is answered beside it, by the names that the client asks for. */
export function withHelper(
  config: DockerConfig,
  helper: string,
  hosts: readonly string[],
): { config: DockerConfig; logins: Map<string, Login> } {
  const { auths = {}, credHelpers = {}, credsStore } = config;
  const logins = new Map<string, Login>();
  const kept: NonNullable<DockerConfig["auths"]> = {};
  for (const [key, entry] of Object.entries(auths)) {
    // With a store of passwords the client does not look at what stands in the file.
    const login = credsStore ? undefined : loginOf(entry);
    if (login === undefined || credHelpers[key]) kept[key] = withoutSecrets(entry);
    else for (const name of new Set([key, hostOf(key)])) if (!logins.has(name)) logins.set(name, login);
  }
  const ours = Object.fromEntries([...logins.keys(), ...hosts].map((name) => [name, helper]));
  return { config: { ...config, auths: kept, credHelpers: { ...credHelpers, ...ours } }, logins };
}

/** Credential helpers know an identity token by this name. Source: docker/docker-credential-helpers. */
const tokenUser = "<token>";

function loginOf({ auth, identitytoken }: { auth?: string; identitytoken?: string }): Login | undefined {
  if (identitytoken) return { username: tokenUser, password: identitytoken };
  if (!auth) return undefined;
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  // The client drops NULs at the end, which older versions of it wrote.
  return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, "") };
}

function withoutSecrets<T extends { auth?: string; identitytoken?: string }>(entry: T): T {
  const { auth: _auth, identitytoken: _token, ...rest } = entry;
  return rest as T;
}

/** `https://index.docker.io/v1/` → `index.docker.io`: older clients wrote addresses. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}
