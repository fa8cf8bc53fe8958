import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
} from "yaml";

/** A template as CloudFormation may give it: anyone's, in JSON or YAML. Intrinsic functions stand in their long form. */
export interface StackTemplate {
  Metadata?: unknown;
  Parameters?: Record<string, { Type?: unknown; Default?: unknown; NoEcho?: unknown }>;
  Mappings?: Record<string, unknown>;
  Conditions?: Record<string, unknown>;
  Resources: Record<string, StackResource>;
  Outputs?: Record<string, { Condition?: unknown; Value?: unknown; Export?: { Name?: unknown } }>;
}

export interface StackResource {
  Type: string;
  Condition?: unknown;
  DependsOn?: unknown;
  DeletionPolicy?: unknown;
  UpdateReplacePolicy?: unknown;
  Metadata?: unknown;
  Properties?: Record<string, unknown>;
}

/** What makes a text no template. Lines and columns count from 1. */
export class TemplateProblem extends Error {
  override readonly name = "TemplateProblem";
  readonly line: number;
  readonly column: number;

  constructor(message: string, { line, column }: { line: number; column: number }) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/** @throws TemplateProblem */
export function readTemplate(text: string): StackTemplate {
  return templateOf(parseTemplate(text));
}

/** A text as YAML, with a way to say where a node stands. */
export interface ParsedTemplate {
  document: Document.Parsed;
  at(node: Node | null): { line: number; column: number };
}

/** @throws TemplateProblem */
export function templateOf({ document, at }: ParsedTemplate): StackTemplate {
  const template = new DataReader(document, at).read(document.contents);
  if (!isRecord(template)) throw new TemplateProblem("a template is a map", at(document.contents));
  if (!isRecord(template["Resources"])) throw new TemplateProblem("a template has Resources", at(document.contents));
  for (const [id, resource] of Object.entries(template["Resources"])) {
    if (isRecord(resource) && typeof resource["Type"] === "string") continue;
    const node = document.getIn(["Resources", id], true) as Node | undefined;
    throw new TemplateProblem(`${id} is no resource: it has no Type`, at(node ?? document.contents));
  }
  for (const name of ["Parameters", "Outputs"]) {
    const section = template[name] ?? {};
    const isRight = isRecord(section) && Object.values(section).every(isRecord);
    const node = document.get(name, true) as Node | undefined;
    if (!isRight) throw new TemplateProblem(`${name} are not a map of maps`, at(node ?? document.contents));
  }
  return template as unknown as StackTemplate;
}

/** The document behind a template, for edits of its text. @throws TemplateProblem */
export function parseTemplate(text: string): ParsedTemplate {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    // What other readers of YAML 1.1 take for truth values, dates and sums of minutes stays the text that it is.
    schema: "core",
    lineCounter: lines,
    logLevel: "silent",
    uniqueKeys: false,
  });
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const [error] = document.errors;
  if (error)
    throw new TemplateProblem(error.message.replace(/ at line \d+, column \d+:[^]*/, ""), position(error.pos[0]));
  return { document, at: (node: Node | null) => position(node?.range?.[0] ?? 0) };
}

/** Above what a template of CloudFormation's size holds, unless aliases repeat each other. */
const mostNodes = 1_000_000;

class DataReader {
  readonly #document: Document;
  readonly #at: ParsedTemplate["at"];
  /** What the aliases around the node that is read stand for. */
  readonly #open = new Set<Node>();
  #nodes = 0;

  constructor(document: Document, at: ParsedTemplate["at"]) {
    this.#document = document;
    this.#at = at;
  }

  read(node: unknown): unknown {
    if (isAlias(node)) return this.#aliased(node);
    this.#nodes += 1;
    if (this.#nodes > mostNodes) throw new TemplateProblem("its aliases repeat too much", { line: 1, column: 1 });
    const value = this.#plain(node);
    const [, name] =
      /^!([A-Za-z]\w*)$/.exec((isScalar(node) || isMap(node) || isSeq(node) ? node.tag : undefined) ?? "") ?? [];
    if (name === undefined) return value;
    if (name === "Ref" || name === "Condition") return { [name]: value };
    return { [`Fn::${name}`]: value };
  }

  #aliased(alias: Alias): unknown {
    const meant = alias.resolve(this.#document);
    if (meant === undefined || this.#open.has(meant))
      throw new TemplateProblem(`*${alias.source} stands inside what it repeats`, this.#at(alias));
    this.#open.add(meant);
    const value = this.read(meant);
    this.#open.delete(meant);
    return value;
  }

  #plain(node: unknown): unknown {
    if (isScalar(node)) return scalarOf(node);
    if (isSeq(node)) return node.items.map((item) => this.read(item));
    if (!isMap(node)) return node ?? null;
    return Object.fromEntries(node.items.map(({ key, value }) => [textOf(key), this.read(value)]));
  }
}

/** A number that would be written in another way stays text: `012`, `1e3`, `1.10`. */
function scalarOf({ value, source, type }: Scalar): unknown {
  return typeof value === "number" && type === "PLAIN" && source !== String(value) ? (source ?? value) : value;
}

/** A key as it is written, were it `Yes` or `443`. */
export function textOf(key: unknown): string {
  return isScalar(key) ? (typeof key.value === "string" ? key.value : (key.source ?? String(key.value))) : String(key);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
