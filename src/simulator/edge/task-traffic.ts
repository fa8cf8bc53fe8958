/** The open requests of each task, and who has to be told when a draining one has none left. */
export class TaskTraffic {
  private readonly tasks = new Map<string, Traffic>();
  private readonly idle: (task: string) => void;

  constructor(idle: (task: string) => void) {
    this.idle = idle;
  }

  of(task: string): Traffic {
    let traffic = this.tasks.get(task);
    if (traffic === undefined) this.tasks.set(task, (traffic = new Traffic(task, this.idle)));
    return traffic;
  }

  open(task: string): number {
    return this.tasks.get(task)?.open ?? 0;
  }

  /** @param states task → whether all of its targets are draining; a task that is not here has left */
  update(states: Map<string, boolean>): void {
    for (const [task, draining] of states) this.of(task).drain(draining);
    for (const [task, traffic] of this.tasks) {
      if (states.has(task)) continue;
      traffic.drain(false);
      if (traffic.open === 0) this.tasks.delete(task);
    }
  }
}

export class Traffic {
  open = 0;
  private draining = false;
  private told = false;
  private readonly task: string;
  private readonly idle: (task: string) => void;

  constructor(task: string, idle: (task: string) => void) {
    this.task = task;
    this.idle = idle;
  }

  drain(draining: boolean): void {
    if (draining === this.draining) return;
    this.draining = draining;
    this.told = false;
    if (draining) queueMicrotask(() => this.tellWhenIdle());
  }

  closed(): void {
    this.open -= 1;
    if (this.draining) this.tellWhenIdle();
  }

  private tellWhenIdle(): void {
    if (!this.draining || this.told || this.open > 0) return;
    this.told = true;
    this.idle(this.task);
  }
}
