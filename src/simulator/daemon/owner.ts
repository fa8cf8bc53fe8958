import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import type { Home } from "../control/home.ts";

/** The random id that labels everything of this state folder on the Engine; made with the folder. */
export function ownerOf(home: Home): string {
  try {
    const owner = readFileSync(home.ownerFile, "utf8").trim();
    if (/^[0-9a-f]{32}$/.test(owner)) return owner;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const made = randomBytes(16).toString("hex");
  writeFileSync(home.ownerFile, `${made}\n`, { mode: 0o600 });
  return made;
}
