import { expect, test } from "vitest";
import { UserError } from "../../../../src/errors.ts";
import { execTarget } from "../../../../src/simulator/daemon/exec-target.ts";
import type { Service, Task } from "../../../../src/simulator/engine/state.ts";

function hint(env: string, tasks: Partial<Task>[]): string | undefined {
  const service = { app: "shop", env, name: "api", deployments: [] } as unknown as Service;
  try {
    execTarget(service, tasks as Task[], {});
  } catch (error) {
    if (error instanceof UserError) return error.hint;
    throw error;
  }
  return undefined;
}

test("hints name an environment so that the command can be run as it stands", () => {
  const task = { id: "0123456789abcdef", lastStatus: "RUNNING" as const, containers: [] };
  expect([hint("local", []), hint("test", []), hint("local", [task]), hint("test", [task])]).toMatchInlineSnapshot(`
    [
      "pilotfish svc status -a shop -n api -e local",
      "pilotfish svc status -a shop -n api -e test --local",
      "set \`exec: true\` in the manifest of api, then: pilotfish svc deploy -n api -e local --force",
      "set \`exec: true\` in the manifest of api, then: pilotfish svc deploy -n api -e test --local --force",
    ]
  `);
});
