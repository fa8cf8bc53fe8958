import { randomUUID } from "node:crypto";
import {
  DeleteParameterCommand,
  GetParameterCommand,
  paginateGetParametersByPath,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import type { LockHolder, Locks, LockScope, TakenLock } from "../account/locks.ts";
import type { AwsSession } from "./session.ts";

const root = "/copilot/locks/";

/** The name of an environment's own lock; no workload's begins like this. */
const itself = "_environment";

export function createLocks(session: AwsSession): Locks {
  const ssm = session.client(SSMClient);
  const taken = new Map<TakenLock, LockScope>();

  const holder = async (scope: LockScope): Promise<LockHolder | undefined> => {
    try {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: pathOf(scope) }));
      return holderIn(Parameter?.Value);
    } catch (error) {
      if (error instanceof ParameterNotFound) return undefined;
      throw error;
    }
  };

  const free = async (scope: LockScope): Promise<boolean> => {
    try {
      await ssm.send(new DeleteParameterCommand({ Name: pathOf(scope) }));
      return true;
    } catch (error) {
      if (error instanceof ParameterNotFound) return false;
      throw error;
    }
  };

  return {
    holder,
    free,
    async take(scope, who) {
      const id = randomUUID();
      const Value = JSON.stringify({ id, ...who } satisfies LockHolder);
      const Tags = [{ Key: "copilot-application", Value: scope.app }];
      for (;;) {
        try {
          await ssm.send(new PutParameterCommand({ Name: pathOf(scope), Type: "String", Value, Tags }));
        } catch (error) {
          if (!(error instanceof ParameterAlreadyExists)) throw error;
          const held = await holder(scope);
          // It went meanwhile.
          if (held === undefined) continue;
          // Ours: the answer to the first attempt was lost.
          if (held.id !== id) return { held };
        }
        const lock: TakenLock = {
          async release() {
            if ((await holder(scope))?.id === id) await free(scope);
            taken.delete(lock);
          },
        };
        taken.set(lock, scope);
        return lock;
      }
    },
    async releaseAll() {
      await Promise.allSettled([...taken.keys()].map((lock) => lock.release()));
      return [...taken.values()];
    },
    async list({ app }) {
      const found: (LockScope & LockHolder)[] = [];
      const pages = paginateGetParametersByPath({ client: ssm }, { Path: `${root}${app}/`, Recursive: true });
      for await (const { Parameters = [] } of pages)
        for (const { Name = "", Value } of Parameters) {
          const [env = "", workload = ""] = Name.slice(`${root}${app}/`.length).split("/");
          found.push({ app, env, ...(workload !== itself && { workload }), ...holderIn(Value) });
        }
      const name = ({ env, workload = "" }: LockScope) => `${env}/${workload}`;
      return found.toSorted((a, b) => (name(a) < name(b) ? -1 : 1));
    },
  };
}

function pathOf({ app, env, workload = itself }: LockScope): string {
  return `${root}${app}/${env}/${workload}`;
}

/** A lock that somebody has written by hand holds as well. */
function holderIn(value: string | undefined): LockHolder {
  const unknown = { id: "", arn: "somebody", from: "unknown", doing: "something", since: "" };
  try {
    return { ...unknown, ...(JSON.parse(value ?? "") as Partial<LockHolder>) };
  } catch {
    return unknown;
  }
}
