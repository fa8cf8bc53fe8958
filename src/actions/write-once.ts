import { relative } from "node:path";
import { UserError } from "../errors.ts";
import { createFile } from "../workspace/create-file.ts";

export interface WrittenOnce {
  file: string;
  creation: "created" | "unchanged";
}

/** Writes a file that is the user's from then on: one with the same text counts as done, another one stays as it is.
 *  @throws UserError workspace/file-exists, workspace/write-failed */
export async function writeOnce(path: string, text: string, cwd: string): Promise<WrittenOnce> {
  const file = relative(cwd, path);
  const creation = await createFile(path, text);
  if (creation !== "different") return { file, creation };
  throw new UserError("workspace/file-exists", "this file exists and says something else; it was left as it is", {
    place: { file },
    hint: `move it away to have it written anew: mv ${file} ${file}.old`,
  });
}
