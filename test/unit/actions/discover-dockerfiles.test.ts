import { expect, test } from "vitest";
import { discoverDockerfiles } from "../../../src/actions/discover-dockerfiles.ts";
import { folderWith } from "../../support/files.ts";

test("Dockerfiles come with the ports that they expose", async () => {
  const root = await folderWith({
    "api/Dockerfile": "FROM node\nEXPOSE 3000 9229\n",
    Dockerfile: "FROM nginx\n",
  });
  expect(await discoverDockerfiles(root)).toEqual([
    { path: "Dockerfile", ports: [] },
    { path: "api/Dockerfile", ports: [3000, 9229] },
  ]);
});
