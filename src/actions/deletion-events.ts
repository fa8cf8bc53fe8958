/** What has been removed, by name. */
export type DeletionEvent = Deleted | ImagesDeleted;

export interface Deleted {
  type: "deleted";
  /** `record`: of a workload, an environment or the application itself, by its path in Systems Manager. */
  what: "service" | "job" | "task" | "pipeline" | "environment" | "role" | "record" | "lock" | "file";
  /** Of a workload or a task. */
  env?: string;
  /** Of a file: its path. */
  name: string;
}

export interface ImagesDeleted {
  type: "images-deleted";
  repository: string;
  region: string;
  images: number;
}
