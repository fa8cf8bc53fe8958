/** One instruction of a Dockerfile: its name in capitals and the rest of its logical line. */
export interface Instruction {
  name: string;
  rest: string;
}

/** The instructions of a Dockerfile, with continued lines joined, comments and the bodies of heredocs left out. */
export function dockerfileInstructions(text: string): Instruction[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const escape = escapeCharacter(lines);
  const found: Instruction[] = [];
  for (let index = 0; index < lines.length; index++) {
    let logical = "";
    for (; index < lines.length; index++) {
      const line = lines[index] ?? "";
      if (/^\s*#/.test(line) || (logical !== "" && line.trim() === "")) continue;
      const trimmed = line.trimEnd();
      if (!trimmed.endsWith(escape)) {
        logical += line;
        break;
      }
      logical += trimmed.slice(0, -1);
    }
    const [, name = "", rest = ""] = /^\s*(\S+)\s*(.*)$/s.exec(logical) ?? [];
    if (name === "") continue;
    found.push({ name: name.toUpperCase(), rest: rest.trim() });
    if (/^(RUN|COPY|ADD)$/i.test(name)) index = afterHeredocs(lines, index, rest);
  }
  return found;
}

/** The directive at the top, `# escape=` and a backtick, swaps the character that continues a line. */
function escapeCharacter(lines: string[]): string {
  for (const line of lines) {
    const [, name, value] = /^#\s*(\w+)\s*=\s*(\S+)\s*$/.exec(line) ?? [];
    if (name === undefined) break;
    if (name.toLowerCase() === "escape") return value === "`" ? "`" : "\\";
  }
  return "\\";
}

/** The index of the line that ends the last heredoc which an instruction opens: `<<EOF`, `<<-EOF`, `<<"EOF"`. */
function afterHeredocs(lines: string[], index: number, rest: string): number {
  let last = index;
  for (const [, dash, , word] of rest.matchAll(/<<(-?)(["']?)([A-Za-z_]\w*)\2/g)) {
    const end = lines.findIndex((line, at) => at > last && (dash ? line.replace(/^\t+/, "") : line) === word);
    if (end === -1) return last;
    last = end;
  }
  return last;
}
