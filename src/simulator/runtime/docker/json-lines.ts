/** The JSON documents of a stream that has one on each line. */
export async function* jsonLines<T>(stream: AsyncIterable<Buffer>): AsyncGenerator<T, void, void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const line = rest.subarray(0, end).toString("utf8").trim();
      rest = rest.subarray(end + 1);
      if (line !== "") yield JSON.parse(line) as T;
    }
  }
}
