import { clean } from "./clean.ts";

/** What was done to a file. */
export function fileLine({ file, creation }: { file: string; creation: "created" | "unchanged" }): string {
  return creation === "created" ? `wrote ${clean(file)}` : `${clean(file)} was there and stays as it is`;
}
