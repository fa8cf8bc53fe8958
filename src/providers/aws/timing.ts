import { type Paces, usualPaces } from "./domains/poll.ts";
import { type Pace, usualPace } from "./pace.ts";
import { ownTools, type StackTools } from "./stacks/tools.ts";

/** How long an account is waited for, wherever something takes its time. */
export interface Timing {
  /** Of stacks and stack sets. */
  stacks: StackTools;
  /** Of services that are followed. */
  pace: Pace;
  /** Of names, certificates and sites. */
  paces: Paces;
}

export const usualTiming: Timing = { stacks: ownTools, pace: usualPace, paces: usualPaces };
