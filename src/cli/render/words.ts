import type { EnvironmentRef, ProviderTarget } from "../../providers/provider.ts";

/** `850 ms`, `12.3 s`, `4 min 10 s`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** The time that something has taken so far, in a form that does not jump while it counts. */
export function elapsedText(milliseconds: number): string {
  return milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)} s` : durationText(milliseconds);
}

/** How long ago, in one unit: `12 s`, `5 min`, `3 h`, `2 d`. */
export function ageText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return seconds < 36 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** `1 task`, `2 tasks`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

export function shortTask(id: string): string {
  return id.slice(0, 8);
}

/** Enough of an image's id to find it. */
export function shortImage(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}

/** The first line of every command that changes something. */
export function targetText({ app, env, name }: EnvironmentRef & { name?: string }, target: ProviderTarget): string {
  const service = name === undefined ? [] : [`${name.includes(", ") ? "services" : "service"} ${name}`];
  const parts = [`application ${app}`, `environment ${env}`, ...service, target.label];
  if (target.runtime !== undefined) parts.push(`runtime ${target.runtime}`);
  if (target.speed !== undefined) parts.push(`speed ${target.speed}`);
  return parts.join(" · ");
}

/** Whose image it is, where images of several workloads are made at once: `api`, `api/nginx`. */
export function imageLabel({ workload = "", container }: { workload?: string; container: string }): string {
  return workload === "" || workload === container ? container : `${workload}/${container}`;
}
