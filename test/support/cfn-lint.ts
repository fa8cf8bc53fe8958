import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { packageRoot } from "../../src/actions/package-root.ts";

const inVenv = join(packageRoot(import.meta.url), ".venv/bin/cfn-lint");

/** The program: that of the project's own environment, else the one on the PATH; undefined when there is none. */
const program = [inVenv, "cfn-lint"].find(
  (each) => (each !== inVenv || existsSync(each)) && spawnSync(each, ["--version"]).status === 0,
);

/** What to do to have it; undefined when it is there. */
export const missingCfnLint =
  program === undefined
    ? "there is no cfn-lint: python3 -m venv .venv && .venv/bin/pip install -r test/support/cfn-lint.txt"
    : undefined;

export interface LintFinding {
  /** The file's name without its ending. */
  file: string;
  /** `E3002`; an E is an error, a W is a warning. */
  rule: string;
  message: string;
  /** Keys and indices from the top of the template. */
  path: (string | number)[];
}

interface Match {
  Filename: string;
  Message: string;
  Rule: { Id: string };
  Location: { Path?: (string | number)[] | null };
}

/** What cfn-lint finds in files, all of them read by one process: it takes long to start. */
export function lint(files: readonly string[]): Promise<LintFinding[]> {
  const args = ["--format", "json", "--regions", "us-west-2", "--", ...files];
  const limits = { maxBuffer: 64 * 1024 * 1024, timeout: 300_000 };
  return new Promise((resolve, reject) => {
    execFile(program ?? "cfn-lint", args, limits, (error, stdout, stderr) => {
      // It ends with 0 when there is nothing to say, and with a sum of 2, 4 and 8 for errors, warnings and notes.
      const isTold = error === null || (typeof error.code === "number" && error.code % 2 === 0);
      if (!isTold) return reject(new Error(`cfn-lint fails: ${stderr}`, { cause: error }));
      const found = (JSON.parse(stdout) as Match[]).map(({ Filename, Message, Rule, Location }) => ({
        file: basename(Filename, ".yml"),
        rule: Rule.Id,
        message: Message,
        path: Location.Path ?? [],
      }));
      return resolve(found);
    });
  });
}
