import { clean } from "./clean.ts";
import type { Paint } from "./paint.ts";
import { renderTable } from "./table.ts";

/** A title with a table below it, or nothing where the table is empty. */
export function section(title: string, rows: readonly (readonly string[])[], paint: Paint): string[] {
  if (rows.length === 0) return [];
  return ["", paint.bold(title), ...renderTable(rows.map((row) => row.map(clean))).map((line) => `  ${line}`)];
}
