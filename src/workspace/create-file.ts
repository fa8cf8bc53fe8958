import { randomUUID } from "node:crypto";
import { constants, copyFile, link, mkdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UserError } from "../errors.ts";

/** What came of it: the file is new, was there with the same text, or is there with another text and untouched. */
export type Creation = "created" | "unchanged" | "different";

/** Creates a file with its folders, whole or not at all, and never replaces one.
 *  @throws UserError workspace/write-failed when the disk is full or the folder may not be written */
export function createFile(path: string, text: string): Promise<Creation> {
  return withTemporary(path, text, async (temporary) =>
    (await putInPlace(temporary, path)) ? "created" : compare(path, text),
  );
}

/** The same of a file that is this program's own: one with another text is replaced. */
export function renewFile(path: string, text: string): Promise<"created" | "unchanged" | "renewed"> {
  return withTemporary(path, text, async (temporary) => {
    if (await putInPlace(temporary, path)) return "created";
    if ((await compare(path, text)) === "unchanged") return "unchanged";
    await rename(temporary, path);
    return "renewed";
  });
}

/** Writes a file that the user asked for, whole or not at all, over whatever is there.
 *  @param shown the path as the user gave it @throws UserError workspace/write-failed */
export async function writeOutput(path: string, shown: string, text: string): Promise<void> {
  // What a link leads to is written, and the link stays.
  const target = await realpath(path).catch(() => path);
  await withTemporary(target, text, (temporary) => rename(temporary, target), {
    file: shown,
    hint: "name another folder with --output-dir, or make room in this one",
  });
}

async function withTemporary<T>(
  path: string,
  text: string,
  put: (temporary: string) => Promise<T>,
  failed: { file: string; hint?: string } = { file: path },
): Promise<T> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, text, { flag: "wx" });
    return await put(temporary);
  } catch (error) {
    throw writeFailed(failed, error);
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/** Whether the name was free. A link appears whole; where the file system has none, a copy is the next best. */
async function putInPlace(temporary: string, path: string): Promise<boolean> {
  const linked = await attempt(link(temporary, path));
  if (linked !== "unsupported") return linked === "done";
  return (await attempt(copyFile(temporary, path, constants.COPYFILE_EXCL))) === "done";
}

async function attempt(operation: Promise<void>): Promise<"done" | "taken" | "unsupported"> {
  try {
    await operation;
    return "done";
  } catch (error) {
    if (codeOf(error) === "EEXIST") return "taken";
    if (codeOf(error) === "EPERM" || codeOf(error) === "ENOTSUP") return "unsupported";
    throw error;
  }
}

async function compare(path: string, text: string): Promise<Creation> {
  const present = await readFile(path, "utf8").catch(() => undefined);
  return present === text ? "unchanged" : "different";
}

function writeFailed(
  {
    file,
    hint = "make the folder writable or free some space, then run the command again",
  }: { file: string; hint?: string },
  error: unknown,
): UserError {
  const reason = reasons[codeOf(error) ?? ""] ?? (error instanceof Error ? error.message : String(error));
  return new UserError("workspace/write-failed", `could not be written: ${reason}`, {
    place: { file },
    hint,
    cause: error,
  });
}

const reasons: Record<string, string> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your disk quota is used up",
  EACCES: "you may not write in this folder",
  EPERM: "you may not write in this folder",
  EROFS: "the file system is read-only",
  EEXIST: "a file stands where a folder is needed",
  ENOTDIR: "a file stands where a folder is needed",
  EISDIR: "a folder stands where the file is to be",
};

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
