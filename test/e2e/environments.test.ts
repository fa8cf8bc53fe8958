import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { deployJson, endOfDeploy } from "../support/deploy-json.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { leftBehind } from "../support/docker.ts";
import { ownerOf } from "../support/end-simulator.ts";
import { runCli } from "../support/run-cli.ts";
import { pageServer, serviceFolder } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";

const manifest = `image: { build: Dockerfile, port: 8080 }
http: { path: /, deregistration_delay: 1s }
variables: { PLACE: base }
environments:
  test:
    variables: { PLACE: the overlay of test }
`;

/** Says where it runs, and who answers to the service's names there and in the other environment. */
const ask = `#!/bin/sh
printf 'Content-Type: text/plain\\r\\n\\r\\n'
echo "$COPILOT_ENVIRONMENT_NAME with $PLACE"
for name in web web.local.$COPILOT_APPLICATION_NAME.local web.test.$COPILOT_APPLICATION_NAME.local; do
  echo "$name: $(timeout 2 wget -q -O - http://$name:8080/cgi-bin/name)" | sed "s/$COPILOT_APPLICATION_NAME/APP/"
done
`;
const name = `#!/bin/sh
printf 'Content-Type: text/plain\\r\\n\\r\\n'
echo "$COPILOT_ENVIRONMENT_NAME"
`;

describeWithEngine("two simulated environments", () => {
  test("keep apart, outlive the daemon, and go with their application", async () => {
    const server = pageServer("here", { "/www/cgi-bin/ask": ask, "/www/cgi-bin/name": name });
    const command = ["/bin/sh", "-c", "chmod +x /www/cgi-bin/*; trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait"];
    const service = await serviceFolder("web", { ...server, command }, manifest);
    const app = service.repository.split("/")[0] as string;
    const home = await simulatorHome();
    const options = { cwd: service.folder, home };
    const pilotfish = async (...args: string[]) => {
      const { code, stdout, stderr } = await runCli(args, options);
      return `${stdout}${stderr}exit code ${code}`.replaceAll(app, "APP");
    };
    const deploy = async (...args: string[]) => {
      const { outcome, status } = endOfDeploy(await deployJson(["svc", "deploy", "-n", "web", ...args], options));
      expect(outcome).toBe("completed");
      return new URL("/cgi-bin/ask", status.urls.at(-1));
    };
    const answer = (url: URL) => async () => (await (await fetch(url)).text()).replaceAll(app, "APP");

    expect(await pilotfish("env", "init", "-n", "test", "--local")).toMatch(/created the environment test[^]*code 0$/);
    expect(await pilotfish("svc", "deploy", "-e", "test")).toMatch(/environment\/ambiguous[^]*exit code 1$/);
    const local = await deploy("-e", "local");
    const inTest = await deploy("-e", "test", "--local");
    await expect
      .poll(answer(local), { timeout: 60_000 })
      .toBe("local with base\nweb: local\nweb.local.APP.local: local\nweb.test.APP.local: \n");
    await expect
      .poll(answer(inTest), { timeout: 60_000 })
      .toBe("test with the overlay of test\nweb: test\nweb.local.APP.local: \nweb.test.APP.local: test\n");
    await pilotfish("env", "init", "-n", "local", "--like", "test");
    expect(await answer(await deploy("-e", "local"))()).toMatch(/^local with the overlay of test$/m);

    expect(await pilotfish("local", "stop")).toMatch(/exit code 0$/);
    expect(await pilotfish("env", "ls")).toBe("local\ntest\nexit code 0");
    expect(await pilotfish("app", "show")).toMatchInlineSnapshot(`
      "About
        Name  APP

      Environments
        NAME   PROVIDER
        local  simulator on this machine  like test
        test   simulator on this machine

      Services
        NAME  TYPE                       DEPLOYED TO
        web   Load Balanced Web Service  local, test
      exit code 0"
    `);
    expect(await pilotfish("env", "delete", "-n", "test", "--local", "--yes")).toMatchInlineSnapshot(`
      "error  services of APP are deployed to test: web  (environment/in-use)
             pilotfish svc delete --app APP --name web --env test --local
      exit code 1"
    `);

    const removed = await pilotfish("svc", "delete", "-n", "web", "-e", "test", "--local", "--yes");
    expect(removed).toMatch(/exit code 0$/);
    expect(await pilotfish("env", "delete", "-n", "test", "--local", "--yes")).toMatch(/is deleted[^]*exit code 0$/);
    expect(await pilotfish("svc", "status", "-n", "web", "-e", "local")).toMatch(
      /web of APP in local: ACTIVE[^]*code 0$/,
    );
    await pilotfish("env", "init", "-n", "test", "--local");
    await deploy("-e", "test", "--local");

    expect(await pilotfish("app", "delete", "--yes")).toMatch(/the application APP is deleted[^]*exit code 0$/);
    expect(existsSync(join(service.folder, "copilot/.workspace"))).toBe(false);
    expect(await pilotfish("app", "ls")).toBe("AWS was not asked: no region of AWS is set\nexit code 0");
    expect(JSON.parse(readFileSync(join(home, "environments.json"), "utf8"))).toEqual({ environments: [] });
    await expect.poll(() => leftBehind(ownerOf(home) as string), { timeout: 20_000 }).toEqual([]);
  });
});
