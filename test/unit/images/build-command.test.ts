import { expect, test } from "vitest";
import { buildCommand, rebuildCommand } from "../../../src/images/build-command.ts";

const image = {
  build: {
    container: "web",
    dockerfile: "web/Dockerfile",
    context: ".",
    args: { VERSION: "1", EMPTY: "", ODD: "$(id); 'rm -rf' --platform=x" },
    target: "--push",
    cacheFrom: ["web:latest"],
    platform: "linux/arm64",
  },
  repository: "shop/web",
  tags: ["latest"],
  labels: { "pilotfish.image.builder": "pilotfish" },
};

test("every value of a build is one argument, whatever it looks like", () => {
  expect(buildCommand("classic", image, "/project", "/tmp/id")).toMatchInlineSnapshot(`
    [
      "build",
      "--force-rm",
      "--platform=linux/arm64",
      "--file=/project/web/Dockerfile",
      "--iidfile=/tmp/id",
      "--target=--push",
      "--build-arg=VERSION=1",
      "--build-arg=EMPTY=",
      "--build-arg=ODD=$(id); 'rm -rf' --platform=x",
      "--cache-from=web:latest",
      "--label=pilotfish.image.builder=pilotfish",
      "/project",
    ]
  `);
});

test("buildx loads what it has built, and prints plain lines", () => {
  const { build } = image;
  const plain = { ...image, labels: {}, build: { ...build, args: {}, cacheFrom: [], target: undefined } };
  expect(buildCommand("buildx", plain, "/project", "/tmp/id")).toMatchInlineSnapshot(`
    [
      "buildx",
      "build",
      "--load",
      "--progress=plain",
      "--platform=linux/arm64",
      "--file=/project/web/Dockerfile",
      "--iidfile=/tmp/id",
      "/project",
    ]
  `);
});

test("the command to paste is quoted for a shell", () => {
  expect(rebuildCommand(image.build)).toMatchInlineSnapshot(
    `"docker build --no-cache --platform=linux/arm64 --file=web/Dockerfile --target=--push --build-arg=VERSION=1 --build-arg=EMPTY= '--build-arg=ODD=$(id); '\\''rm -rf'\\'' --platform=x' ."`,
  );
});
