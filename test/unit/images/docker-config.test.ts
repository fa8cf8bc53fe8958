import { describe, expect, test } from "vitest";
import { hasOwnHelper, isStillGood, loginInFile, withHelper } from "../../../src/images/docker-config.ts";

const ecr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const auth = (text: string) => ({ auth: Buffer.from(text).toString("base64") });

describe("the configuration that the docker client is given", () => {
  test("has the user's settings, one helper for what stood in it, and no password", () => {
    const user = {
      auths: { "https://index.docker.io/v1/": auth("ann:hub"), "ghcr.io": { identitytoken: "token" } },
      credHelpers: { "gcr.io": "gcloud" },
      proxies: { default: { httpProxy: "http://proxy:3128" } },
      currentContext: "rootless",
    };
    const { config, logins } = withHelper(user, "pilotfish", [ecr]);
    expect(config).toMatchInlineSnapshot(`
      {
        "auths": {},
        "credHelpers": {
          "123456789012.dkr.ecr.eu-west-1.amazonaws.com": "pilotfish",
          "gcr.io": "gcloud",
          "ghcr.io": "pilotfish",
          "https://index.docker.io/v1/": "pilotfish",
          "index.docker.io": "pilotfish",
        },
        "currentContext": "rootless",
        "proxies": {
          "default": {
            "httpProxy": "http://proxy:3128",
          },
        },
      }
    `);
    expect([...logins]).toEqual([
      ["https://index.docker.io/v1/", { username: "ann", password: "hub" }],
      ["index.docker.io", { username: "ann", password: "hub" }],
      ["ghcr.io", { username: "<token>", password: "token" }],
    ]);
  });

  test("leaves the user's store of passwords in force for all other registries", () => {
    const { config, logins } = withHelper({ auths: { "ghcr.io": {} }, credsStore: "desktop" }, "pilotfish", [ecr]);
    expect(config).toEqual({ auths: { "ghcr.io": {} }, credsStore: "desktop", credHelpers: { [ecr]: "pilotfish" } });
    expect(logins.size).toBe(0);
  });

  test("takes no copy of a password that a store or a helper has made useless", () => {
    const left = { auths: { "ghcr.io": auth("ann:old") } };
    for (const chosen of [{ credsStore: "pass" }, { credHelpers: { "ghcr.io": "pass" } }]) {
      const { config, logins } = withHelper({ ...left, ...chosen }, "pilotfish", []);
      expect(JSON.stringify(config)).not.toContain(left.auths["ghcr.io"].auth);
      expect(logins.size).toBe(0);
    }
  });
});

test.each([
  [{ credHelpers: { [ecr]: "ecr-login" } }, true],
  [{ credHelpers: { [ecr]: "mine" } }, true],
  [{ credHelpers: { "other.example.com": "mine" } }, false],
  [{ credHelpers: { [ecr]: "" } }, false],
  [{ credsStore: "ecr-login" }, true],
  [{ credsStore: "ecr-login", credHelpers: { [ecr]: "" } }, false],
  [{ credsStore: "desktop" }, false],
  [{ auths: { [ecr]: auth("AWS:token") } }, false],
])("with %j the user has a helper that knows the registry: %s", (config, known) => {
  expect(hasOwnHelper(config, ecr)).toBe(known);
});

test("a login is found by the host, however the client wrote it", () => {
  const login = { username: "AWS", password: "a:b" };
  for (const key of [ecr, `https://${ecr}`, `https://${ecr}/v2/`])
    expect(loginInFile({ auths: { [key]: auth("AWS:a:b") } }, ecr)).toEqual(login);
  expect(loginInFile({ auths: { "ghcr.io": auth("AWS:a:b") } }, ecr)).toBeUndefined();
  expect(loginInFile({ auths: { [ecr]: auth("AWS:a:b") }, credsStore: "desktop" }, ecr)).toBeUndefined();
});

test("a token of ECR's is good until shortly before it expires; another password always is", () => {
  const now = 1_700_000_000_000;
  const token = (expiration: number) => Buffer.from(JSON.stringify({ payload: "…", expiration })).toString("base64");
  const good = (password: string) => isStillGood({ username: "AWS", password }, now);
  expect([token(now / 1000 + 3600), token(now / 1000 + 60), token(now / 1000 - 60), "hunter2"].map(good)).toEqual([
    true,
    false,
    false,
    true,
  ]);
});
