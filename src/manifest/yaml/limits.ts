/** What a manifest may be at most. Far above what anybody writes, far below what hurts. */
export const limits = {
  bytes: 1 << 20,
  /** Words and signs; a blank or a comment counts an eighth. Each costs some microseconds to compose. */
  tokens: 50_000,
  aliases: 100,
  /** Lists and maps inside one another. */
  depth: 100,
  /** Nodes that aliases add by repeating. */
  repeatedNodes: 100_000,
} as const;

/** A limit that was passed, and where. */
export interface Excess {
  code: "yaml/too-large" | "yaml/too-deep" | "yaml/aliases";
  message: string;
  at: number;
}

export const tooLarge = (): Excess => ({ code: "yaml/too-large", message: "the file is larger than 1 MiB", at: 0 });

export const tooManyTokens = (at: number): Excess => ({
  code: "yaml/too-large",
  message: "the file holds more keys and values than a manifest can",
  at,
});

export const tooDeep = (at: number): Excess => ({
  code: "yaml/too-deep",
  message: `lists and maps are nested more than ${limits.depth} levels deep`,
  at,
});

export const tooManyAliases = (at: number): Excess => ({
  code: "yaml/aliases",
  message: `aliases are expanded more than ${limits.aliases} times`,
  at,
});

export const tooMuchRepeated = (at: number): Excess => ({
  code: "yaml/aliases",
  message: "aliases repeat more than a manifest can hold",
  at,
});
