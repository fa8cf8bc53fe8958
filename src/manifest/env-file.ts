import type { Diagnostic } from "../errors.ts";
import { Problems } from "./problems.ts";
import { quoted } from "./words.ts";

/** What is wrong with an environment file by ECS's rules: UTF-8, one `NAME=value` a line, values as they stand, lines
 *  that begin with `#` are comments. Values are never shown. Source: AWS, "Pass environment variables to a container". */
export function envFileProblems(file: string, bytes: Uint8Array): Diagnostic[] {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const problems = new Problems(file, text);
  const firstAt = new Map<string, number>();
  let at = 0;
  let quotesTold = false;
  for (const line of text.split("\n")) {
    checkLine(line.replace(/\r$/, ""), at);
    at += line.length + 1;
  }
  return problems.inFileOrder();

  function checkLine(line: string, start: number): void {
    const foreign = /[\uFFFD\0]/.exec(line);
    if (foreign) {
      const what = foreign[0] === "\0" ? "a zero byte" : "not UTF-8";
      return problems.add(
        start + foreign.index,
        "env-file/encoding",
        `an environment file is text in UTF-8, and this is ${what}`,
        [],
      );
    }
    if (start === 0 && line.startsWith("\uFEFF")) {
      problems.add(0, "env-file/encoding", "a byte order mark becomes part of the first variable's name", [], {
        hint: "save the file as UTF-8 without a byte order mark",
        severity: "warning",
      });
    }
    if (line.trim() === "" || line.startsWith("#")) return;
    const indent = line.length - line.trimStart().length;
    if (line.trimStart().startsWith("#"))
      return warn(
        start + indent,
        "env-file/line",
        "a comment begins at the start of its line; ECS does not take this one",
        "remove the blanks before `#`",
      );
    const equals = line.indexOf("=");
    if (equals < 0)
      return warn(
        start + indent,
        "env-file/line",
        "this line is no `NAME=value`, and ECS does not take it",
        "write `NAME=value`, or `#` at the start of a comment",
      );
    checkVariable(line.slice(0, equals), line.slice(equals + 1), start);
  }

  function checkVariable(name: string, value: string, start: number): void {
    if (name.trim() === "") return warn(start, "env-file/line", "a variable must have a name", "write `NAME=value`");
    if (/^\s*export\s/.test(name))
      return warn(
        start,
        "env-file/line",
        "ECS takes no `export`: it becomes part of the name",
        `write \`${name.trim().replace(/^export\s+/, "")}=…\``,
      );
    if (/\s/.test(name))
      return warn(
        start,
        "env-file/line",
        "a name with a blank in it is one that no program looks for",
        "write `NAME=value` without blanks around `=`",
      );
    const first = firstAt.get(name);
    if (first !== undefined)
      warn(
        start,
        "env-file/twice",
        `${shown(name)} is already given at line ${problems.place(first).line}`,
        "keep one of the two",
      );
    firstAt.set(name, first ?? start);
    if (quotesTold || !/^(".*"|'.*')$/.test(value)) return;
    quotesTold = true;
    warn(
      start + name.length + 1,
      "env-file/quotes",
      `the quotes become part of the value of ${shown(name)}: ECS takes values as they stand`,
      "leave them out, here and below",
    );
  }

  function warn(where: number, code: string, message: string, hint: string): void {
    problems.add(where, code, message, [], { hint, severity: "warning" });
  }
}

/** A name, unless it may be a piece of a value that spans lines. */
function shown(name: string): string {
  return /^[A-Za-z_]\w{0,99}$/.test(name) ? quoted(name) : "the variable";
}
