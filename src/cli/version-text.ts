export function versionText(version: string): string {
  return `pilotfish ${version}`;
}
