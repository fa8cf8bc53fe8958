const CR = 13;
const LF = 10;
const SPACE = 32;
const TAB = 9;
const COLON = 58;
const MAX_FIELDS = 1000;

/** What a scan says instead of a position. */
export const INCOMPLETE = -1;
export const FAULT = -2;

/** RFC 9110 `token` characters. */
export const isToken = table((code) => /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(code)));
/** RFC 9110 field content: visible, space, tab and the obsolete upper half. */
export const isText = table((code) => code === TAB || (code >= SPACE && code !== 127));

/** Finds the field lines of a head (RFC 9112 section 5) and nothing looser: no bare CR or LF, no space before the colon,
 *  no folded line, no empty name, no control character. Positions are in the scanned buffer, valid until the next scan. */
export class FieldScanner {
  count = 0;
  fault = "";
  private readonly marks = new Int32Array(MAX_FIELDS * 4);

  nameStart(index: number): number {
    return this.marks[index * 4]!;
  }
  nameEnd(index: number): number {
    return this.marks[index * 4 + 1]!;
  }
  valueStart(index: number): number {
    return this.marks[index * 4 + 2]!;
  }
  valueEnd(index: number): number {
    return this.marks[index * 4 + 3]!;
  }

  /** @returns the position after the blank line, INCOMPLETE, or FAULT with `fault` set */
  scan(bytes: Uint8Array, from: number, fieldBytes: number): number {
    const { marks } = this;
    const end = bytes.length;
    let at = from;
    this.count = 0;
    for (;;) {
      if (at >= end) return INCOMPLETE;
      const start = at;
      let byte = bytes[at]!;
      if (byte === CR) {
        if (at + 1 >= end) return INCOMPLETE;
        return bytes[at + 1] === LF ? at + 2 : this.fail("a carriage return without a line feed");
      }
      while (isToken[byte] === 1) {
        at += 1;
        if (at >= end) return this.unfinished(start, end, fieldBytes);
        byte = bytes[at]!;
      }
      if (byte !== COLON) return this.fail("a header name with a character that is not allowed");
      if (at === start) return this.fail("a header without a name");
      const nameEnd = at;
      do {
        at += 1;
        if (at >= end) return this.unfinished(start, end, fieldBytes);
        byte = bytes[at]!;
      } while (byte === SPACE || byte === TAB);
      const valueStart = at;
      while (isText[byte] === 1) {
        at += 1;
        if (at >= end) return this.unfinished(start, end, fieldBytes);
        byte = bytes[at]!;
      }
      if (byte !== CR) return this.fail("a header value with a character that is not allowed");
      if (at + 1 >= end) return INCOMPLETE;
      if (bytes[at + 1] !== LF) return this.fail("a carriage return without a line feed");
      let valueEnd = at;
      while (valueEnd > valueStart && (bytes[valueEnd - 1] === SPACE || bytes[valueEnd - 1] === TAB)) valueEnd -= 1;
      if (at - start > fieldBytes) return this.fail(`a header over ${fieldBytes} bytes`);
      if (this.count === MAX_FIELDS) return this.fail(`more than ${MAX_FIELDS} headers`);
      const mark = this.count * 4;
      marks[mark] = start;
      marks[mark + 1] = nameEnd;
      marks[mark + 2] = valueStart;
      marks[mark + 3] = valueEnd;
      this.count += 1;
      at += 2;
    }
  }

  private unfinished(start: number, end: number, fieldBytes: number): number {
    return end - start > fieldBytes ? this.fail(`a header over ${fieldBytes} bytes`) : INCOMPLETE;
  }

  private fail(why: string): number {
    this.fault = why;
    return FAULT;
  }
}

function table(holds: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (holds(code) ? 1 : 0));
}
