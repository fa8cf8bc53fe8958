import { rmSync } from "node:fs";
import { mkdtemp, readFile, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { UserError } from "../errors.ts";
import { CredentialHelper, helperName, pathWith } from "./credential-helper.ts";
import { type DockerConfig, hasOwnHelper, isStillGood, type Login, loginInFile, withHelper } from "./docker-config.ts";
import { docker, type DockerContext } from "./docker.ts";
import { lastWords } from "./push-failure.ts";

/** A configuration of the docker client in which one can log in to registries while the user's own stays in force and
 *  unchanged: a folder of its own, with the user's `config.json` but for what registries this program logs in to, and links
 *  to everything else that lies beside it. No password is written to a file. */
export class RegistryLogins {
  /** What the client is to be called with. */
  readonly context: DockerContext;
  readonly #folder: string;
  readonly #user: DockerConfig;
  readonly #helper: CredentialHelper;
  readonly #hosts = new Map<string, Promise<void>>();
  readonly #remove: () => void;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, user: DockerConfig, helper: CredentialHelper, context: DockerContext) {
    this.#folder = folder;
    this.#user = user;
    this.#helper = helper;
    const { env } = context;
    this.context = { ...context, env: { ...env, DOCKER_CONFIG: folder, PATH: pathWith(folder, env["PATH"]) } };
    this.#remove = () => rmSync(folder, { recursive: true, force: true });
    process.once("exit", this.#remove);
  }

  /** @throws UserError image/docker-config */
  static async open(context: DockerContext): Promise<RegistryLogins> {
    const home = context.env["DOCKER_CONFIG"] || join(context.env["HOME"] || homedir(), ".docker");
    const user = await readConfig(home);
    const folder = await mkdtemp(join(shortTemporaryFolder(), `pilotfish-docker-${process.pid}-`));
    try {
      for (const name of await readdir(home).catch(() => []))
        if (name !== "config.json") await symlink(join(home, name), join(folder, name));
      const { config, logins } = withHelper(user, helperName, []);
      await writeConfig(folder, config);
      const helper = await CredentialHelper.listen(folder, logins);
      return new RegistryLogins(folder, user, helper, context);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Whether the user has chosen a program that knows this registry's password. */
  hasOwnHelper(host: string): boolean {
    return hasOwnHelper(this.#user, host);
  }

  /** Whether the user can pull from a registry without us: by a helper of its own, or since a login that is still good. */
  async hasLogin(host: string): Promise<boolean> {
    if (this.hasOwnHelper(host)) return true;
    const store = this.#user.credsStore;
    const login = store ? await loginInStore(store, host, this.context) : loginInFile(this.#user, host);
    return login !== undefined && isStillGood(login, Date.now());
  }

  /** Logs in, once for each registry; not where the user's own helper does. @throws UserError image/login-failed,
   *  image/docker-missing, engine/unreachable, interrupted, and what `credentials` throws */
  login(host: string, credentials: () => Promise<Login>): Promise<void> {
    if (this.hasOwnHelper(host)) return Promise.resolve();
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    const asked = credentials();
    // The client reads its file and writes it again, so they log in one after the other.
    const done = Promise.all([asked, this.#last]).then(([login]) => this.#logIn(host, login));
    this.#last = done.catch(() => undefined);
    this.#hosts.set(host, done);
    return done;
  }

  /** Forgets all passwords and removes the folder. */
  async close(): Promise<void> {
    process.removeListener("exit", this.#remove);
    this.#helper.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #logIn(host: string, { username, password }: Login): Promise<void> {
    const { config } = withHelper(this.#user, helperName, [...this.#hosts.keys()]);
    await writeConfig(this.#folder, config);
    const lines: string[] = [];
    const { ok } = await docker(["login", `--username=${username}`, "--password-stdin", host], this.context, {
      input: password,
      onLine: (line) => lines.push(line.replaceAll(password, "…")),
    });
    if (!ok) throw await loginFailed(host, lines, this.context);
  }
}

async function loginFailed(host: string, lines: string[], context: DockerContext): Promise<UserError> {
  const engine = await docker(["version", "--format", "{{.Server.Version}}"], context);
  if (!engine.ok)
    return new UserError("engine/unreachable", "no Docker Engine answers", {
      hint: "start Docker; `docker version` shows whether it answers",
      details: lastWords(lines),
    });
  return new UserError("image/login-failed", `the docker client could not log in to ${host}`, {
    details: lastWords(lines),
    hint: `curl -sS -o /dev/null -w '%{http_code}\\n' https://${host}/v2/ shows whether the registry answers (401 is right)`,
  });
}

/** Undefined when the store has none, or does not answer. */
async function loginInStore(store: string, host: string, { env }: DockerContext): Promise<Login | undefined> {
  const options = { input: host, reject: false, extendEnv: false, timeout: 10_000 };
  const { failed, stdout } = await execa(`docker-credential-${store}`, ["get"], { ...options, env: { ...env } });
  if (failed) return undefined;
  try {
    const { Username: username = "", Secret: password } = JSON.parse(stdout) as Record<string, string>;
    return password ? { username, password } : undefined;
  } catch {
    return undefined;
  }
}

async function readConfig(home: string): Promise<DockerConfig> {
  const file = join(home, "config.json");
  try {
    const text = await readFile(file, "utf8");
    const config: unknown = text.trim() === "" ? {} : JSON.parse(text);
    if (typeof config === "object" && config !== null && !Array.isArray(config)) return config as DockerConfig;
    throw new Error("it holds no JSON object");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new UserError("image/docker-config", "the docker client's configuration cannot be read", {
      place: { file },
      details: [(error as Error).message],
      hint: "mend the file, or name another folder with DOCKER_CONFIG",
      cause: error,
    });
  }
}

/** In one step: a client that reads it meanwhile finds the former one or this. */
async function writeConfig(folder: string, config: DockerConfig): Promise<void> {
  const file = join(folder, "config.json");
  await writeFile(`${file}.new`, JSON.stringify(config), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** The path of a socket has room for about a hundred bytes. */
function shortTemporaryFolder(): string {
  return tmpdir().length > 70 ? "/tmp" : tmpdir();
}
