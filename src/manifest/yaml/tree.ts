/** A YAML document as a manifest means it: aliases and `<<` resolved, scalars still as written, every node with the
 *  offset of its text in the file. A node that an alias repeats keeps the place where it is written. */
export type Node = ScalarNode | NullNode | ListNode | MapNode;

export interface ScalarNode {
  kind: "scalar";
  at: number;
  /** The source text; unescaped where it was quoted. */
  text: string;
  style: "plain" | "quoted" | "literal";
  /** An explicit tag, `tag:yaml.org,2002:int` or `!GetAtt`. */
  tag?: string;
  /** Came out of `${VAR}`, and so is text whatever it looks like. */
  interpolated?: "value" | "unknown-yet" | "undefined";
}

export interface NullNode {
  kind: "null";
  at: number;
}

export interface ListNode {
  kind: "list";
  at: number;
  items: Node[];
  /** An explicit tag that is none of YAML's own: `!Join`. */
  tag?: string;
}

export interface MapNode {
  kind: "map";
  at: number;
  entries: Map<string, Entry>;
  tag?: string;
}

export interface Entry {
  keyAt: number;
  value: Node;
}
