import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { isMap, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import { UserError } from "../errors.ts";
import type { SecretValues } from "./init-secrets.ts";

/** Reads `NAME: {environment: value}`, each value as it is written. No value appears in an error.
 *  @throws UserError usage/invalid-flag with the place */
export async function readSecretsFile(path: string, cwd: string): Promise<SecretValues> {
  const file = relative(cwd, resolve(cwd, path)) || path;
  const text = await readFile(resolve(cwd, path), "utf8").catch((error: unknown) => {
    throw new UserError("usage/invalid-flag", "this file is missing or cannot be read", {
      place: { file },
      cause: error,
    });
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: "failsafe" });
  const wrong = (message: string, offset = 0) => {
    const { line, col } = lines.linePos(offset);
    return new UserError("usage/invalid-flag", message, {
      place: { file, line: Math.max(line, 1), column: Math.max(col, 1) },
      hint: "write `NAME: {environment: value}` for each secret",
    });
  };
  const [broken] = document.errors;
  if (broken) throw wrong("this is not YAML", broken.pos[0]);
  const secrets: SecretValues = {};
  for (const [name, values] of entries(document.contents, "secrets", wrong)) {
    secrets[name] = Object.fromEntries(
      entries(values, "environments with their values", wrong).map(([env, value]) => {
        if (!isScalar(value) || value.value === "") throw wrong("this must be a value", value?.range?.[0]);
        return [env, String(value.value)];
      }),
    );
  }
  return secrets;
}

function entries(
  node: Node | null | undefined,
  what: string,
  wrong: (message: string, offset?: number) => UserError,
): [string, Node | null][] {
  if (!isMap(node)) throw wrong(`this must be a map of ${what}`, node?.range?.[0]);
  return node.items.map(({ key, value }) => [isScalar(key) ? String(key.value) : "", value as Node | null]);
}
