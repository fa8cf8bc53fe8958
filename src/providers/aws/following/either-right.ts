import type { AwsSession } from "../session.ts";

/** Asks with the rights of the environment's manager role, and with those of whoever asks where that role may not: one that
 *  Copilot made has fewer. @throws what the second one is told when neither may */
export async function withEitherRight<Answer>(
  manager: AwsSession,
  asker: AwsSession,
  ask: (session: AwsSession) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(manager);
  } catch (error) {
    if (!isDenied(error)) throw error;
    return ask(asker.inRegion(manager.region));
  }
}

export function isDenied(error: unknown): boolean {
  return error instanceof Error && error.name === "AccessDeniedException";
}
