/** The Engine's refusal of one request, in its own words. */
export class EngineError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function isEngineError(error: unknown, ...statuses: number[]): error is EngineError {
  return error instanceof EngineError && (statuses.length === 0 || statuses.includes(error.status));
}

/** The sentence a person needs out of an Engine's message: without the chain of programs that passed it on. */
export function plainMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/^Error response from daemon: /, "")
    .replace(/^failed to create (?:shim|shim task|task for container): /, "")
    .replace(/^failed to create shim task: /, "")
    .replace(/^OCI runtime create failed: /, "")
    .replace(
      /^(?:container_linux\.go|runc)[^:]*:(?:\d+: )? ?(?:starting container process caused|unable to start container process): /,
      "",
    )
    .replace(/^runc create failed: unable to start container process: /, "")
    .replace(/^process_linux\.go:\d+: container init caused: /, "")
    .replace(/: unknown$/, "")
    .trim();
}
