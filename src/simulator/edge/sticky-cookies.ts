import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const ivBytes = 12;
const tagBytes = 16;
/** However long the stickiness lasts, ALB's cookies last seven days in the browser. */
const cookieMs = 7 * 24 * 3_600_000;

/** ALB's cookies for stickiness. What stands in them can be neither read nor made without the key. */
export class StickyCookies {
  private readonly key: Buffer;

  /** @param key 32 bytes */
  constructor(key: Buffer) {
    this.key = key;
  }

  /** The header lines that bind a client to a task for `seconds` from `now`, in milliseconds since the epoch. */
  issue(targetGroup: string, task: string, seconds: number, now: number): string {
    const value = this.seal(`${now + seconds * 1000} ${task} ${targetGroup}`);
    const shared = `Expires=${new Date(now + cookieMs).toUTCString()}; Path=/`;
    return `Set-Cookie: AWSALB=${value}; ${shared}\r\nSet-Cookie: AWSALBCORS=${value}; ${shared}; SameSite=None; Secure\r\n`;
  }

  /** The task that a request's cookies bind it to; AWSALBCORS wins. Undefined when they are for another group, too old,
   *  or not from here.
   *  @param head the request's, as it was read */
  read(head: string, targetGroup: string, now: number): string | undefined {
    const cookies = [...head.matchAll(/\r\ncookie:([^\r]*)/gi)].flatMap(([, list = ""]) => list.split(";"));
    for (const name of ["AWSALBCORS=", "AWSALB="]) {
      for (const cookie of cookies) {
        const text = cookie.trim();
        const bound = text.startsWith(name) ? this.open(text.slice(name.length)) : undefined;
        if (bound === undefined) continue;
        const [until, task, ...group] = bound.split(" ");
        if (group.join(" ") === targetGroup && Number(until) > now) return task;
      }
    }
    return undefined;
  }

  private seal(text: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv("aes-256-gcm", this.key, iv);
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64");
  }

  private open(value: string): string | undefined {
    const bytes = Buffer.from(value, "base64");
    if (bytes.length <= ivBytes + tagBytes) return undefined;
    const decipher = createDecipheriv("aes-256-gcm", this.key, bytes.subarray(0, ivBytes));
    decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString("utf8");
    } catch {
      return undefined;
    }
  }
}
