import { expect, test } from "vitest";
import * as z from "zod/mini";
import { command, commandHelp, readInput } from "../../../src/cli/command.ts";
import { flags, operand, operandOf } from "../../../src/cli/flags.ts";
import { refusal } from "../../support/refusal.ts";

const paint = command({
  name: "paint",
  summary: "Paints a thing.",
  input: z.object({
    color: operandOf(["red", "green"], { name: "color", description: "red or green." }),
    json: flags.json,
    thing: operand({ name: "thing", description: "What is painted." }),
  }),
  run: async () => ({}),
});

const reading = async (args: string[]): Promise<unknown> => readInput(paint, args);

test.each([
  [[], {}],
  [["red"], { color: "red" }],
  [["green", "the boat"], { color: "green", thing: "the boat" }],
  [["red", "--json", "boat"], { color: "red", json: true, thing: "boat" }],
  [["--json", "--", "red", "--json"], { color: "red", json: true, thing: "--json" }],
])("words without a flag are read in their order: %j", (args, expected) => {
  expect(readInput(paint, args)).toEqual({ json: false, ...expected });
});

test("a word that is none of those, an empty one and one too many are refused; the last is not repeated", async () => {
  expect(await refusal(reading(["blue", ""]))).toMatchInlineSnapshot(`
    "usage/invalid-flag: color must be one of red, green
      | thing must not be empty
      pilotfish paint --help"
  `);
  expect(await refusal(reading(["red", "boat", "hunter2"]))).toMatchInlineSnapshot(`
    "usage/invalid-flag: paint takes [color] [thing] and flags, and got 3 words
      pilotfish paint --help"
  `);
});

test("help shows them", () => {
  expect(commandHelp(paint)).toMatchInlineSnapshot(`
    "Usage: pilotfish paint [color] [thing] [flags]

    Paints a thing.

    Arguments:
      color       red or green.
      thing       What is painted.

    Options:
      --json      Print JSON instead of text.
      -h, --help  Print this help.
      --no-color  Print without colours.
      --debug     Show the stack of an unexpected error.
    "
  `);
});
