import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Runs `work` while this process alone holds the lock: a folder that names its owner's pid and appears whole, by a
 * rename. The lock of a process that is gone is taken over.
 * @template T
 * @param {string} lock
 * @param {() => Promise<T>} work
 * @param {() => void} [onWait] called once when another process holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(lock, work, onWait = () => {}) {
  for (let told = false; !(await acquire(lock));) {
    const owner = await ownerOf(lock);
    if (owner !== undefined && !isAlive(owner)) {
      await discard(lock, owner);
      continue;
    }
    if (!told) onWait();
    told = true;
    await delay(200);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/** @param {string} lock */
async function acquire(lock) {
  const mine = await mkdtemp(`${lock}-`);
  await writeFile(join(mine, "pid"), String(process.pid));
  try {
    await rename(mine, lock);
    return true;
  } catch (error) {
    await rm(mine, { recursive: true, force: true });
    if (hasCode(error, "ENOTEMPTY", "EEXIST", "EPERM")) return false;
    throw error;
  }
}

/**
 * @param {string} lock
 * @returns {Promise<number | undefined>} undefined when the lock has just been given back
 */
async function ownerOf(lock) {
  try {
    return Number(await readFile(join(lock, "pid"), "utf8"));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

/**
 * Moves a dead owner's lock away. Only one of several waiting processes succeeds; one that has moved a living owner's
 * lock by mistake puts it back.
 * @param {string} lock
 * @param {number} dead
 */
async function discard(lock, dead) {
  const away = `${lock}-dead-${process.pid}`;
  try {
    await rename(lock, away);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  if ((await ownerOf(away)) === dead) await rm(away, { recursive: true, force: true });
  else await rename(away, lock);
}

/**
 * @param {unknown} error
 * @param {string[]} codes
 */
function hasCode(error, ...codes) {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
