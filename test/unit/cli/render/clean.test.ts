import fc from "fast-check";
import { expect, test } from "vitest";
import { clean } from "../../../../src/cli/render/clean.ts";

test.each([
  ["colours", "\x1b[31mred\x1b[0m and \x1b[38;5;1mmore\x1b[m", "red and more"],
  ["cursor movements", "\x1b[2J\x1b[1;1Hhome\x1b[?25l", "home"],
  ["a sequence before a bell", "\x1b[2Jtwo\x07", "two"],
  ["titles and links", "\x1b]0;title\x07a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "alink"],
  ["a title that never ends", "a\x1b]0;title", "a"],
  ["device strings", "a\x1bP1$r\x1b\\b", "ab"],
  ["two-letter sequences", "a\x1bcb\x1b(Bc", "abc"],
  ["their one-byte forms", "a\x9b31mb\x9d0;title\x9cc", "abc"],
  ["an escape at the end", "a\x1b", "a"],
  ["a progress bar", "10%\r50%\r100%\r\n", "100%"],
  ["tabs and bells", "a\tb\x07", "a b"],
  ["text that turns the direction", "a\u202eb\u2066c", "abc"],
  ["other scripts", "héllo 世界 👩‍🚀", "héllo 世界 👩‍🚀"],
])("%s", (_name, text, shown) => {
  expect(clean(text)).toBe(shown);
});

test("no text leaves anything that a terminal would act upon", () => {
  const nasty = fc.string({
    unit: fc.constantFrom("\x1b", "[", "]", "\x9b", "\x07", "\\", "3", "m", "\r", "\n", "P", "a"),
  });
  fc.assert(
    fc.property(nasty, (text) => {
      // oxlint-disable-next-line no-control-regex -- control characters are what it is about
      expect(clean(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }),
  );
});
