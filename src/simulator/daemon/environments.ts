import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { readEnvironments, type SimulatedEnvironment, writeEnvironments } from "../control/environments-file.ts";
import type { Home } from "../control/home.ts";
import type { SimulatorState } from "../engine/state.ts";
import { logLine } from "./daemon-log.ts";
import { removeFolders } from "./remove-folders.ts";

/** The environments of this simulator, of which each application always has `local`. */
export class Environments {
  readonly #home: Home;
  readonly #state: () => SimulatorState;
  #known: readonly SimulatedEnvironment[];

  /** An environment with a service is there, also when the file has lost it or cannot be written now.
   *  @throws UserError simulator/home */
  constructor(home: Home, state: () => SimulatorState) {
    this.#home = home;
    this.#state = state;
    this.#known = readEnvironments(home);
    const lost = Object.values(state().services).filter(({ app, env }) => this.#find(app, env) === undefined);
    if (lost.length === 0) return;
    for (const { app, env } of lost)
      if (this.#find(app, env) === undefined) this.#known = [...this.#known, { app, name: env }];
    try {
      this.#write(this.#known);
    } catch (error) {
      logLine(`environments: ${(error as Error).message}`);
    }
  }

  /** Creates an environment or changes whose overlay it takes; its own name means its own again, nothing means no change.
   *  @throws UserError simulator/disk-full */
  put({ app, name, like }: SimulatedEnvironment): "created" | "updated" | "unchanged" {
    const present = this.#find(app, name) ?? (name === "local" ? { app, name } : undefined);
    if (present !== undefined && (like ?? present.like ?? name) === (present.like ?? name)) return "unchanged";
    const others = this.#known.filter((each) => each !== present);
    this.#write([...others, { app, name, like: like === name ? undefined : like }]);
    return present === undefined ? "created" : "updated";
  }

  /** What is about to be deployed to must be there. `local` is made by that.
   *  @throws UserError environment/not-found, simulator/disk-full */
  use(app: string, name: string): void {
    if (this.#find(app, name) !== undefined) return;
    if (name !== "local") throw notFound(app, name);
    this.#write([...this.#known, { app, name }]);
  }

  /** Forgets an environment in which nothing is deployed, and removes the files of its managed file system, as AWS does.
   *  `local` is there again as soon as it is used.
   *  @throws UserError environment/not-found, environment/in-use naming the services, simulator/disk-full, simulator/home
   *  when there are files of other users */
  delete(app: string, name: string, fileSystem: string): void {
    const present = this.#find(app, name);
    if (present === undefined && name !== "local") throw notFound(app, name);
    const there = Object.values(this.#state().services).filter(
      (service) => service.app === app && service.env === name && service.status !== "INACTIVE",
    );
    const [groups, services] = [true, false].map((isGroup) =>
      there.filter(({ taskGroup = false }) => taskGroup === isGroup).map((service) => service.name),
    ) as [string[], string[]];
    if (services.length > 0) throw inUse(app, name, services.toSorted());
    if (groups.length > 0) throw hasTasks(app, name, groups.toSorted());
    if (!/^fs-\w+$/.test(fileSystem)) throw new Error(`${fileSystem} is no id of a file system`);
    const kept = removeFolders([join(this.#home.efs, fileSystem)]);
    if (kept !== undefined) throw kept;
    if (present !== undefined) this.#write(this.#known.filter((each) => each !== present));
  }

  #find(app: string, name: string): SimulatedEnvironment | undefined {
    return this.#known.find((each) => each.app === app && each.name === name);
  }

  #write(environments: readonly SimulatedEnvironment[]): void {
    writeEnvironments(this.#home, environments);
    this.#known = environments;
  }
}

function notFound(app: string, name: string): UserError {
  return new UserError("environment/not-found", `the application ${app} has no simulated environment ${name}`, {
    hint: `pilotfish env init --name ${name} --local`,
  });
}

function inUse(app: string, name: string, services: string[]): UserError {
  const message = `services of ${app} are deployed to ${name}: ${services.join(", ")}`;
  return new UserError("environment/in-use", message, {
    hint: `pilotfish svc delete --app ${app} --name ${services[0]} --env ${name} --local`,
  });
}

function hasTasks(app: string, name: string, groups: string[]): UserError {
  return new UserError("environment/in-use", `${name} of ${app} has task groups: ${groups.join(", ")}`, {
    hint: `pilotfish task delete --name ${groups[0]} --app ${app} --env ${name}${name === "local" ? "" : " --local"}`,
  });
}
