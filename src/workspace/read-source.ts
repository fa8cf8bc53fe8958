import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** One byte more than a manifest may have: enough for its reader to see that it is too long. */
const limit = 1024 * 1024 + 1;

const utf8 = new TextDecoder();

/** The text of a file, without a byte order mark; of a file over 1 MiB no more than its first 1 MiB and one byte. It is
 *  read at once: for small files, of which there may be thousands, that takes a fraction of a promise's time. */
export async function readSource(path: string): Promise<string> {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    // One byte more than there should be: what grows meanwhile, or has no size, is read in further rounds.
    let buffer = Buffer.allocUnsafe(Math.min(size + 1, limit));
    let length = 0;
    for (;;) {
      const bytesRead = readSync(file, buffer, length, buffer.length - length, null);
      length += bytesRead;
      if (bytesRead === 0 || length === limit) break;
      if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(2 * length + 4096, limit));
    }
    return utf8.decode(buffer.subarray(0, length));
  } finally {
    closeSync(file);
  }
}
