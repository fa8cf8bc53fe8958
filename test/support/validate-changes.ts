import { parse, stringify } from "yaml";
import { checkPlan } from "../../src/actions/check-plan.ts";
import { loadWorkloadManifest } from "../../src/manifest/load.ts";

const good = "name: api\ntype: Backend Service\nimage: { location: nginx, port: 80 }\nhttp: { path: / }\n";

/** What is said of each change of a good Backend Service: its top keys, as YAML, in the place of those that are there. */
export function validate(changes: readonly string[]): string {
  return changes.map((change) => [short(change), ...problems(change)].join("\n")).join("\n");
}

function problems(change: string): string[] {
  const changed = Object.keys(parse(change) as object);
  const kept = Object.entries(parse(good) as object).filter(([key]) => !changed.includes(key));
  const text = `${change}\n${stringify(Object.fromEntries(kept))}`;
  const context = { app: "demo", env: "test", variables: {} };
  const loaded = loadWorkloadManifest({ file: "manifest.yml", text, folder: "api" }, context);
  const { problem } = checkPlan(loaded, context);
  const all = [...loaded.diagnostics, ...(problem ? [problem] : [])];
  if (all.length === 0) return ["  good"];
  return all.flatMap(({ line, column, severity, message, code, hint }) => [
    `  ${line}:${column} ${severity} ${message} (${code})`,
    ...(hint === undefined ? [] : [`      ${hint}`]),
  ]);
}

function short(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
