import { isScalar, parseDocument, isSeq } from "yaml";

/** The buildspec of test commands. A command stands in it as it is written, which is what Copilot does, and in quotes where
 *  YAML would read something else than one value. */
export function testBuildspec(commands: readonly string[]): string {
  const lines = commands.map((command) => `      - ${isOneValue(command) ? command : JSON.stringify(command)}\n`);
  return `version: 0.2\nphases:\n  build:\n    commands:\n${lines.join("")}`;
}

function isOneValue(command: string): boolean {
  if (command === "" || /[\r\n]/.test(command)) return false;
  const { contents, errors } = parseDocument(`- ${command}`, { logLevel: "silent" });
  const [item, ...others] = isSeq(contents) ? contents.items : [];
  if (errors.length > 0 || others.length > 0 || !isScalar(item)) return false;
  return item.value !== null && item.tag === undefined && item.anchor === undefined;
}
