import type { DetachedChange, OutputChange, PropertyChange, StackDiff } from "../../actions/diff-stack.ts";
import { clean } from "./clean.ts";
import type { Paint } from "./paint.ts";
import { templateValue } from "./template-value.ts";
import { count } from "./words.ts";

/** What deploying stacks would do: by resource and property, and how much it is. */
export function renderStackDiffs(diffs: readonly StackDiff[], paint: Paint): string {
  return diffs.map((diff) => renderStackDiff(diff, paint).join("\n")).join("\n\n");
}

function renderStackDiff(diff: StackDiff, paint: Paint): string[] {
  const { stack, resources, outputs, tags } = diff;
  const lines = [paint.bold(clean(stack)) + paint.dim(`  ${clean(comparedWith(diff))}`)];
  for (const each of resources) lines.push(...resourceLines(each, paint));
  if (outputs.length > 0) lines.push("", paint.bold("Outputs"));
  for (const each of outputs) lines.push(...outputLines(each, paint));
  if (tags.length > 0) lines.push("", paint.bold("Tags"));
  for (const each of tags) lines.push(propertyLine(each, paint).slice(4));
  return [...lines, "", ...summary(diff, paint)];
}

function comparedWith({ against, file = "" }: StackDiff): string {
  if (against === "file") return `against ${file}`;
  return against === "nothing" ? "not deployed yet" : "against the deployed stack";
}

const signs = { added: "+", changed: "~", replaced: "-/+", removed: "-", retained: "=" };

function colorOf(action: DetachedChange["action"], paint: Paint): Paint {
  const colors = {
    added: paint.green,
    changed: paint.yellow,
    replaced: paint.red,
    removed: paint.red,
    retained: paint.cyan,
  };
  return colors[action];
}

function resourceLines(change: DetachedChange, paint: Paint): string[] {
  const { id, type, action, certain, physicalId } = change;
  const color = colorOf(action, paint);
  const what = (certain ? "" : "may be ") + action;
  // Which one it is matters where it goes, or may be lost.
  const shown = physicalId !== undefined && (action === "removed" || action === "retained" || isLoss(change));
  const known = shown ? `  ${physicalId}` : "";
  const head = clean(`${signs[action].padEnd(4)}${id}  ${type}${known}`);
  const lines = [color(`${head}: ${[what, ...remarks(change)].join("; ")}`)];
  if (isLoss(change)) lines.push(paint.red.bold(`    ! ${lossText(change)}`));
  return [...lines, ...[...change.properties, ...change.attributes].map((each) => propertyLine(each, paint))];
}

function remarks({ action, detachFirst, custom, keepsOld, snapshot, nameTaken, properties }: DetachedChange): string[] {
  if (detachFirst) return ["the stack is detached first, so that what it made stays"];
  return [
    ...(action === "retained" ? ["it stays in the account"] : []),
    ...(custom && action === "removed" ? ["its program is told to delete what it made"] : []),
    ...(keepsOld ? ["the old one stays in the account"] : []),
    ...(snapshot ? ["a snapshot stays"] : []),
    ...(properties.some(({ path }) => path === "(type)") ? ["fails: a logical ID keeps its type"] : []),
    ...(nameTaken ? [`fails while ${nameTaken.join(", ")} stays the same`] : []),
  ];
}

/** Whether something is lost that no template brings back. */
function isLoss({ action, holds, keepsOld }: DetachedChange): boolean {
  return holds !== undefined && (action === "removed" || (action === "replaced" && keepsOld !== true));
}

function lossText({ holds = "", certain, snapshot }: DetachedChange): string {
  const lost = /^(the|what) /.test(holds) ? holds : `its ${holds}`;
  return `${certain ? "lost" : "may be lost"} with it: ${lost}${snapshot ? ", but for the snapshot" : ""}`;
}

function propertyLine(change: PropertyChange, paint: Paint): string {
  const { path, before, after, certain, replaces, because } = change;
  const values =
    because !== undefined
      ? templateValue(after)
      : before === undefined
        ? paint.green(templateValue(after))
        : after === undefined
          ? paint.red(templateValue(before))
          : `${paint.red(templateValue(before, after))} → ${paint.green(templateValue(after, before))}`;
  const sign = because !== undefined ? "~" : before === undefined ? "+" : after === undefined ? "-" : "~";
  const notes = [
    ...(certain ? [] : ["known when it is deployed"]),
    ...(because ? [`since ${because.join(", ")} is replaced`] : []),
    ...(replaces === "yes" ? ["makes a new resource"] : replaces === "maybe" ? ["may make a new resource"] : []),
  ];
  const tail = notes.length === 0 ? "" : paint.dim(`  (${clean(notes.join("; "))})`);
  return `    ${sign} ${clean(path)}: ${values}${tail}`;
}

function outputLines({ name, action, certain, export: exported, properties }: OutputChange, paint: Paint): string[] {
  const as = exported === undefined ? "" : `, exported as ${templateValue(exported)}`;
  const what = `${certain ? "" : "may be "}${action}`;
  const head = colorOf(action, paint)(clean(`${signs[action].padEnd(4)}${name}: ${what}${as}`));
  return [head, ...properties.map((each) => propertyLine(each, paint))];
}

function summary(diff: StackDiff, paint: Paint): string[] {
  const { resources, outputs, tags } = diff;
  if (resources.length + outputs.length + tags.length === 0) return [paint.green("nothing changes")];
  const actions = ["added", "changed", "replaced", "removed", "retained"] as const;
  const numbers = actions.flatMap((action) => {
    const number = resources.filter((each) => each.action === action).length;
    return number === 0 ? [] : [`${number} ${action}`];
  });
  const changes = outputs.length === 0 ? [] : [`${count(outputs.length, "output")} changed`];
  const tagged = tags.length === 0 ? [] : [`${count(tags.length, "tag")} changed on every resource`];
  const losses = resources.filter(isLoss).map(({ id }) => id);
  const lines = [[...numbers, ...changes, ...tagged].join(", ")];
  if (losses.length > 0)
    lines.push(paint.red.bold(clean(`what is lost with ${losses.join(", ")} comes back from no template`)));
  return lines;
}
