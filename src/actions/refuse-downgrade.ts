import { templateVersion } from "../cloudformation/template.ts";
import { UserError } from "../errors.ts";

/** As Copilot does, leaves a stack alone whose template is of a later version than those of this program.
 *  @param deployed the template's text @throws UserError stack/newer */
export function refuseDowngrade(stack: string, deployed: string): void {
  const version = versionIn(deployed);
  if (version === undefined || !isLater(version, templateVersion)) return;
  throw new UserError(
    "stack/newer",
    `${stack} was deployed with templates of ${version}, which is newer than ${templateVersion}, the version of these`,
    { hint: "use the newer program, or add --allow-downgrade" },
  );
}

/** `Version` under the template's own `Metadata`, in YAML or JSON; none in templates of other people's. */
function versionIn(text: string): string | undefined {
  const yaml = /^Metadata:[^\S\n]*\n(?:[^\S\n].*\n)*?[^\S\n]+Version: *['"]?(v\d+\.\d+\.\d+)/m.exec(text);
  return (yaml ?? /"Metadata"\s*:\s*\{\s*"Version"\s*:\s*"(v\d+\.\d+\.\d+)"/.exec(text))?.[1];
}

function isLater(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.slice(1).split(".").map(Number)) as [number[], number[]];
  const differs = left.findIndex((part, index) => part !== right[index]);
  return differs >= 0 && (left[differs] ?? 0) > (right[differs] ?? 0);
}
