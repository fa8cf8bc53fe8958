import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { readEnvironments } from "../../../../src/simulator/control/environments-file.ts";
import { type Home, locateHome } from "../../../../src/simulator/control/home.ts";
import { Environments } from "../../../../src/simulator/daemon/environments.ts";
import { emptyState, stepAll } from "../../../../src/simulator/engine/engine.ts";
import type { SimulatorState } from "../../../../src/simulator/engine/state.ts";
import { folderWith } from "../../../support/files.ts";
import { deployInput } from "./deploy-input.ts";

const noServices = emptyState(1);
const withService = stepAll(noServices, [deployInput("api")], 1, () => 0.5).state;

async function home(): Promise<Home> {
  return locateHome({ PILOTFISH_HOME: await folderWith({}) });
}

function open(at: Home, state: SimulatorState = noServices): Environments {
  return new Environments(at, () => state);
}

test("environments outlive the daemon, and can be read without one", async () => {
  const at = await home();
  expect(readEnvironments(at)).toEqual([]);
  open(at).put({ app: "shop", name: "test", like: "prod" });
  open(at).put({ app: "shop", name: "stage" });
  const kept = [
    { app: "shop", name: "test", like: "prod" },
    { app: "shop", name: "stage" },
  ];
  expect(readEnvironments(at)).toEqual(kept);
  expect(open(at).put({ app: "shop", name: "test" })).toBe("unchanged");
  open(at).delete("shop", "test", "fs-1");
  expect(readEnvironments(at)).toEqual([kept[1]]);
  expect(statSync(at.environments).mode & 0o777).toBe(0o600);
});

test("local is remembered once it is used, and a service's environment is there when the file was lost", async () => {
  const at = await home();
  open(at).use("shop", "local");
  expect(readEnvironments(at)).toEqual([{ app: "shop", name: "local" }]);
  rmSync(at.environments);
  open(at, withService);
  expect(readEnvironments(at)).toEqual([{ app: "shop", name: "local" }]);
});

test("what stands in the way of a service or of a deletion is named", async () => {
  const environments = open(await home(), withService);
  expect(() => environments.use("shop", "test")).toThrow("the application shop has no simulated environment test");
  expect(() => environments.delete("shop", "test", "fs-1")).toThrow(
    "the application shop has no simulated environment test",
  );
  expect(() => environments.delete("shop", "local", "fs-1")).toThrow("services of shop are deployed to local: api");
  expect(() => environments.delete("bakery", "local", "fs-1")).not.toThrow();
});

test("the files of an environment go with it, and no others", async () => {
  const at = await home();
  const file = (fileSystem: string) => join(at.efs, fileSystem, "data/notes");
  for (const fileSystem of ["fs-1", "fs-2"]) {
    mkdirSync(dirname(file(fileSystem)), { recursive: true });
    writeFileSync(file(fileSystem), "kept");
  }
  const environments = open(at);
  environments.put({ app: "shop", name: "test" });
  for (const wrong of ["", ".", "..", "fs-1/../fs-2"])
    expect(() => environments.delete("shop", "test", wrong)).toThrow("is no id of a file system");
  environments.delete("shop", "test", "fs-1");
  expect([existsSync(join(at.efs, "fs-1")), existsSync(file("fs-2"))]).toEqual([false, true]);
});

test("a file that cannot be read is said, and stays as it is", async () => {
  const at = await home();
  writeFileSync(at.environments, '{"environments": [');
  expect(() => open(at)).toThrow(/environments\.json cannot be read: /);
  expect(readFileSync(join(at.folder, "environments.json"), "utf8")).toBe('{"environments": [');
});
