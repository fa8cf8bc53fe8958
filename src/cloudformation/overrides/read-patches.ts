import type { Diagnostic, Place } from "../../errors.ts";
import { Problems } from "../../manifest/problems.ts";
import { nearest } from "../../manifest/spelling.ts";
import { listed, quoted } from "../../manifest/words.ts";
import { readYaml } from "../../manifest/yaml/read-document.ts";
import type { MapNode, Node } from "../../manifest/yaml/tree.ts";
import { valueOfNode } from "../value-of-node.ts";
import { operations, type Patch } from "./patch.ts";

export interface ReadPatches {
  patches: Patch[];
  /** Where each of them says its path. */
  places: Place[];
  /** What is wrong with the file, in its order. */
  diagnostics: Diagnostic[];
}

/** The changes that a file `cfn.patches.yml` asks for; one that is not right is reported and left out. A file with nothing
 *  in it, or with comments alone, asks for none. */
export function readPatches(file: string, text: string): ReadPatches {
  const problems = new Problems(file, text);
  const { tree } = readYaml(text, problems, "a list of patches") ?? {};
  const read: { patch: Patch; at: number }[] = [];
  if (tree?.kind === "list") {
    for (const [i, node] of tree.items.entries()) {
      const patch = new PatchReader(problems, i).read(node);
      if (patch) read.push(patch);
    }
  } else if (tree && tree.kind !== "null") {
    problems.add(tree.at, "overrides/patch", "a list of patches is expected", [], { hint: example });
  }
  return {
    patches: read.map(({ patch }) => patch),
    places: read.map(({ at }) => problems.place(at)),
    diagnostics: problems.inFileOrder(),
  };
}

const example = "such as `- { op: replace, path: /Resources/Service/Properties/DesiredCount, value: 2 }`";

const keys = ["op", "path", "value"];

class PatchReader {
  readonly #problems: Problems;
  readonly #number: number;

  constructor(problems: Problems, number: number) {
    this.#problems = problems;
    this.#number = number;
  }

  read(node: Node): { patch: Patch; at: number } | undefined {
    if (node.kind !== "map") return this.#refuse(node.at, "a patch is a map with `op`, `path` and `value`", example);
    this.#warnOfOthers(node);
    const op = this.#text(node, "op");
    const path = this.#text(node, "path");
    if (op === undefined || path === undefined) return undefined;
    const known = operations.find((each) => each === op.text);
    if (known === undefined) {
      const meant = nearest(op.text, operations);
      const hint = meant ? `did you mean \`${meant}\`?` : undefined;
      return this.#refuse(op.at, `${quoted(op.text)} is no operation: there are ${listed(operations, "and")}`, hint);
    }
    if (known === "remove") return { patch: { op: known, path: path.text }, at: path.at };
    const given = node.entries.get("value")?.value;
    if (given === undefined) return this.#refuse(node.at, `\`${known}\` needs a \`value\``);
    const before = this.#problems.count;
    const value = valueOfNode(given, (at) =>
      this.#problems.add(at, "overrides/value", "CloudFormation takes no empty value", this.#path("value"), {
        hint: "`op: remove` takes something out; `''` is an empty text, `[]` an empty list and `{}` an empty map",
      }),
    );
    return this.#problems.count > before ? undefined : { patch: { op: known, path: path.text, value }, at: path.at };
  }

  #text(node: MapNode, key: "op" | "path"): { text: string; at: number } | undefined {
    const entry = node.entries.get(key);
    const value = entry?.value;
    if (value?.kind === "scalar") return value;
    // An empty path is the whole template, and has to be written as such.
    if (value === undefined || value.kind === "null")
      return this.#refuse(entry?.keyAt ?? node.at, `\`${key}\` is missing`, example);
    return this.#refuse(value.at, `\`${key}\` has to be a text`, example);
  }

  #warnOfOthers({ entries }: MapNode): void {
    for (const [key, { keyAt }] of entries) {
      if (keys.includes(key)) continue;
      const meant = nearest(key, keys);
      this.#problems.add(
        keyAt,
        "overrides/unknown-key",
        `unknown key ${quoted(key)}; it has no effect`,
        this.#path(key),
        {
          hint: meant ? `did you mean \`${meant}\`?` : undefined,
          severity: "warning",
        },
      );
    }
  }

  #refuse(at: number, message: string, hint?: string): undefined {
    this.#problems.add(at, "overrides/patch", message, [this.#number], { hint });
  }

  #path(key: string): (string | number)[] {
    return [this.#number, key];
  }
}
