/** A path with its leading slash, which manifests may leave out. */
export function rootedPath(path: string): string {
  return path.startsWith("/") ? path : `/${path}`;
}
