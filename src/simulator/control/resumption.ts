/** Remembers what of a stream has been read, so that another daemon can be asked for the rest. */
export class Resumption {
  params: object;
  hasMoved = false;
  /** Things that happen once. */
  readonly #seen = new Set<string>();
  /** Task and container → cursor of the last line of its log. */
  readonly #after: Record<string, number> = {};
  #firstLine: number | undefined;

  constructor(params: object) {
    this.params = params;
  }

  /** Whether an event is to be handed on. */
  isNew(event: unknown): boolean {
    if (isLogLine(event)) {
      this.#firstLine ??= event.cursor;
      this.#after[`${event.task}/${event.container}`] = event.cursor;
      return true;
    }
    const name = nameOf(event);
    if (name === undefined) return true;
    if (this.#seen.has(name)) return false;
    this.#seen.add(name);
    return true;
  }

  /** From now on `params` ask for what has not been read. */
  moved(): void {
    this.hasMoved = true;
    if (this.#firstLine === undefined) return;
    this.params = { ...this.params, limit: undefined, since: this.#firstLine, after: { ...this.#after } };
  }
}

function isLogLine(event: unknown): event is { cursor: number; task: string; container: string } {
  return typeof event === "object" && event !== null && "cursor" in event;
}

/** Undefined for a picture, which may come again. */
function nameOf(event: unknown): string | undefined {
  const { type, id, task, code, message } = event as Record<string, unknown>;
  switch (type) {
    case "service-event":
      return `${type} ${String(id)}`;
    case "task-started":
      return `${type} ${String(task)}`;
    case "task-stopped":
      return `${type} ${String((task as { id: unknown }).id)}`;
    case "notice":
      return `${type} ${String(code)} ${String(message)}`;
    default:
      return undefined;
  }
}
