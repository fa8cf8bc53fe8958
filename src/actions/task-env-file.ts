import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Diagnostic, UserError } from "../errors.ts";
import { envFileProblems } from "../manifest/env-file.ts";
import { refuseErrors } from "./load-manifest.ts";

/** A larger file is no environment file: no process could be started with as many variables. */
const largest = 2 ** 20;

/** An environment file, with what is wrong in it that ECS puts up with. What is in it appears in no error.
 *  @throws UserError usage/invalid-flag, manifest/invalid with each place */
export async function readTaskEnvFile(
  path: string,
  cwd: string,
): Promise<{ contents: string; diagnostics: Diagnostic[] }> {
  const refused = (problem: string, cause?: unknown) =>
    new UserError("usage/invalid-flag", `--env-file ${path}: ${problem}`, { cause, hint: "give another --env-file" });
  if (!path.endsWith(".env")) throw refused("ECS takes no environment file whose name does not end in .env");
  const bytes = await readFile(resolve(cwd, path)).catch((error: unknown) => {
    throw refused("the file cannot be read", error);
  });
  if (bytes.length > largest) throw refused("the file is larger than 1 MiB");
  const diagnostics = envFileProblems(path, bytes);
  refuseErrors(diagnostics);
  return { contents: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), diagnostics };
}
