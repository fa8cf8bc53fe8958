import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";
import { exposedPorts } from "../../../src/images/dockerfile/exposed-ports.ts";

test.each<[what: string, dockerfile: string, ports: number[]]>([
  ["one port", "FROM nginx\nEXPOSE 80\n", [80]],
  ["none", "FROM nginx\n", []],
  ["several, with their protocols", "FROM a\nEXPOSE 80/tcp 443 53/udp 9000/TCP\n", [80, 443, 9000]],
  ["the same one twice", "FROM a\nEXPOSE 80\nEXPOSE 80/tcp\n", [80]],
  ["a range", "FROM a\nEXPOSE 8000-8002\n", [8000, 8001, 8002]],
  ["quoted", 'FROM a\nEXPOSE "8080"\n', [8080]],
  ["what is no port", "FROM a\nEXPOSE http 0 70000 9-8 80x\n", []],
  ["lower case and spaces", "from a\n   expose    8080   \n", [8080]],
  ["Windows' line ends and a byte order mark", "\uFEFFFROM a\r\nEXPOSE 80 \\\r\n  81\r\n", [80, 81]],
  ["an argument with a default", "FROM a\nARG PORT=3000\nEXPOSE $PORT\n", [3000]],
  ["an argument without one", "FROM a\nARG PORT\nEXPOSE ${PORT}\n", []],
  ["a default in the place of use", "FROM a\nARG PORT\nEXPOSE ${PORT:-5000}\n", [5000]],
  ["a global argument that the stage asks for", "ARG PORT=7000\nFROM a\nARG PORT\nEXPOSE $PORT\n", [7000]],
  ["a global argument that it does not ask for", "ARG PORT=7000\nFROM a\nEXPOSE $PORT\n", []],
  ["ENV over ARG", "FROM a\nARG PORT=1\nENV PORT=8000\nEXPOSE $PORT/tcp\n", [8000]],
  ["ENV in its old form", "FROM a\nENV PORT 8000\nEXPOSE ${PORT}\n", [8000]],
  ["several in one ENV, from one another", 'FROM a\nENV A="80" B=81\nENV C=${A}80\nEXPOSE $A $B $C\n', [80, 81, 8080]],
  ["only the last stage", "FROM a AS build\nEXPOSE 1\nFROM b\nEXPOSE 2\n", [2]],
  [
    "a stage from another",
    "FROM a AS base\nENV P=80\nEXPOSE 443\nFROM --platform=x base as Final\nEXPOSE $P\n",
    [443, 80],
  ],
  ["a line that goes on", "FROM a\nEXPOSE 80 \\\n  # between\n\n  81\n", [80, 81]],
  ["a comment that looks like one", "FROM a\n# EXPOSE 1\nEXPOSE 2\n", [2]],
  ["another escape character", "# escape=`\nFROM a\nEXPOSE 80 `\n 81\nRUN dir C:\\\nEXPOSE 82\n", [80, 81, 82]],
  ["a heredoc that looks like one", "FROM a\nRUN <<EOF\nEXPOSE 1\nEOF\nEXPOSE 2\n", [2]],
  ["a heredoc with tabs and quotes", 'FROM a\nCOPY <<-"END" /x\nEXPOSE 1\n\tEND\nEXPOSE 2\n', [2]],
  ["two heredocs", "FROM a\nRUN <<A cat <<B\nEXPOSE 1\nA\nEXPOSE 2\nB\nEXPOSE 3\n", [3]],
  ["a heredoc without an end", "FROM a\nRUN <<EOF\nEXPOSE 1\n", [1]],
  ["EXPOSE before any stage", "EXPOSE 1\n", []],
  ["an empty file", "", []],
])("%s", (_, dockerfile, ports) => {
  expect(exposedPorts(dockerfile)).toEqual(ports);
});

test("whatever a file holds, ports are whole numbers from 1 to 65535", () => {
  assert(
    property(string(), string(), (before, after) => {
      for (const port of exposedPorts(`${before}\nFROM a\nEXPOSE 80 ${after}`)) {
        expect(Number.isInteger(port) && port >= 1 && port <= 65_535).toBe(true);
      }
    }),
  );
});
