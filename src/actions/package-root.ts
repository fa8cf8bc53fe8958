import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that this program is installed in, which holds `templates/` and `manifests/`. A module says where it is
 *  with `import.meta.url`; bundled and unbundled code lie at different depths. */
export function packageRoot(moduleUrl: string): string {
  let folder = dirname(fileURLToPath(moduleUrl));
  for (;;) {
    const file = join(folder, "package.json");
    if (existsSync(file) && JSON.parse(readFileSync(file, "utf8")).name === "pilotfish") return folder;
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`${moduleUrl} does not lie in the package pilotfish`);
    folder = parent;
  }
}
