import type { Diagnostic } from "../errors.ts";
import type { LoadedManifest } from "../manifest/load.ts";
import { dotted, type Path } from "../manifest/problems.ts";

/** A problem of a field of a manifest, at its place in the file. */
export function diagnosticAt(
  loaded: Pick<LoadedManifest, "place">,
  path: Path,
  { severity, code, message, hint }: Pick<Diagnostic, "severity" | "code" | "message" | "hint">,
): Diagnostic {
  const { file, line = 1, column = 1 } = loaded.place(path);
  return { severity, code, message, ...(hint !== undefined && { hint }), file, line, column, path: dotted(path) };
}
