import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { UserError } from "../errors.ts";
import { nameProblem } from "./names.ts";

/** Reads `copilot/.workspace`. `file` is what messages show. @throws UserError workspace/invalid */
export function parseApplicationFile(text: string, file: string): string {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const invalid = (message: string, offset = 0) => {
    const { line, col } = lines.linePos(offset);
    return new UserError("workspace/invalid", message, {
      place: { file, line: Math.max(line, 1), column: Math.max(col, 1) },
      hint: "it needs one line: `application: NAME`",
    });
  };
  const [broken] = document.errors;
  if (broken) throw invalid(`not YAML: ${broken.message}`, broken.pos[0]);
  if (!isMap(document.contents)) throw invalid("does not name the application");
  const pair = document.contents.items.find((item) => isScalar(item.key) && item.key.value === "application");
  if (!pair) throw invalid("does not name the application");
  const value = pair.value;
  if (!isScalar(value) || value.value === null || value.value === "") {
    const offset = isScalar(pair.key) ? pair.key.range?.[0] : 0;
    throw invalid("`application` must be a name", offset);
  }
  const name = value.source ?? String(value.value);
  const problem = nameProblem(name);
  if (problem) throw invalid(`the application's name ${problem}`, value.range?.[0]);
  return name;
}

/** The text of a new `.workspace`, as Copilot writes it. */
export function formatApplicationFile(application: string): string {
  return `application: ${application}\n`;
}
