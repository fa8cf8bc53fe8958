import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { folderWith } from "../support/files.ts";
import { runCli } from "../support/run-cli.ts";
import { simulatorHome } from "../support/simulator-home.ts";
import { keys, runInTerminal } from "../support/terminal.ts";

/** At AWS's own speed, and with a health check that never succeeds, there is time to interrupt a deployment. */
const simulated = { PILOTFISH_RUNTIME: "simulated", PILOTFISH_SPEED: "1", NO_COLOR: "1" };

const workspace = () =>
  folderWith({
    "copilot/.workspace": "application: demo\n",
    "copilot/api/manifest.yml": [
      "name: api",
      "type: Load Balanced Web Service",
      "image: { location: demo/api:1, port: 8080 }",
      "http: { path: /, healthcheck: { success_codes: '299' } }",
      "",
    ].join("\n"),
  });

test("Ctrl-C on a deploy asks; yes rolls the deployment back, and the program ends with 130", async () => {
  const [cwd, home] = [await workspace(), await simulatorHome()];
  const terminal = runInTerminal(["svc", "deploy", "-n", "api", "-e", "local"], { cwd, home, env: simulated });
  await terminal.waitForText(/revision 1 .*[1-9] (pending|running)/);
  terminal.type(keys.interrupt);
  await terminal.waitForText("Stop this first deployment, and leave nothing running?");
  terminal.type(`y${keys.enter}`);
  expect(await terminal.ended, terminal.history()).toBe(130);
  expect(terminal.history()).toContain("the user rolled it back");
  const { stdout } = await runCli(["svc", "status", "-n", "api", "-e", "local"], { cwd, home, env: simulated });
  expect(stdout).toMatch(/ 0 running, 0 pending$/m);
});

test.each([
  ["Ctrl-C", keys.interrupt],
  ["Ctrl-D", keys.endOfInput],
])("%s at a question ends with 130, and nothing is written", async (_name, key) => {
  const [cwd, home] = [await folderWith({ Dockerfile: "FROM scratch\n" }), await simulatorHome()];
  const terminal = runInTerminal(["init"], { cwd, home });
  await terminal.waitForText("name of the application?");
  terminal.type(key);
  expect(await terminal.ended, terminal.history()).toBe(130);
  expect(await readdir(cwd)).toEqual(["Dockerfile"]);
});
