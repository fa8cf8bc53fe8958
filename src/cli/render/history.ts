import type { HistoryEntry } from "../../actions/past-deployments.ts";
import { clean } from "./clean.ts";
import type { Paint } from "./paint.ts";
import { renderTable } from "./table.ts";
import { ageText, shortImage } from "./words.ts";

/** The deployments of a workload, newest first; the one that serves has a mark. */
export function renderHistory(entries: readonly HistoryEntry[], now: number, paint: Paint): string[] {
  const rows = entries.map((entry) => [
    entry.serves ? "*" : "",
    revisionText(entry),
    `${ageText(now - Date.parse(entry.at))} ago`,
    resultText(entry, entries),
    imagesText(entry),
    entry.commit ?? "-",
    whoText(entry),
  ]);
  const [head = "", ...lines] = renderTable(
    [["", "REVISION", "DEPLOYED", "RESULT", "IMAGE", "COMMIT", "BY"], ...rows].map((row) => row.map(clean)),
  );
  const legend = entries.some(({ serves }) => serves) ? ["", "* serves now"] : [];
  return [head, ...lines.map((line, index) => (entries[index]?.serves ? paint.green(line) : line)), ...legend];
}

/** How people name a deployment; what has no task definition goes by its time. */
export function revisionText({ revision, at }: HistoryEntry): string {
  return revision === undefined || revision === 0 ? at : String(revision);
}

function resultText({ result, reason, repeats, hotswap }: HistoryEntry, all: readonly HistoryEntry[]): string {
  const former = repeats === undefined ? undefined : all.find(({ at }) => at === repeats);
  const repeated = repeats === undefined ? [] : [`as ${former === undefined ? repeats : revisionText(former)}`];
  const why = reason === undefined || result !== "failed" ? [] : [shortened(reason)];
  const more = [...(hotswap ? ["hotswap"] : []), ...repeated, ...why];
  return more.length === 0 ? result : `${result} (${more.join("; ")})`;
}

/** One line of a reason; `--json` has all of it. */
function shortened(reason: string): string {
  const [line = ""] = reason.split("\n");
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}

export function imagesText({ images }: HistoryEntry): string {
  const texts = Object.values(images).map(({ name, id }) => {
    const tag = name.replace(/@sha256:.*$/, "").replace(/^\d{12}\.dkr\.ecr[^/]*\//, "");
    return id === undefined ? tag : `${tag} (${shortImage(id)})`;
  });
  return texts.join(", ") || "-";
}

/** The last part of an ARN, and where: `ann from ann@laptop`; `not recorded` for deployments of other tools. */
function whoText({ by, from }: HistoryEntry): string {
  if (by === undefined) return "-";
  const name = by.slice(by.lastIndexOf("/") + 1);
  return from === undefined ? name : `${name} from ${from}`;
}
