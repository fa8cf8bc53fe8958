import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from "yaml";
import type { Path, Problems } from "../problems.ts";
import { quoted } from "../words.ts";
import { type Excess, limits, tooDeep, tooManyAliases, tooMuchRepeated } from "./limits.ts";
import { isNull } from "./scalars.ts";
import type { Entry, MapNode, Node, ScalarNode } from "./tree.ts";

/** Builds the tree of a document: aliases and `<<` resolved, duplicate keys reported. */
export function buildTree(contents: ParsedNode, text: string, problems: Problems): Node | Excess {
  const builder = new TreeBuilder(problems, endsInsideLine(text) ? text.length : undefined);
  try {
    return builder.build(contents, []);
  } catch (error) {
    if (error instanceof LimitPassed) return error.excess;
    throw error;
  }
}

const binary = "tag:yaml.org,2002:binary";

class LimitPassed extends Error {
  readonly excess: Excess;

  constructor(excess: Excess) {
    super(excess.message);
    this.excess = excess;
  }
}

class TreeBuilder {
  readonly #problems: Problems;
  /** Where the text ends, when its last line has no end of its own. */
  readonly #openEnd: number | undefined;
  readonly #anchors = new Map<string, ParsedNode>();
  /** The anchored nodes that are being repeated right now, the outermost first. */
  readonly #repeating: ParsedNode[] = [];
  /** The lists and maps that the current node is in, those it is written in and those that aliases brought. */
  #depth = 0;
  #expansions = 0;
  #repeated = 0;

  constructor(problems: Problems, openEnd: number | undefined) {
    this.#problems = problems;
    this.#openEnd = openEnd;
  }

  build(node: ParsedNode | null, path: Path, emptyAt = 0): Node {
    const at = node ? node.range[0] : emptyAt;
    if (this.#repeating.length > 0 && ++this.#repeated > limits.repeatedNodes)
      throw new LimitPassed(tooMuchRepeated(at));
    if (node && isAlias(node)) return this.#alias(node, path);
    if (node && "anchor" in node && node.anchor) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#scalar(node as Scalar.Parsed, at);
    if (!isMap(node) && !isSeq(node)) return { kind: "null", at };
    if (++this.#depth > limits.depth) throw new LimitPassed(tooDeep(at));
    const built: Node = isMap(node)
      ? this.#map(node as YAMLMap.Parsed, path)
      : { kind: "list", at, items: node.items.map((item, i) => this.build(item as ParsedNode, [...path, i], at)) };
    this.#depth -= 1;
    const tag = ownTag(node);
    return tag === undefined ? built : { ...built, tag };
  }

  #alias(alias: Alias.Parsed, path: Path): Node {
    const at = alias.range[0];
    const anchored = this.#anchors.get(alias.source);
    if (!anchored) {
      this.#problems.add(at, "yaml/aliases", `no anchor ${quoted(`&${alias.source}`)} stands before this alias`, path);
      return { kind: "null", at };
    }
    const isInside = anchored.range[0] <= at && at < anchored.range[1];
    if (isInside || this.#repeating.includes(anchored)) {
      this.#problems.add(at, "yaml/aliases", `${quoted(`*${alias.source}`)} stands inside what it repeats`, path);
      return { kind: "null", at };
    }
    if (++this.#expansions > limits.aliases) throw new LimitPassed(tooManyAliases(at));
    this.#repeating.push(anchored);
    const built = this.build(anchored, path);
    this.#repeating.pop();
    return built;
  }

  #scalar(source: Scalar.Parsed, at: number): Node {
    const node = scalarNode(source);
    // A block at the end of the file ends with its last line; the library always closes it with a line break.
    const isBlock = source.type === "BLOCK_LITERAL" || source.type === "BLOCK_FOLDED";
    if (isBlock && source.range[1] === this.#openEnd) node.text = node.text.replace(/\n$/, "");
    if (node.tag === binary) node.text = Buffer.from(node.text, "base64").toString();
    return isNull(node) ? { kind: "null", at } : node;
  }

  #map(map: YAMLMap.Parsed, path: Path): MapNode {
    const built: MapNode = { kind: "map", at: map.range[0], entries: new Map() };
    const merged: MapNode[] = [];
    let merge: Entry | undefined;
    for (const pair of map.items) {
      const key = this.#key(pair, path);
      if (!key) continue;
      const value = this.build(pair.value, [...path, key.text], key.at);
      if (isMergeKey(key)) {
        if (merge) this.#duplicate(key, merge, path);
        merge = { keyAt: key.at, value };
        merged.push(...this.#mergeSources(value, path));
      } else if (built.entries.has(key.text)) this.#duplicate(key, built.entries.get(key.text), path);
      else built.entries.set(key.text, { keyAt: key.at, value });
    }
    for (const [name, entry] of merged.flatMap(({ entries }) => [...entries])) {
      if (!built.entries.has(name)) built.entries.set(name, entry);
    }
    return built;
  }

  #key({ key }: Pair<ParsedNode, ParsedNode | null>, path: Path): ScalarNode | undefined {
    const resolved = isAlias(key) ? this.#anchors.get(key.source) : key;
    if (isScalar(resolved)) {
      if (resolved === key && resolved.anchor) this.#anchors.set(resolved.anchor, resolved as ParsedNode);
      const node = { ...scalarNode(resolved as Scalar.Parsed), at: key.range[0] };
      if (!isNull(node)) return node;
      if (node.text === "") this.#problems.add(node.at, "yaml/syntax", "a key is missing here", path);
      else {
        const message = `${quoted(node.text)} as a key means nothing; what it holds has no effect`;
        this.#problems.add(node.at, "yaml/syntax", message, path, { hint: "put it in quotes", severity: "warning" });
      }
      return undefined;
    }
    this.#problems.add(key.range[0], "yaml/syntax", "a key has to be a word, not a list or a map", path);
    return undefined;
  }

  /** What `<<` brings in: a map, or a list of maps of which earlier ones win. */
  #mergeSources(value: Node, path: Path): MapNode[] {
    const sources = value.kind === "list" ? value.items : [value];
    return sources.flatMap((source) => {
      if (source.kind === "map") return [source];
      if (source.kind !== "null")
        this.#problems.add(source.at, "yaml/syntax", "`<<` takes a map or a list of maps", path);
      return [];
    });
  }

  #duplicate({ at, text }: ScalarNode, first: Entry | undefined, path: Path): void {
    const line = this.#problems.place(first?.keyAt ?? 0).line;
    this.#problems.add(at, "yaml/duplicate-key", `${quoted(text)} is already given at line ${line}`, [...path, text]);
  }
}

function isMergeKey({ text, style, tag }: ScalarNode): boolean {
  return text === "<<" && (tag === "tag:yaml.org,2002:merge" || (style === "plain" && tag === undefined));
}

function ownTag({ tag }: { tag?: string | undefined }): string | undefined {
  return tag?.startsWith("!") === true && tag !== "!" ? tag : undefined;
}

function endsInsideLine(text: string): boolean {
  return /\S/.test(text.slice(text.lastIndexOf("\n") + 1));
}

function scalarNode({ range, value, type, tag }: Scalar.Parsed): ScalarNode {
  const style = type === "BLOCK_LITERAL" ? "literal" : type === "PLAIN" ? "plain" : "quoted";
  const text = typeof value === "string" ? value : String(value ?? "");
  return { kind: "scalar", at: range[0], text, style, ...(tag !== undefined && tag !== "!" && { tag }) };
}
