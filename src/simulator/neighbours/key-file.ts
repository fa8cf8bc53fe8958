import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";
import { UserError } from "../../errors.ts";

const keyBytes = 32;

/** The key in a file, or what is wrong with it, as the end of a sentence. Only its owner may read it. */
export function readKey(file: string): Buffer | string {
  try {
    const text = readFileSync(file, "utf8").trim();
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    const key = Buffer.from(text, "hex");
    return key.length === keyBytes && text.length === keyBytes * 2 ? key : "is damaged";
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? "is lost" : `cannot be read: ${message}`;
  }
}

/** Makes a new key; it is on the disk before anything is encrypted with it.
 *  @throws UserError simulator/disk-full, simulator/home */
export function writeKey(file: string): Buffer {
  const key = randomBytes(keyBytes);
  const temporary = `${file}.new`;
  try {
    const descriptor = openSync(temporary, "w", 0o600);
    try {
      writeSync(descriptor, `${key.toString("hex")}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    chmodSync(temporary, 0o600);
    renameSync(temporary, file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC" || code === "EDQUOT")
      throw new UserError("simulator/disk-full", "the disk with the simulator's state is full", {
        hint: "free some space; nothing is lost",
        cause: error,
      });
    throw new UserError("simulator/home", `the key of the simulator's values cannot be written: ${message}`, {
      hint: "set PILOTFISH_HOME to a folder of your own",
      cause: error,
    });
  }
  return key;
}
