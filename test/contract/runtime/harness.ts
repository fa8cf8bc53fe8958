import { randomBytes } from "node:crypto";
import type { LogPosition, Runtime, RuntimeObserver, TaskToRun } from "../../../src/simulator/runtime/runtime.ts";

/** What the container of a test does. */
export type Program =
  /** Answers HTTP on port 8080, prints `serving`, and ends with 0 when it is asked to stop. */
  | { does: "serve" }
  /** Prints these lines and ends. */
  | { does: "exit"; prints: string[]; code: number }
  /** Prints `line 1` to `line N`, over about a second, and then ends with 0. */
  | { does: "count"; to: number }
  /** Prints `ready` and does not care about being asked to stop. */
  | { does: "ignore-stop" };

export interface Opening {
  owner: string;
  observer: RuntimeObserver;
  logPosition: LogPosition;
}

/** A runtime as the contract suite sees it. */
export interface RuntimeHarness {
  /** A second runtime of the same owner is what a daemon opens after a restart. */
  open(opening: Opening): Promise<Runtime>;
  /** A fresh task that runs this program in its container `api`, and these in others. */
  task(program: Program, others?: Record<string, Program>): TaskToRun;
  /** The health check that finds a `serve` program healthy. */
  healthCheck: NonNullable<ContainerDefinition["healthCheck"]>;
  /** How many tasks answer to a name, asked from inside this running task. */
  resolve(name: string, asked: { runtime: Runtime; owner: string; task: TaskToRun }): Promise<number>;
  /** A reference to an image that is not to be had. */
  missingImage: string;
  /** Whatever of this owner is still there. */
  leftovers(owner: string): Promise<string[]>;
}

export const newOwner = () => randomBytes(8).toString("hex");

export type ContainerDefinition = NonNullable<TaskToRun["plan"]["taskDefinition"]["containerDefinitions"]>[number];

/** A task of `shop/local/api` with the container `api` and further ones. */
export function taskWith(container: ContainerDefinition, others: ContainerDefinition[] = []): TaskToRun {
  return {
    id: randomBytes(16).toString("hex"),
    serviceId: "shop/local/api",
    revision: 3,
    images: {},
    plan: {
      app: "shop",
      env: "local",
      name: "api",
      type: "Backend Service",
      builds: [],
      main: { container: "app" },
      taskDefinition: {
        family: "shop-local-api",
        cpu: "256",
        memory: "512",
        containerDefinitions: [
          { name: "api", essential: true, portMappings: [{ containerPort: 8080, protocol: "tcp" }], ...container },
          ...others.map((other) => ({ essential: false, ...other })),
        ],
      },
      service: {
        desiredCount: 1,
        deploymentConfiguration: {
          minimumHealthyPercent: 100,
          maximumPercent: 200,
          deploymentCircuitBreaker: { enable: true, rollback: true },
        },
      },
      targetGroups: [],
      listenerRules: [],
      logRetentionDays: 30,
    },
  };
}
