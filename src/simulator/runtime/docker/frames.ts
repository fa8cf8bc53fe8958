export interface Frame {
  stream: "stdout" | "stderr";
  payload: Buffer;
}

const headerSize = 8;

/** Takes apart the Engine's multiplexed stream: frames of one byte for the stream, three zeros, four bytes of length
 *  (big endian) and the payload. Frames come whole, however the bytes arrive. */
export async function* frames(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame, void, void> {
  let waiting: Buffer[] = [];
  let size = 0;
  let wanted = headerSize;
  for await (const chunk of stream) {
    waiting.push(chunk);
    size += chunk.length;
    if (size < wanted) continue;
    let bytes = Buffer.concat(waiting, size);
    while (bytes.length >= headerSize) {
      const length = bytes.readUInt32BE(4);
      if (bytes.length < headerSize + length) break;
      yield { stream: bytes[0] === 2 ? "stderr" : "stdout", payload: bytes.subarray(headerSize, headerSize + length) };
      bytes = bytes.subarray(headerSize + length);
    }
    wanted = bytes.length < headerSize ? headerSize : headerSize + bytes.readUInt32BE(4);
    waiting = [bytes];
    size = bytes.length;
  }
}
