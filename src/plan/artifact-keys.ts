import { posix } from "node:path";

/** Where files are in the application's bucket: each key says what is in the file, so a file that changes gets another one.
 *  The keys are Copilot's, and what one tool has uploaded serves the other. `sha256` is that of the file, in hexadecimal. */
export const artifactKeys = {
  /** The template of addons: of a workload, or of the environments. */
  addons: (workload: string | undefined, sha256: string) => `manual/addons/${workload ?? "environments"}/${sha256}.yml`,
  /** An environment file; ECS takes none whose name ends otherwise. */
  envFile: (path: string, sha256: string) => `manual/env-files/${posix.basename(path)}/${sha256}.env`,
  /** A template that is too long to be sent. */
  template: (stack: string, sha256: string) => `manual/templates/${stack}/${sha256}.yml`,
  /** A file of a Static Site. */
  siteFile: (sha256: string) => `local-assets/${sha256}`,
  /** Which file of a Static Site goes where. */
  siteMapping: (env: string, workload: string, sha256: string) =>
    `local-assets/environments/${env}/workloads/${workload}/mapping/${sha256}`,
} as const;
