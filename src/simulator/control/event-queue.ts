/** What arrives for one reader, in order. */
export class EventQueue<T> {
  readonly #items: T[] = [];
  #arrived = (): void => {};

  get length(): number {
    return this.#items.length;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#arrived();
  }

  /** Waits until there is one. */
  async next(): Promise<T> {
    while (this.#items.length === 0) await new Promise<void>((resolve) => (this.#arrived = resolve));
    return this.#items.shift() as T;
  }
}
