import type { DeployStory } from "../../actions/deploy-workload.ts";
import type { DeploymentStatus, TaskStatus, WorkloadStatus } from "../../providers/provider.ts";
import { clean } from "./clean.ts";
import { countsText, shownDeployments } from "./deploy-texts.ts";
import type { Line } from "./live-area.ts";
import { afterStackEvent, isStackEvent, stackLines, type StackPicture } from "./stack-picture.ts";
import { durationText, elapsedText, shortImage, shortTask } from "./words.ts";

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
  container: string;
  startedAt: number;
  lastLine: string;
  built?: { name: string; id: string; durationMs: number };
}

export const emptyPicture: DeployPicture = { stacks: [], images: [], waitingFor: "" };

/** The picture after an event. Pure. */
export function afterEvent(picture: DeployPicture, event: DeployStory, now: number): DeployPicture {
  if (isStackEvent(event)) return { ...picture, stacks: afterStackEvent(picture.stacks, event, now) };
  switch (event.type) {
    case "build-started":
      return {
        ...picture,
        images: [
          ...picture.images,
          {
            container: event.container,
            startedAt: now,
            lastLine: `building ${event.dockerfile} for ${event.platform}`,
          },
        ],
      };
    case "build-output":
      return changeImage(picture, event.container, { lastLine: event.line });
    case "build-finished":
      return changeImage(picture, event.container, { built: { ...event.image, durationMs: event.durationMs } });
    case "accepted":
      return { ...picture, followed: event.deploymentId, acceptedAt: now };
    case "progress":
      return { ...picture, status: event.status, waitingFor: event.waitingFor };
    default:
      return picture;
  }
}

function changeImage(picture: DeployPicture, container: string, change: Partial<ImagePicture>): DeployPicture {
  const images = picture.images.map((image) => (image.container === container ? { ...image, ...change } : image));
  return { ...picture, images };
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

function imageLine({ container, startedAt, lastLine, built }: ImagePicture, now: number, busy: string): Line {
  const head = `image of ${clean(container)}  `;
  if (built === undefined)
    return [
      { text: busy, style: "cyan" },
      ` ${head}${elapsedText(now - startedAt)}  `,
      { text: clean(lastLine), style: "dim" },
    ];
  return [
    { text: "✓", style: "green" },
    ` ${head}${clean(built.name)}  `,
    { text: `${shortImage(built.id)}  ${durationText(built.durationMs)}`, style: "dim" },
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
