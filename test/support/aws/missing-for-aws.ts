import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Measurements run as a bundle, which lies elsewhere, from the project's root. */
const inVenv = [join(import.meta.dirname, "../../.."), process.cwd()].map((root) => join(root, ".venv/bin/python"));

/** The Python that has moto: that of the project's own environment, else the one on the PATH. */
export const python = [...inVenv, "python3"].find(
  (each) =>
    (!inVenv.includes(each) || existsSync(each)) &&
    spawnSync(each, ["-c", "import importlib.metadata as m; assert m.version('moto').startswith('5.2.')"]).status === 0,
);

/** What to do to have the AWS emulator; undefined when it is there. */
export const missingForAws: string | undefined =
  python === undefined
    ? "there is no moto 5.2: python3 -m venv .venv && .venv/bin/pip install -r test/support/aws/moto.txt"
    : undefined;
