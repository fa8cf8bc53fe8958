import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { UserError } from "../../../../src/errors.ts";
import { findEngine } from "../../../../src/simulator/runtime/engine-address.ts";

/** A home with these settings of the docker client. */
function home(settings: { currentContext?: string; contexts?: Record<string, string> }, folder = ".docker"): string {
  const root = mkdtempSync(join(tmpdir(), "pilotfish-home-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const write = (path: string, content: object) => {
    mkdirSync(dirname(join(root, folder, path)), { recursive: true });
    writeFileSync(join(root, folder, path), JSON.stringify(content));
  };
  write("config.json", { auths: {}, ...(settings.currentContext && { currentContext: settings.currentContext }) });
  for (const [name, host] of Object.entries(settings.contexts ?? {})) {
    const hash = createHash("sha256").update(name).digest("hex");
    write(`contexts/meta/${hash}/meta.json`, { Name: name, Endpoints: { docker: { Host: host } } });
  }
  return root;
}

function found(env: Record<string, string>, from: string): string {
  try {
    const address = findEngine(env, from);
    return `${address.host} from ${address.from}: ${JSON.stringify(address.connect)}`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.code}: ${error.message}\n  ${error.hint}`;
  }
}

const desktop = {
  currentContext: "desktop",
  contexts: { desktop: "unix:///run/desktop.sock", other: "tcp://127.0.0.1:2375" },
};

test("without any setting it is the default socket", () => {
  expect(found({}, "/nowhere")).toMatchInlineSnapshot(
    `"unix:///var/run/docker.sock from default: {"socketPath":"/var/run/docker.sock"}"`,
  );
});

test("DOCKER_HOST comes before everything else", () => {
  const env = { DOCKER_HOST: "unix:///tmp/mine.sock", DOCKER_CONTEXT: "other" };
  expect(found(env, home(desktop))).toMatchInlineSnapshot(
    `"unix:///tmp/mine.sock from DOCKER_HOST: {"socketPath":"/tmp/mine.sock"}"`,
  );
});

test("DOCKER_CONTEXT comes before the client's current context", () => {
  expect(found({ DOCKER_CONTEXT: "other" }, home(desktop))).toMatchInlineSnapshot(
    `"tcp://127.0.0.1:2375 from context other: {"host":"127.0.0.1","port":2375}"`,
  );
});

test("the current context of the client is used", () => {
  expect(found({}, home(desktop))).toMatchInlineSnapshot(
    `"unix:///run/desktop.sock from context desktop: {"socketPath":"/run/desktop.sock"}"`,
  );
});

test("the context named default is the default socket", () => {
  expect(found({ DOCKER_CONTEXT: "default" }, home(desktop))).toMatchInlineSnapshot(
    `"unix:///var/run/docker.sock from default: {"socketPath":"/var/run/docker.sock"}"`,
  );
});

test("DOCKER_CONFIG is where the settings are", () => {
  const root = home(desktop, "elsewhere");
  expect(found({ DOCKER_CONFIG: join(root, "elsewhere") }, "/nowhere")).toMatchInlineSnapshot(
    `"unix:///run/desktop.sock from context desktop: {"socketPath":"/run/desktop.sock"}"`,
  );
});

test("a context that is not there is said to be missing", () => {
  const message = found({ DOCKER_CONTEXT: "gone" }, home(desktop)).replace(
    /looked in .*?\/contexts/,
    "looked in <home>/contexts",
  );
  expect(message).toMatchInlineSnapshot(`
    "engine/unreachable: The docker context "gone" names no Engine (looked in <home>/contexts/meta/283bb9deef02e6843abfb538efa1eca70801bd8a701c3f98191e123496339247/meta.json).
      unset DOCKER_CONTEXT"
  `);
});

test.for(["tcp://localhost:2375", "tcp://127.0.0.1:2375", "tcp://[::1]:2375", "tcp://127.0.0.1"])(
  "an Engine on this machine's loopback is taken: %s",
  (host) => {
    expect(findEngine({ DOCKER_HOST: host }, "/nowhere").host).toBe(host);
  },
);

test.for(["ssh://build@example.com", "tcp://10.0.0.5:2375", "tcp://example.com:2376", "https://example.com"])(
  "an Engine on another machine is refused: %s",
  (host) => {
    expect(() => findEngine({ DOCKER_HOST: host }, "/nowhere")).toThrow(
      expect.objectContaining({ code: "engine/remote" }),
    );
  },
);

test("the refusal says what to do", () => {
  expect(found({ DOCKER_HOST: "ssh://build@example.com" }, "/nowhere")).toMatchInlineSnapshot(`
    "engine/remote: The docker client is set to an Engine on another machine: ssh://build@example.com (DOCKER_HOST).
      The simulator runs its tasks on this machine only: unset DOCKER_HOST"
  `);
  const remote = home({ currentContext: "build", contexts: { build: "ssh://build@example.com" } });
  expect(found({}, remote)).toMatchInlineSnapshot(`
    "engine/remote: The docker client is set to an Engine on another machine: ssh://build@example.com (context build).
      The simulator runs its tasks on this machine only: docker context use default"
  `);
});

test("what nobody can talk to is refused", () => {
  expect(found({ DOCKER_HOST: "fd://3" }, "/nowhere")).toMatchInlineSnapshot(`
    "engine/unreachable: The simulator cannot talk to an Engine at "fd://3" (DOCKER_HOST).
      It takes unix:///path/to/docker.sock and tcp://127.0.0.1:PORT"
  `);
  expect(found({ DOCKER_HOST: "tcp://127.0.0.1:2376", DOCKER_TLS_VERIFY: "1" }, "/nowhere")).toMatchInlineSnapshot(`
    "engine/unreachable: The Engine at tcp://127.0.0.1:2376 (DOCKER_HOST) wants TLS, which the simulator does not speak.
      use the Engine's Unix socket: unset DOCKER_HOST DOCKER_TLS_VERIFY"
  `);
});
