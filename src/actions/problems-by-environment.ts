import type { Diagnostic } from "../errors.ts";

/** Stands for environments without an overlay among the names of environments. */
export const anywhere = "*";

/** Collects problems that are found in several environments: each once, with where it counts. */
export class ProblemsByEnvironment {
  /** Files that could not be read at all. */
  unreadable = 0;
  readonly #found = new Map<string, { problem: Diagnostic; in: Set<string>; of: Set<string> }>();

  /** @param env where it was found
   *  @param everywhere where it was looked for */
  add(problem: Diagnostic, env: string = anywhere, everywhere: readonly string[] = [env]): void {
    const { file, line, column, code, message } = problem;
    const key = `${file}\n${line}:${column}\n${code}\n${message}`;
    let found = this.#found.get(key);
    if (!found) this.#found.set(key, (found = { problem, in: new Set(), of: new Set() }));
    found.in.add(env);
    for (const each of everywhere) found.of.add(each);
  }

  /** File by file, in the order of the lines. */
  inOrder(): Diagnostic[] {
    const problems = [...this.#found.values()].map(({ problem, in: here, of: all }) =>
      here.size === all.size ? problem : { ...problem, environments: [...here].toSorted() },
    );
    return problems.toSorted(
      (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message),
    );
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
