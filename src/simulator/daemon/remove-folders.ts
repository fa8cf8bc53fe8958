import { rmSync } from "node:fs";
import { shellWord, UserError } from "../../errors.ts";
/** What programs in containers have written as another user, only that user can remove: it is said at the end. */
export function removeFolders(folders: string[]): UserError | undefined {
  let kept: UserError | undefined;
  for (const folder of folders) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "EACCES" && code !== "EPERM") throw error;
      kept = new UserError("simulator/home", `${folder} holds files of other users, which are left: ${message}`, {
        hint: `sudo rm -rf ${shellWord(folder)}`,
        cause: error,
      });
    }
  }
  return kept;
}
