import type { Agent } from "node:https";
import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from "@aws-sdk/client-sts";
import { fromNodeProviderChain, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { type MiddlewareStack, rememberCalls } from "./failures/calls.ts";
import { partitionOf } from "./partition.ts";
import { maxAttempts, retryReads, retryStrategy } from "./retry.ts";

export type Credentials = Extract<STSClientConfig["credentials"], (...args: never[]) => unknown>;

/** Who acts. */
export interface Identity {
  account: string;
  /** Of the user or the role. */
  arn: string;
}

/** What the SDK's clients are made with. */
export interface ClientConfig {
  region: string;
  credentials: Credentials;
  profile?: string;
  maxAttempts: number;
  retryStrategy: ReturnType<typeof retryStrategy>;
  requestHandler: { connectionTimeout: number; socketTimeout: number; httpsAgent?: Agent };
  logger: typeof silent;
}

/** A client of the SDK, as its packages export it. */
export type ClientClass<C> = new (config: ClientConfig) => C;

interface SessionOptions {
  region: string;
  /** Absent: the SDK's standard chain. */
  credentials?: Credentials;
  /** The profile that the credentials are of: its settings hold for the clients too, and hints name it. */
  profile?: string | undefined;
  /** From 0 to 1: how much of their bound the waits before further attempts are. */
  random?: () => number;
  /** The way to AWS, where it is not the direct one. */
  httpsAgent?: Agent | undefined;
}

/** Milliseconds without a sign of life before a call is given up and tried again. */
const patience = { connectionTimeout: 5000, socketTimeout: 60_000 };

/** The SDK prints nothing: neither what it asks and hears, nor warnings, nor that it will leave this Node.js one day. */
export const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Whose right it is to ask AWS, and where. One session keeps its clients, so that connections and credentials are used
 *  again. */
export class AwsSession {
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov` … */
  readonly partition: string;
  readonly #credentials: Credentials;
  readonly #profile: { profile?: string };
  /** What further sessions have from this one. */
  readonly #shared: Pick<SessionOptions, "random" | "httpsAgent">;
  readonly #clients = new Map<ClientClass<unknown>, unknown>();
  readonly #others = new Map<string, AwsSession>();
  #identity: Promise<Identity> | undefined;

  constructor({ region, credentials, profile, random, httpsAgent }: SessionOptions) {
    process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
    this.region = region;
    this.#shared = { ...(random && { random }), ...(httpsAgent && { httpsAgent }) };
    this.partition = partitionOf(region);
    this.#profile = profile === undefined ? {} : { profile };
    this.#credentials = once(credentials ?? fromNodeProviderChain({ ...this.#profile, logger: silent }));
  }

  /** The client of a service, made when it is first asked for. */
  client<C>(type: ClientClass<C>): C {
    const known = this.#clients.get(type);
    if (known !== undefined) return known as C;
    const made = new type({ ...this.#config(), credentials: this.#credentials });
    watch(made as { middlewareStack: MiddlewareStack }, { region: this.region, ...this.#profile });
    this.#clients.set(type, made);
    return made;
  }

  /** Asked until it has been answered. */
  identity(): Promise<Identity> {
    this.#identity ??= this.client(STSClient)
      .send(new GetCallerIdentityCommand({}))
      .then(({ Account: account = "", Arn: arn = "" }) => ({ account, arn }))
      .catch((error: unknown) => {
        this.#identity = undefined;
        throw error;
      });
    return this.#identity;
  }

  /** The same right in another region. */
  inRegion(region: string): AwsSession {
    if (region === this.region) return this;
    const credentials = this.#credentials;
    return this.#other(region, () => new AwsSession({ region, credentials, ...this.#profile, ...this.#shared }));
  }

  /** With the rights of a role, which this session may take on. The role is taken on with the first call. */
  as(roleArn: string, region = this.region): AwsSession {
    const role = () =>
      fromTemporaryCredentials({
        masterCredentials: this.#credentials,
        params: { RoleArn: roleArn, RoleSessionName: "pilotfish" },
        clientConfig: this.#config(),
        clientPlugins: [
          {
            applyToStack: (stack) =>
              watch({ middlewareStack: stack as unknown as MiddlewareStack }, { region: this.region }),
          },
        ],
      });
    return this.#other(`${region} ${roleArn}`, () => new AwsSession({ region, credentials: role(), ...this.#shared }));
  }

  #config(): Omit<ClientConfig, "credentials"> {
    const { httpsAgent } = this.#shared;
    return {
      region: this.region,
      ...this.#profile,
      maxAttempts,
      retryStrategy: retryStrategy(this.#shared.random),
      requestHandler: { ...patience, ...(httpsAgent && { httpsAgent }) },
      logger: silent,
    };
  }

  #other(key: string, make: () => AwsSession): AwsSession {
    const known = this.#others.get(key) ?? make();
    this.#others.set(key, known);
    return known;
  }

  /** Lets go of all connections. */
  close(): void {
    for (const client of this.#clients.values()) (client as { destroy?(): void }).destroy?.();
    for (const other of this.#others.values()) other.close();
  }
}

function watch(
  { middlewareStack }: { middlewareStack: MiddlewareStack },
  where: { region: string; profile?: string },
): void {
  rememberCalls(middlewareStack, where);
  retryReads(middlewareStack);
}

/** The same credentials for all clients of a session, until shortly before they expire: without it each client would ask for
 *  its own. Those that ask at the same time hear the same answer, also a failure. */
function once(provider: Credentials): Credentials {
  const spare = 5 * 60_000;
  let known: Awaited<ReturnType<Credentials>> | undefined;
  let asked: ReturnType<Credentials> | undefined;
  const ask: Credentials = async (options) => {
    try {
      known = await provider(options);
      return known;
    } finally {
      asked = undefined;
    }
  };
  return (options) => {
    const left = known?.expiration === undefined ? Infinity : known.expiration.getTime() - Date.now();
    return known !== undefined && left > spare ? Promise.resolve(known) : (asked ??= ask(options));
  };
}
