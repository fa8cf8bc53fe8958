import { open } from "node:fs/promises";

/** One byte more than a manifest may have: enough for its reader to see that it is too long. */
const limit = 1024 * 1024 + 1;

/** The text of a file, without a byte order mark; of a file over 1 MiB no more than its first 1 MiB and one byte. */
export async function readSource(path: string): Promise<string> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(limit);
    let length = 0;
    while (length < limit) {
      const { bytesRead } = await file.read(buffer, length, limit - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return new TextDecoder().decode(buffer.subarray(0, length));
  } finally {
    await file.close();
  }
}
