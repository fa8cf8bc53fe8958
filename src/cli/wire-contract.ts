import type { Account } from "../providers/account.ts";
import type { LocalProvider, Provider } from "../providers/provider.ts";

/** What stands behind an environment. */
export type BackEnd = Provider["kind"];

/** What the composition root hands to the commands. `src/cli/wire.ts` exports `openWire: OpenWire`; it is loaded only
 *  by commands that need a back end, and nothing is started before one of its members is used. */
export interface Wire {
  /** @throws UserError aws/* where AWS cannot be asked at all */
  provider(backEnd: "local"): Promise<LocalProvider>;
  provider(backEnd: BackEnd): Promise<Provider>;
  /** The account of AWS that the credentials are for, or that others are for. @throws UserError aws/* */
  account(credentials?: OtherCredentials): Promise<Account>;
  readonly simulator: LocalSimulator;
  /** The Engine that the docker client must use, as DOCKER_HOST has it; undefined: the client's own choice.
   *  @throws UserError engine/remote, engine/unreachable */
  dockerHost(): Promise<string | undefined>;
  /** Lets go of sockets, so that the process can end. Called once, whatever happened. */
  close(): Promise<void>;
}

/** Credentials that were asked for, in the place of those of the environment. */
export interface OtherCredentials {
  /** Of the shared configuration files. */
  profile?: string;
  region?: string;
  keys?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

export type OpenWire = (facts: WireFacts) => Wire;

export interface WireFacts {
  env: Readonly<Record<string, string | undefined>>;
  /** The package's folder: `dist/` and `package.json` lie in it. */
  packageRoot: string;
  version: string;
  /** Says on stderr what every command should say first, such as that the simulator's disk is full. */
  warn(text: string): void;
  /** Asks for the code of a device, for profiles whose role wants one; absent where nobody can be asked. */
  mfaCode?(serial: string): Promise<string>;
}

/** The simulator as a whole, for `local start|status|stop|reset`. */
export interface LocalSimulator {
  /** Starts the daemon, or finds it running, and sets the speed when one is given.
   *  @throws UserError simulator/start-failed, simulator/home, engine/* */
  start(options: { speed?: number }): Promise<SimulatorStatus & { started: boolean }>;
  /** Undefined when no daemon runs; starts none. */
  status(): Promise<SimulatorStatus | undefined>;
  /** Ends the daemon; its tasks are stopped, its services come back with the next start. False when none ran. */
  stop(): Promise<boolean>;
  /** Ends the daemon and removes all services, tasks, logs and settings of this simulator. */
  reset(): Promise<{ services: string[] }>;
}

export interface SimulatorStatus {
  pid: number;
  version: string;
  /** The state folder. */
  home: string;
  startedAt: string;
  /** `docker (Engine 20.10.24)` or `simulated (why)`. */
  runtime: string;
  /** False while the Engine is away. */
  runtimeAvailable: boolean;
  speed: number;
  services: { id: string; status: string; desiredCount: number; runningCount: number; urls: string[] }[];
  /** What is wrong right now: a port that is taken, an Engine that is away. */
  problems: string[];
}
