import { type Path, dotted } from "../problems.ts";
import { type KeyTree, below, placesOf } from "../schema/key-tree.ts";
import { nearest } from "../spelling.ts";
import { type SupportedWorkloadType, supportedWorkloadTypes } from "../workload-types.ts";
import { listed, quoted } from "../words.ts";
import { copilotKeysNotRead } from "./copilot-keys.ts";

export interface UnknownKey {
  type: SupportedWorkloadType;
  key: string;
  /** The map that holds the key, seen from the manifest's top or from the overlay's. */
  parent: Path;
  inOverlay: boolean;
  /** The keys that the map holds, which need no suggestion. */
  siblings: Pick<ReadonlySet<string>, "has">;
  /** The keys that the schema knows, from the top. */
  schemaKeys: KeyTree;
}

export interface KeyVerdict {
  code: "schema/not-supported" | "schema/unknown-key" | "schema/fixed-key";
  message: string;
  hint?: string;
}

/** The keys of a manifest that its overlays do not have, and why. */
const fixed: Record<string, string> = {
  name: "a workload has one name in all environments",
  type: "a workload has one type in all environments",
  environments: "an overlay does not hold overlays",
};

/** What to say about a key that the schema does not have: Copilot's own, misplaced, misspelt or unheard of. */
export function judgeKey(unknown: UnknownKey): KeyVerdict {
  const { type, key, parent, inOverlay } = unknown;
  const copilotKeys = copilotKeysNotRead[type];
  if (Object.hasOwn(below(copilotKeys, parent) ?? {}, key)) {
    return {
      code: "schema/not-supported",
      message: `${quoted(dotted([...parent, key]))} is not supported by this version`,
    };
  }
  if (inOverlay && parent.length === 0 && Object.hasOwn(fixed, key)) {
    return { code: "schema/fixed-key", message: `${fixed[key]}; ${quoted(key)} has no effect here` };
  }
  const hint = belongsElsewhere(unknown) ?? onlyInOtherType(unknown) ?? didYouMean(unknown);
  const where = parent.length === 0 ? "" : ` in ${quoted(dotted(parent))}`;
  return {
    code: "schema/unknown-key",
    message: `unknown key ${quoted(key)}${where}; it has no effect`,
    hint,
  };
}

/** A good key in the wrong map: one that a map around this one knows, or else the nearest maps that do. */
function belongsElsewhere({ type, key, parent, schemaKeys }: UnknownKey): string | undefined {
  const around = parent.map((_, i) => parent.slice(0, i)).toReversed();
  const trees = [schemaKeys, copilotKeysNotRead[type]];
  const above = around.find((path) => trees.some((tree) => Object.hasOwn(below(tree, path) ?? {}, key)));
  if (above) return `${quoted(key)} belongs ${mapName(above)}`;
  const [places = []] = trees.map((tree) => placesOf(key, tree)).filter((found) => found.length > 0);
  const shallow = places.filter((path) => path.length === places[0]?.length && !path.includes("*"));
  return shallow.length > 0 && shallow.length <= 2
    ? `${quoted(key)} belongs ${listed(shallow.map(mapName))}`
    : undefined;
}

function mapName(path: Path): string {
  return path.length === 0 ? "at the top of the manifest" : `under ${quoted(dotted(path))}`;
}

function onlyInOtherType({ type, key, parent }: UnknownKey): string | undefined {
  const others = supportedWorkloadTypes.filter((other) => other !== type);
  const owners = others.filter((other) => Object.hasOwn(below(copilotKeysNotRead[other], parent) ?? {}, key));
  return owners.length > 0 ? `only a ${listed(owners)} has ${quoted(key)}` : undefined;
}

function didYouMean({ type, key, parent, siblings, schemaKeys }: UnknownKey): string | undefined {
  const valid = [schemaKeys, copilotKeysNotRead[type]].flatMap((tree) => Object.keys(below(tree, parent) ?? {}));
  const near = nearest(
    key,
    valid.filter((name) => name !== "*" && !siblings.has(name)),
  );
  return near && `did you mean ${quoted(near)}?`;
}
