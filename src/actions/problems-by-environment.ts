import type { Diagnostic } from "../errors.ts";

/** Stands for environments without an overlay among the names of environments. */
export const anywhere = "*";

/** Collects problems that are found in several environments: each once, with where it counts. */
export class ProblemsByEnvironment {
  readonly #found = new Map<string, { problem: Diagnostic; in: Set<string>; owners: Set<string> }>();
  readonly #looked = new Map<string, Set<string>>();
  readonly #unused = new Set<string>();

  /** A workload has been looked at as it is in an environment. */
  looked(owner: string, env: string): void {
    const all = this.#looked.get(owner);
    if (all) all.add(env);
    else this.#looked.set(owner, new Set([env]));
  }

  /** Every environment that is known has an overlay of a workload's manifest, so that nothing is deployed without one:
   *  what is wrong there alone is a warning. */
  isUnusedAlone(owner: string): void {
    this.#unused.add(owner);
  }

  /** @param owners the workloads that it is about
   *  @param env where it was found */
  add(problem: Diagnostic, owners: readonly string[] = [], env: string = anywhere): void {
    const { file, line, column, code, message } = problem;
    const key = `${file}\n${line}:${column}\n${code}\n${message}`;
    let found = this.#found.get(key);
    if (!found) this.#found.set(key, (found = { problem, in: new Set(), owners: new Set() }));
    found.in.add(env);
    for (const owner of owners) found.owners.add(owner);
  }

  /** File by file, in the order of the lines. */
  inOrder(): Diagnostic[] {
    const problems = [...this.#found.values()].map(({ problem, in: here, owners }) => {
      const everywhere = new Set([...owners].flatMap((owner) => [...(this.#looked.get(owner) ?? [])]));
      if (here.size >= everywhere.size) return problem;
      const counts = here.size > 1 || !here.has(anywhere) || ![...owners].every((owner) => this.#unused.has(owner));
      return { ...problem, ...(!counts && { severity: "warning" as const }), environments: [...here].toSorted() };
    });
    return problems.toSorted(
      (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message),
    );
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
