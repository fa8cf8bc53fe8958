/** What the engine wants done. Each is idempotent and identified by task, container and attempt, so it can be run again
 *  after a crash. Its answer comes back as an input. */
export type Effect =
  /** Resolve and pull images, create the task's network with all its ports. Answers task-prepared or -prepare-failed. */
  | { type: "prepare-task"; task: string }
  /** Create and start. Answers container-started or container-failed. */
  | { type: "start-container"; task: string; container: string; attempt: number }
  /** SIGTERM (or the image's stop signal), then SIGKILL after the time-out in seconds. Answers container-stopped. */
  | { type: "stop-container"; task: string; container: string; attempt: number; timeoutSeconds: number }
  /** Remove containers and network, after their logs have been kept. Answers task-removed. */
  | { type: "remove-task"; task: string };

/** The journal's key: equal effects have equal ids. */
export function effectId(effect: Effect): string {
  return "container" in effect
    ? `${effect.task}/${effect.container}/${effect.attempt}/${effect.type}`
    : `${effect.task}/${effect.type}`;
}
