import { expect, test } from "vitest";
import { shellLine, withFlag } from "../../../src/cli/command-line.ts";

test.each([
  ["a flag of its own", ["svc", "deploy", "-e", "test", "--force"], "pilotfish svc deploy -e local --force"],
  ["its long form", ["svc", "deploy", "--env", "test"], "pilotfish svc deploy --env local"],
  ["with an equals sign", ["svc", "deploy", "--env=test"], "pilotfish svc deploy --env=local"],
  ["with the value attached", ["svc", "deploy", "-etest"], "pilotfish svc deploy -e local"],
  ["without it", ["svc", "deploy"], "pilotfish svc deploy -e local"],
])("a command is repeated with another value: %s", (_form, args, expected) => {
  expect(shellLine(withFlag(args, ["--env", "-e"], "local"))).toBe(expected);
});

test("what a shell would take apart is quoted", () => {
  expect(shellLine(["svc", "init", "-n", "it's; rm -rf", "-t", "Backend Service", ""])).toBe(
    `pilotfish svc init -n 'it'\\''s; rm -rf' -t 'Backend Service' ''`,
  );
});
