import { clean } from "./clean.ts";

/** What was done to a file. */
export function fileLine({ file, creation }: { file: string; creation: keyof typeof done }): string {
  return done[creation](clean(file));
}

const done = {
  created: (file: string) => `wrote ${file}`,
  renewed: (file: string) => `renewed ${file}`,
  unchanged: (file: string) => `${file} was there and stays as it is`,
};
