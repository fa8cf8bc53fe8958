import type { Context } from "./context.ts";

/** Does what may take seconds and says nothing itself; a person at a terminal sees meanwhile what is waited for. */
export async function whileWaiting<T>(text: string, context: Context, work: () => Promise<T>): Promise<T> {
  if (!context.interactive) return work();
  const stop = (await context.prompts()).spinner(text);
  try {
    return await work();
  } finally {
    stop();
  }
}
