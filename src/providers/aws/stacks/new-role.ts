import type { StackTools } from "./tools.ts";

const longest = 30_000;
const between = 3000;

/** Asks again for as long as IAM may take until a role that was just made can be taken on by CloudFormation. */
export async function withNewRole<T>(
  ask: () => Promise<T>,
  { pause, now }: StackTools,
  signal: AbortSignal,
): Promise<T> {
  for (const began = now(); ;) {
    try {
      return await ask();
    } catch (error) {
      if (!isNewRole(error) || signal.aborted || now() - began > longest) throw error;
      await pause(between, signal);
    }
  }
}

/** Whether a role could not be taken on: CloudFormation's words, where it makes a stack, and where a stack set does. */
export function isNewRole(error: unknown): boolean {
  return error instanceof Error && /cannot be assumed|role with trust relationship|sts:AssumeRole/.test(error.message);
}
