import { expect, test } from "vitest";
import { FakeHost, run } from "../support/fake-host.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { demoWorkspace } from "./workspaces.ts";

const report = `name: report
type: Scheduled Job
image: { location: demo/report:1 }
on: { schedule: "@daily" }
`;

async function listed(argv: string[], files: Record<string, string> = {}): Promise<string> {
  const host = new FakeHost({ cwd: await demoWorkspace(files), provider: new FakeProvider({}) });
  return run(argv, host);
}

test("services and jobs are listed apart, in Copilot's shape, without a word to AWS", async () => {
  const files = { "copilot/report/manifest.yml": report };
  expect(await listed(["svc", "ls", "--local", "--json"], files)).toMatchInlineSnapshot(`
    "stdout:
    {
      "services": [
        {
          "app": "demo",
          "name": "api",
          "type": "Load Balanced Web Service",
          "environments": []
        }
      ]
    }
    exit code 0"
  `);
  expect(await listed(["job", "ls", "--local", "--json"], files)).toMatchInlineSnapshot(`
    "stdout:
    {
      "jobs": [
        {
          "app": "demo",
          "name": "report",
          "type": "Scheduled Job",
          "environments": []
        }
      ]
    }
    exit code 0"
  `);
  expect(await listed(["job", "ls", "--local"], files)).toMatchInlineSnapshot(`
    "stdout:
    NAME    TYPE           DEPLOYED
    report  Scheduled Job  -
    exit code 0"
  `);
  expect(await listed(["job", "ls", "--local"])).toMatchInlineSnapshot(`
    "stdout:
    the application demo has no job here; add one: pilotfish job init
    exit code 0"
  `);
});
