import type { z } from "zod";
import { type Path, type Problems, dotted } from "../problems.ts";
import { factsOf } from "../schema/fields.ts";
import { type Form, type ListForm, type MapForm, formFor, formsOf } from "../schema/forms.ts";
import { keyTree } from "../schema/key-tree.ts";
import type { ManifestType } from "../workload-types.ts";
import { listed, quoted } from "../words.ts";
import { jsonList } from "../yaml/json-list.ts";
import type { MapNode, Node } from "../yaml/tree.ts";
import type { Placed, PlacedEntry, PlacedMap } from "./placed.ts";
import { asTemplatePart, asWritten, readScalar } from "./read-scalar.ts";
import { judgeKey } from "./unknown-key.ts";

/** Maps of a tree without problems, by node. */
export type KnownReadings = Map<MapNode, { form: MapForm; placed: PlacedMap }>;

/** Reads a tree as a schema says: each scalar into its field's type, in each union the form that fits the kind of
 *  node. Reports wrong types, wrong values and unknown keys; what is missing or contradicts itself is for later. */
export class Reader {
  readonly #type: ManifestType;
  readonly #problems: Problems;
  readonly #schema: z.ZodType;
  readonly #known: KnownReadings;

  /** @param known what has been read of the same file before; it grows */
  constructor(type: ManifestType, schema: z.ZodType, problems: Problems, known: KnownReadings = new Map()) {
    this.#type = type;
    this.#schema = schema;
    this.#problems = problems;
    this.#known = known;
  }

  readRoot(root: MapNode): PlacedMap {
    const form = formFor(this.#schema, "map") as MapForm;
    return this.#map(form, root, []);
  }

  /** @param keyAt where to point when the value is a list or a map: at its key */
  read(schema: z.ZodType, node: Node, path: Path, keyAt = node.at): Placed {
    if (node.kind === "null") return { kind: "absent", at: node.at };
    if (node.kind === "scalar" && node.interpolated === "undefined") return { kind: "broken", at: node.at };
    const asList = node.kind === "scalar" && formFor(schema, "list") ? jsonList(node) : undefined;
    const meant = asList ?? node;
    const form = formFor(schema, meant.kind);
    if (!form) return this.#wrongKind(schema, node, path, keyAt);
    if (form.kind === "any") return form.functions ? asTemplatePart(meant) : asWritten(meant);
    if (meant.kind === "scalar" && form.kind === "scalar") {
      const reading = readScalar(form, meant, nouns(formsOf(schema)));
      if ("value" in reading) return { kind: "value", at: meant.at, value: reading.value };
      return this.#broken(meant.at, reading.code, `${name(path)} ${reading.message}`, path, reading.hint);
    }
    if (meant.kind === "list") {
      const items = meant.items.map((item, i) => this.#item((form as ListForm).item, item, [...path, i]));
      return { kind: "list", at: meant.at, items };
    }
    return this.#map(form as MapForm, meant as MapNode, path);
  }

  #item(schema: z.ZodType, node: Node, path: Path): Placed {
    if (node.kind !== "null") return this.read(schema, node, path);
    return this.#broken(node.at, "schema/type", `${name(path)} is empty`, path);
  }

  #map(form: MapForm, node: MapNode, path: Path): PlacedMap {
    const known = this.#known.get(node);
    if (known?.form === form) return known.placed;
    const before = this.#problems.count;
    const placed = this.#newMap(form, node, path);
    // What there is to say of it has to be said each time.
    if (this.#problems.count === before) this.#known.set(node, { form, placed });
    return placed;
  }

  #newMap(form: MapForm, node: MapNode, path: Path): PlacedMap {
    const entries = new Map<string, PlacedEntry>();
    for (const [key, { keyAt, value }] of node.entries) {
      const field = form.values ?? (Object.hasOwn(form.fields ?? {}, key) ? form.fields?.[key] : undefined);
      if (field && isEmptyText(field, value, path))
        entries.set(key, { keyAt, value: { kind: "value", at: value.at, value: "" } });
      else if (field) entries.set(key, { keyAt, value: this.read(field, value, [...path, key], keyAt) });
      else this.#unknownKey(key, keyAt, node, path);
    }
    return { kind: "map", at: node.at, entries };
  }

  #unknownKey(key: string, keyAt: number, { entries }: MapNode, parent: Path): void {
    const { code, message, hint, severity } = judgeKey({
      type: this.#type,
      key,
      parent: inWorkload(parent),
      inOverlay: isInOverlay(parent),
      siblings: { has: (other) => entries.has(other), emptyBefore: (before) => emptyBefore(entries, before) },
      schemaKeys: keyTree(this.#schema),
    });
    this.#problems.add(keyAt, code, message, [...parent, key], { hint, severity });
  }

  #wrongKind(schema: z.ZodType, node: Node, path: Path, keyAt: number): Placed {
    const at = node.kind === "scalar" ? node.at : keyAt;
    const given = node.kind === "scalar" ? quoted(node.text) : kindNames[node.kind];
    return this.#broken(
      at,
      "schema/type",
      `${name(path)} must be ${nouns(formsOf(schema))}, not ${given}`,
      path,
      factsOf(schema).whenMissing ?? asListHint(schema, node),
    );
  }

  #broken(at: number, code: string, message: string, path: Path, hint?: string): Placed {
    this.#problems.add(at, code, message, path, { hint });
    return { kind: "broken", at };
  }
}

/** In an overlay, nothing changes nothing. Source: Copilot renders a variable without a value as an empty one. */
function isEmptyText(field: z.ZodType, value: Node, parent: Path): boolean {
  return value.kind === "null" && factsOf(field).emptyIsText === true && !isInOverlay(parent);
}

function emptyBefore(entries: MapNode["entries"], key: string): string | undefined {
  const keys = [...entries.keys()];
  const before = keys[keys.indexOf(key) - 1];
  return before !== undefined && entries.get(before)?.value.kind === "null" ? before : undefined;
}

/** A single value where a list of such is wanted. */
function asListHint(schema: z.ZodType, node: Node): string | undefined {
  const [form, ...others] = formsOf(schema);
  if (node.kind !== "scalar" || form?.kind !== "list" || others.length > 0 || !formFor(form.item, "scalar"))
    return undefined;
  return node.text.length > 60 ? "write a list" : `write \`[${JSON.stringify(node.text)}]\``;
}

const kindNames = { scalar: "text", null: "nothing", list: "a list", map: "a map" };

function nouns(forms: readonly Form[]): string {
  return listed(forms.map(({ noun }) => noun));
}

function name(path: Path): string {
  const inside = inWorkload(path);
  return quoted(dotted(inside.length > 0 ? inside : path));
}

function isInOverlay(path: Path): boolean {
  return path[0] === "environments" && path.length > 1;
}

/** The path without `environments.<env>` before it. */
function inWorkload(path: Path): Path {
  return path[0] === "environments" && path.length > 2 ? path.slice(2) : isInOverlay(path) ? [] : path;
}
