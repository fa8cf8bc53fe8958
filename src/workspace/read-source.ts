import { open } from "node:fs/promises";

/** One byte more than a manifest may have: enough for its reader to see that it is too long. */
const limit = 1024 * 1024 + 1;

/** The text of a file, without a byte order mark; of a file over 1 MiB no more than its first 1 MiB and one byte. */
export async function readSource(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    // One byte more than there should be: what grows meanwhile, or has no size, is read in further rounds.
    let buffer = Buffer.allocUnsafe(Math.min(size + 1, limit));
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      length += bytesRead;
      if (bytesRead === 0 || length === limit) break;
      if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(2 * length + 4096, limit));
    }
    return new TextDecoder().decode(buffer.subarray(0, length));
  } finally {
    await file.close();
  }
}
