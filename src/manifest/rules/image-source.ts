import { type ReadManifest, type ReadRequestDriven, type Report, rule } from "./rule.ts";

type Imaged = Pick<ReadManifest | ReadRequestDriven, "image"> & Pick<ReadManifest, "sidecars">;

/** An image is built or pulled: one of the two, not both. */
export const imageSource = rule<Imaged>(
  "image/source",
  ["image.build", "image.location", "sidecars"],
  (manifest, report) => {
    if (manifest.image) check("image", manifest.image, report);
    for (const [name, sidecar] of Object.entries(manifest.sidecars ?? {})) {
      if (typeof sidecar?.image === "object") check(["sidecars", name, "image"], sidecar.image, report);
    }
  },
);

function check(at: string | string[], image: { build?: unknown; location?: string }, report: Report): void {
  const { build, location } = image;
  const path = typeof at === "string" ? [at] : at;
  const name = `\`${path.join(".")}\``;
  if (build !== undefined && location !== undefined) {
    report([...path, "location"], `\`${path.join(".")}.build\` and \`${path.join(".")}.location\` exclude each other`, {
      hint: "keep the one that the image comes from",
    });
  }
  if (build === undefined && location === undefined) {
    report(path, `${name} says neither \`build\` nor \`location\``, {
      hint: "add `build: Dockerfile`, or `location:` with the name of an image",
    });
  }
}
