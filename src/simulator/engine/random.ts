/** Numbers in [0, 1). The only source of chance, so that a run replays from its seed. */
export type Random = () => number;

/** One of them, each as likely as the others. */
export function pick<T>(items: readonly T[], random: Random): T | undefined {
  return items[Math.floor(random() * items.length)];
}
