import type { chapters } from "./life.ts";

/** Where the daemon is killed, by what happens to the service meanwhile. Together they are each boundary between journal,
 *  effect and tick, and each between two requests of one effect to the Engine. */
export const killPoints: Record<keyof typeof chapters, string[]> = {
  "first deploy": [
    ...both("load image"),
    ...step("step that wants prepare-task"),
    "prepareTask: begins",
    ...both("create network"),
    ...both("remove network"),
    ...both("connect network"),
  ],
  "restart of a container": [
    ...step("step that wants start-container"),
    ...both("create container helper"),
    ...both("start container helper"),
  ],
  "rolling update": [
    ...both("create container web"),
    "prepareTask: done, not ticked off",
    ...step("answer of prepare-task"),
    ...both("start container web"),
    "attachDiscovery: begins",
    ...both("disconnect network"),
    "detachDiscovery: done, not ticked off",
    ...step("step that wants stop-container"),
    ...step("other step"),
  ],
  "scaling out": [
    ...both("create container pause"),
    ...both("create volume"),
    ...both("start container pause"),
    "startContainer: begins",
    "startContainer: done, not ticked off",
    ...step("answer of start-container"),
    "attachDiscovery: done, not ticked off",
  ],
  "scaling in": [
    "detachDiscovery: begins",
    "stopContainer: begins",
    ...both("stop container web"),
    "stopContainer: done, not ticked off",
    ...step("answer of stop-container"),
    "removeTask: begins",
    ...both("remove container pause"),
  ],
  "roll-back of a failing deploy": [
    "step that wants prepare-task: committed, nothing done yet",
    "start container web: the Engine has answered",
    "answer of start-container: committed, nothing done yet",
    "answer of remove-task: before its transaction",
  ],
  deletion: [
    ...step("other step"),
    "stopContainer: begins",
    ...both("remove volume"),
    ...both("remove network"),
    "removeTask: done, not ticked off",
    ...step("answer of remove-task"),
  ],
};

function step(name: string): string[] {
  return [`${name}: before its transaction`, `${name}: committed, nothing done yet`];
}

function both(change: string): string[] {
  return [`${change}: the Engine is about to be asked`, `${change}: the Engine has answered`];
}
