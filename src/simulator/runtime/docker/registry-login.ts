import { readFileSync } from "node:fs";
import { join } from "node:path";

const dockerHub = "https://index.docker.io/v1/";

/** The header with the user's login for the registry of an image, as `docker login` stored it in plain. Logins that a
 *  credential helper keeps are not asked for; such images have to be pulled with the docker client first. */
export function registryLogin(reference: string, dockerConfig: string): Record<string, string> {
  const registry = registryOf(reference);
  const auth = storedLogins(dockerConfig)[registry]?.auth;
  if (auth === undefined) return {};
  const [username = "", ...password] = Buffer.from(auth, "base64").toString("utf8").split(":");
  const login = { username, password: password.join(":"), serveraddress: registry };
  return { "x-registry-auth": Buffer.from(JSON.stringify(login)).toString("base64url") };
}

function registryOf(reference: string): string {
  const [first = "", ...rest] = reference.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : dockerHub;
}

function storedLogins(dockerConfig: string): Record<string, { auth?: string }> {
  try {
    const settings = JSON.parse(readFileSync(join(dockerConfig, "config.json"), "utf8")) as {
      auths?: Record<string, { auth?: string }>;
    };
    return settings.auths ?? {};
  } catch {
    return {};
  }
}
