import { folderWith } from "../support/files.ts";

export const apiManifest = `name: api
type: Load Balanced Web Service
image:
  location: demo/api:1
  port: 8080
http:
  path: /
`;

/** An application `demo` with the service `api`, whose image is not built; further files as given. */
export function demoWorkspace(files: Record<string, string> = {}): Promise<string> {
  return folderWith({
    "copilot/.workspace": "application: demo\n",
    "copilot/api/manifest.yml": apiManifest,
    ...files,
  });
}
