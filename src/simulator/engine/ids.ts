import type { Random } from "./random.ts";

/** 32 hex digits. */
export function newTaskId(random: Random): string {
  return digits(random, 32, 16);
}

/** `ecs-svc/` and 19 digits. */
export function newDeploymentId(random: Random): string {
  return `ecs-svc/${1 + Math.floor(random() * 9)}${digits(random, 18, 10)}`;
}

/** In the form of a UUID, as DescribeServices shows events. */
export function newEventId(random: Random): string {
  const hex = digits(random, 32, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function digits(random: Random, count: number, base: number): string {
  let text = "";
  // Each draw gives up to eight digits: a double holds 53 bits, eight hex digits take 32.
  while (text.length < count)
    text += Math.floor(random() * base ** 8)
      .toString(base)
      .padStart(8, "0");
  return text.slice(0, count);
}
