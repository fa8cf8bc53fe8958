import fc from "fast-check";
import { expect, test } from "vitest";
import { workflowCommand } from "../../../src/cli/ci/workflow-command.ts";

test("what would end a property, or the line, is written as the runner reads it back", () => {
  const command = workflowCommand(
    "error",
    { file: "a,b:c%.yml", line: 3, col: undefined, title: "" },
    "50%\r\nof a, b: c",
  );
  expect(command).toMatchInlineSnapshot(`"::error file=a%2Cb%3Ac%25.yml,line=3::50%25%0D%0Aof a, b: c"`);
  expect(workflowCommand("endgroup")).toMatchInlineSnapshot(`"::endgroup::"`);
});

/** As `ActionCommand.TryParseV2` and its unescaping do (actions/runner, `src/Runner.Common/ActionCommand.cs`). */
function read(line: string) {
  const [, head = "", message = ""] = /^::(.*?)::(.*)$/s.exec(line) ?? [];
  const [name = "", ...rest] = head.split(" ");
  const back = (text: string, codes: [string, string][]) =>
    codes.reduce((got, [code, mark]) => got.replaceAll(code, mark), text);
  const lineCodes: [string, string][] = [
    ["%0D", "\r"],
    ["%0A", "\n"],
    ["%25", "%"],
  ];
  const property: [string, string][] = [
    ["%0D", "\r"],
    ["%0A", "\n"],
    ["%3A", ":"],
    ["%2C", ","],
    ["%25", "%"],
  ];
  const pairs = rest
    .join(" ")
    .split(",")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [key = "", ...value] = pair.split("=");
      return [key, back(value.join("="), property)];
    });
  return { name, properties: Object.fromEntries(pairs), message: back(message, lineCodes) };
}

test("whatever is in a file's name or a message comes back, on one line", () => {
  const text = fc.string({ unit: fc.constantFrom("a", ":", ",", "%", "2", "5", "C", "\n", "\r", "=", " ", "é") });
  fc.assert(
    fc.property(text, text, (file, message) => {
      const line = workflowCommand("warning", { file, line: 1 }, message);
      expect(line).not.toMatch(/[\r\n]/);
      const properties = { ...(file !== "" && { file }), line: "1" };
      expect(read(line)).toEqual({ name: "warning", properties, message });
    }),
  );
});
