import type { Context } from "./context.ts";
import { SignOfLife } from "./render/sign-of-life.ts";

/** Does what may take its time and says nothing itself; a person at a terminal sees meanwhile what is waited for, and
 *  elsewhere a line tells it now and then. @param text `stopping the simulator` */
export async function whileWaiting<T>(text: string, context: Context, work: () => Promise<T>): Promise<T> {
  const stop = context.interactive ? (await context.prompts()).spinner(text) : saying(text, context);
  try {
    return await work();
  } finally {
    stop();
  }
}

function saying(text: string, { host, say }: Context): () => void {
  const sign = new SignOfLife(host, () => text, say);
  return () => sign.end();
}
