import type { StackFacts } from "../cloudformation/facts.ts";
import type { Diagnostic } from "../errors.ts";
import { imageTags } from "../images/image-tags.ts";
import type { WorkloadManifest } from "../manifest/load.ts";
import type { CheckedManifest } from "./load-manifest.ts";
import { diagnosticAt } from "./diagnostic-at.ts";

/** The image that a workload's own container has once it is built and pushed with a tag: it is in the application's
 *  repository in the region of the environment. A sidecar's image never has the user's tag, as in Copilot; nor has an image
 *  that the manifest names, which is told. @throws UserError usage/invalid-flag */
export function taggedImage(
  tag: string | undefined,
  loaded: Pick<CheckedManifest, "manifest" | "place">,
  { app, facts }: { app: string; facts: StackFacts },
): { parameters: Record<string, string>; warnings: Diagnostic[] } {
  if (tag === undefined) return { parameters: {}, warnings: [] };
  imageTags({ tag });
  const { manifest } = loaded;
  const location = imageOf(manifest)?.location;
  if (manifest.type === "Static Site" || location !== undefined) {
    const path = location === undefined ? ["type"] : ["image", "location"];
    const message = "--tag has no effect: no image is built for this workload";
    return {
      parameters: {},
      warnings: [diagnosticAt(loaded, path, { severity: "warning", code: "image/tag", message })],
    };
  }
  const { account, applicationAccount = account, region, partition } = facts;
  const domain = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  const repository = `${applicationAccount}.dkr.ecr.${region}.${domain}/${app}/${manifest.name}`;
  return { parameters: { ContainerImage: `${repository}:${tag}` }, warnings: [] };
}

function imageOf(manifest: WorkloadManifest): { location?: string } | undefined {
  return "image" in manifest ? (manifest.image as { location?: string }) : undefined;
}
