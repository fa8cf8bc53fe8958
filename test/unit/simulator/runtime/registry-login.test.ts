import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { registryLogin } from "../../../../src/simulator/runtime/docker/registry-login.ts";

function loginFor(reference: string, settings: object): unknown {
  const folder = mkdtempSync(join(tmpdir(), "pilotfish-docker-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "config.json"), JSON.stringify(settings));
  const header = registryLogin(reference, folder)["x-registry-auth"];
  return header === undefined ? undefined : JSON.parse(Buffer.from(header, "base64url").toString());
}

const auth = (text: string) => ({ auth: Buffer.from(text).toString("base64") });
const settings = {
  auths: {
    "registry.example:5000": auth("ann:se:cret"),
    "https://index.docker.io/v1/": auth("bob:hub"),
    "helped.example": {},
  },
};

test("the stored login of the image's registry is used", () => {
  expect(loginFor("registry.example:5000/team/api:1", settings)).toEqual({
    username: "ann",
    password: "se:cret",
    serveraddress: "registry.example:5000",
  });
});

test.for(["nginx", "library/nginx:1", "team/api@sha256:0"])(
  "an image without a registry is Docker Hub's: %s",
  (reference) => {
    expect(loginFor(reference, settings)).toMatchObject({ username: "bob" });
  },
);

test.for(["localhost/api", "other.example/api", "helped.example/api"])(
  "without a stored login there is none: %s",
  (reference) => {
    expect(loginFor(reference, settings)).toBeUndefined();
  },
);

test("a machine without settings has no logins", () => {
  expect(registryLogin("nginx", "/nowhere")).toEqual({});
});
