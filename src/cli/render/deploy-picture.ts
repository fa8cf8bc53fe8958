import type { DeployStory } from "../../actions/deploy-workload.ts";
import type { DeploymentStatus, TaskStatus, WorkloadStatus } from "../../providers/provider.ts";
import { clean } from "./clean.ts";
import { countsText, shownDeployments } from "./deploy-texts.ts";
import type { Line } from "./live-area.ts";
import { afterStackEvent, isStackEvent, stackLines, type StackPicture } from "./stack-picture.ts";
import { durationText, elapsedText, imageLabel, shortImage, shortTask } from "./words.ts";

/** What has been heard of a deploy so far, as far as the tree shows it. */
export interface DeployPicture {
  stacks: StackPicture[];
  images: ImagePicture[];
  followed?: string;
  acceptedAt?: number;
  status?: WorkloadStatus;
  waitingFor: string;
}

interface ImagePicture {
  label: string;
  startedAt: number;
  lastLine: string;
  /** What came of the last that was done with it; absent while something is. */
  done?: { name: string; id: string; text: string };
}

export const emptyPicture: DeployPicture = { stacks: [], images: [], waitingFor: "" };

/** The picture after an event. Pure. */
export function afterEvent(picture: DeployPicture, event: DeployStory, now: number): DeployPicture {
  if (isStackEvent(event)) return { ...picture, stacks: afterStackEvent(picture.stacks, event, now) };
  switch (event.type) {
    case "build-started":
      return changeImage(picture, event, {
        startedAt: now,
        lastLine: `building ${event.dockerfile} for ${event.platform}`,
      });
    case "push-started":
      return changeImage(picture, event, { startedAt: now, lastLine: `pushing ${event.uri}`, done: undefined });
    case "build-output":
    case "push-output":
      return changeImage(picture, event, { lastLine: event.line });
    case "build-finished":
      return changeImage(picture, event, { done: { ...event.image, text: durationText(event.durationMs) } });
    case "push-finished": {
      const { image, skipped, durationMs } = event;
      const text = skipped ? "is in the registry" : `pushed in ${durationText(durationMs)}`;
      return changeImage(picture, event, { done: { name: image.tagged ?? image.uri, id: image.digest, text } });
    }
    case "accepted":
      return { ...picture, followed: event.deploymentId, acceptedAt: now };
    case "progress":
      return { ...picture, status: event.status, waitingFor: event.waitingFor };
    default:
      return picture;
  }
}

/** An image that has not been heard of is a new one. */
function changeImage(
  picture: DeployPicture,
  event: { workload?: string; container: string },
  change: { [K in keyof ImagePicture]?: ImagePicture[K] | undefined },
): DeployPicture {
  const label = imageLabel(event);
  const { images } = picture;
  const known = images.find((image) => image.label === label) ?? { label, startedAt: 0, lastLine: "" };
  const changed = { ...known, ...change } as ImagePicture;
  if (!images.includes(known)) return { ...picture, images: [...images, changed] };
  return { ...picture, images: images.map((image) => (image === known ? changed : image)) };
}

/** The tree. `busy` is the sign before what goes on. Pure. */
export function pictureLines(picture: DeployPicture, { now, busy }: { now: number; busy: string }): Line[] {
  const { status, followed, waitingFor } = picture;
  const deployments = status === undefined ? [] : shownDeployments(status.deployments, followed);
  return [
    ...picture.images.map((image) => imageLine(image, now, busy)),
    ...picture.stacks.flatMap((stack) => stackLines(stack, { now, busy })),
    ...deployments.flatMap((deployment) => [
      deploymentLine(deployment, picture, now, busy),
      ...tasksOf(deployment, status?.tasks ?? []).flatMap((task) => [taskLine(task), ...containerLines(task)]),
    ]),
    ...(waitingFor === "" ? [] : [[{ text: `  waiting for ${clean(waitingFor)}`, style: "dim" } as const]]),
  ];
}

function imageLine({ label, startedAt, lastLine, done }: ImagePicture, now: number, busy: string): Line {
  const head = `image of ${clean(label)}  `;
  if (done === undefined)
    return [
      { text: busy, style: "cyan" },
      ` ${head}${elapsedText(now - startedAt)}  `,
      { text: clean(lastLine), style: "dim" },
    ];
  return [
    { text: "✓", style: "green" },
    ` ${head}${clean(done.name)}  `,
    { text: `${shortImage(done.id)}  ${done.text}`, style: "dim" },
  ];
}

function deploymentLine(deployment: DeploymentStatus, picture: DeployPicture, now: number, busy: string): Line {
  const ours = deployment.id === picture.followed;
  const { rolloutState, revision } = deployment;
  const sign =
    rolloutState === "COMPLETED"
      ? ({ text: "✓", style: "green" } as const)
      : rolloutState === "FAILED"
        ? ({ text: "✗", style: "red" } as const)
        : ({ text: busy, style: "cyan" } as const);
  const took = ours && picture.acceptedAt !== undefined ? `  ${elapsedText(now - picture.acceptedAt)}` : "";
  return [
    sign,
    " ",
    { text: `revision ${revision}`, style: ours ? "bold" : "dim" },
    `  ${countsText(deployment)}`,
    { text: took, style: "dim" },
  ];
}

function tasksOf(deployment: DeploymentStatus, tasks: readonly TaskStatus[]): TaskStatus[] {
  return tasks.filter(({ deploymentId, lastStatus }) => deploymentId === deployment.id && lastStatus !== "STOPPED");
}

function taskLine({ id, lastStatus, desiredStatus, health, targets }: TaskStatus): Line {
  const parts = [
    ...(health === "UNKNOWN" ? [] : [health]),
    ...targets.map(({ state, reason, description }) => {
      const why = [reason, description].filter(Boolean).join(": ");
      return `target ${state}${why === "" ? "" : ` (${why})`}`;
    }),
  ];
  const arrow = desiredStatus === "STOPPED" ? "stopping" : "";
  const good = targets.every(({ state }) => state === "healthy") && health !== "UNHEALTHY";
  return [
    { text: `    task ${shortTask(id)}  `, style: "dim" },
    { text: lastStatus.padEnd(14), style: lastStatus !== "RUNNING" ? "yellow" : good ? "green" : "yellow" },
    clean([arrow, ...parts].filter(Boolean).join("  ")),
  ];
}

/** What each container of a task of several is doing; one that is alone is told with its task. */
function containerLines({ containers }: TaskStatus): Line[] {
  if (containers.length < 2) return [];
  const width = Math.max(...containers.map(({ name }) => clean(name).length));
  return containers.map(({ name, lastStatus, health, exitCode, restarts = 0, reason }) => {
    const parts = [
      ...(health === undefined || lastStatus === "STOPPED" ? [] : [health]),
      ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
      ...(restarts === 0 ? [] : [`started again ${restarts === 1 ? "once" : `${restarts} times`}`]),
      ...(reason === undefined ? [] : [reason]),
    ];
    const good = health === "UNHEALTHY" ? "yellow" : lastStatus === "RUNNING" ? "green" : "yellow";
    return [
      { text: `      ${clean(name).padEnd(width)}  `, style: "dim" },
      { text: lastStatus.padEnd(9), style: lastStatus === "STOPPED" && exitCode === 0 ? "dim" : good },
      clean(parts.join("  ")),
    ];
  });
}
