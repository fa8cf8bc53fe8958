/** A manifest of Docker or OCI, as far as its image is told from others by it.
 *  Source: the OCI image specification, "Image Manifest" and "Image Index". */
interface Manifest {
  config?: { digest?: string };
  manifests?: { digest?: string; platform?: { os?: string } }[];
}

/** What an Engine may call the image of a manifest: its configuration's digest (the classic store), its manifest's (that of
 *  containerd). Of an index also its members' digests; what those are called is in their own manifests. */
export function imageIds(digest: string, manifest: string): { ids: string[]; members: string[] } {
  const { config, manifests = [] } = parsed(manifest);
  const members = manifests.flatMap((member) => (member.digest === undefined ? [] : [member.digest]));
  return { ids: [digest, ...(config?.digest === undefined ? [] : [config.digest]), ...members], members };
}

function parsed(manifest: string): Manifest {
  try {
    return JSON.parse(manifest) as Manifest;
  } catch {
    return {};
  }
}
