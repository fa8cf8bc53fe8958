import type { TaskTarget } from "../../actions/task-story.ts";

/** The first line of a command that runs tasks. */
export function targetOfTask({ group, app, env, target }: TaskTarget): string {
  const place = app === undefined ? [] : [`application ${app}`, `environment ${env}`];
  const { label, runtime, speed } = target;
  const how = [
    ...(runtime === undefined ? [] : [`runtime ${runtime}`]),
    ...(speed === undefined ? [] : [`speed ${speed}`]),
  ];
  return [...place, `task group ${group}`, label, ...how].join(" · ");
}
