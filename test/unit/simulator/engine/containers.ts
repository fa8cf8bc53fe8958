import type { DependencyCondition } from "../../../../src/simulator/engine/plan-facts.ts";
import { type ContainerDefinition, webSpec } from "./plans.ts";
import { type Behaviour, World } from "./world.ts";

/** The part of a container's definition that names what it waits for. */
export function dependsOn(...pairs: [string, DependencyCondition][]): ContainerDefinition {
  return { dependsOn: pairs.map(([containerName, condition]) => ({ containerName, condition })) };
}

/** A health check of the task definition. */
export const check = { healthCheck: { command: ["CMD-SHELL", "true"] } };

/** A container that is not essential, with an image of its own name. */
export function sidecar(name: string, more: ContainerDefinition = {}): ContainerDefinition {
  return { name, image: `sha256:${name}`, essential: false, ...more };
}

/** One task of these containers, `web` first; what each does is told by its name. */
export function deployed(
  containers: { web?: ContainerDefinition; sidecars: ContainerDefinition[] },
  behaviours: Record<string, Behaviour> = {},
  options: Parameters<typeof webSpec>[0] = {},
): { world: World; task: string; story: (seconds: number) => string[] } {
  const images = Object.fromEntries(Object.entries(behaviours).map(([name, each]) => [`sha256:${name}`, each]));
  const world = new World({ images });
  world.deploy(webSpec({ image: "sha256:web", loadBalancer: false, ...containers, ...options }));
  const task = world.tasks()[0]?.id ?? "";
  const story = (seconds: number): string[] => {
    world.wait(seconds);
    const stop = world.stops().find((text) => text.startsWith(world.normalise(task))) ?? [];
    return [world.ladder(task), ...world.containers(task), ...[stop].flat()];
  };
  return { world, task, story };
}
