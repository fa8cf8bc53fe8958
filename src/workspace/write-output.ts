import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../errors.ts";

/** Writes a file that the user asked for, over whatever is there. @throws UserError workspace/write-failed */
export async function writeOutput(path: string, shown: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    throw new UserError("workspace/write-failed", `this file cannot be written: ${(error as Error).message}`, {
      place: { file: shown },
      cause: error,
    });
  }
}
