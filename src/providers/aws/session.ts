import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from "@aws-sdk/client-sts";
import { fromNodeProviderChain, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { partitionOf } from "./partition.ts";

type Credentials = Extract<STSClientConfig["credentials"], (...args: never[]) => unknown>;

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
  retryMode: "standard";
  maxAttempts: number;
}

/** A client of the SDK, as its packages export it. */
export type ClientClass<C> = new (config: ClientConfig) => C;

interface SessionOptions {
  /** A profile of the shared configuration files. */
  profile?: string | undefined;
  region: string;
  credentials?: Credentials;
}

/** Whose right it is to ask AWS, and where. One session keeps its clients, so that connections and credentials are used
 *  again. */
export class AwsSession {
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov` … */
  readonly partition: string;
  readonly #credentials: Credentials;
  readonly #clients = new Map<ClientClass<unknown>, unknown>();
  readonly #others = new Map<string, AwsSession>();
  #identity: Promise<Identity> | undefined;

  constructor({ profile, region, credentials }: SessionOptions) {
    this.region = region;
    this.partition = partitionOf(region);
    this.#credentials = credentials ?? once(fromNodeProviderChain({ ...(profile !== undefined && { profile }) }));
  }

  /** The client of a service, made when it is first asked for. */
  client<C>(type: ClientClass<C>): C {
    const known = this.#clients.get(type);
    if (known !== undefined) return known as C;
    const made = new type({
      region: this.region,
      credentials: this.#credentials,
      retryMode: "standard",
      maxAttempts: 6,
    });
    this.#clients.set(type, made);
    return made;
  }

  /** Asked once. */
  identity(): Promise<Identity> {
    this.#identity ??= this.client(STSClient)
      .send(new GetCallerIdentityCommand({}))
      .then(({ Account: account = "", Arn: arn = "" }) => ({ account, arn }));
    return this.#identity;
  }

  /** The same right in another region. */
  inRegion(region: string): AwsSession {
    if (region === this.region) return this;
    return this.#other(region, () => new AwsSession({ region, credentials: this.#credentials }));
  }

  /** With the rights of a role, which this session may take on. The role is taken on with the first call. */
  as(roleArn: string, region = this.region): AwsSession {
    const role = () =>
      fromTemporaryCredentials({
        masterCredentials: this.#credentials,
        params: { RoleArn: roleArn, RoleSessionName: "pilotfish" },
        clientConfig: { region: this.region },
      });
    return this.#other(`${region} ${roleArn}`, () => new AwsSession({ region, credentials: once(role()) }));
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

/** The same credentials for all clients of a session, until shortly before they expire: without it each client would ask for
 *  its own. */
function once(provider: Credentials): Credentials {
  const spare = 5 * 60_000;
  let asked: ReturnType<Credentials> | undefined;
  return async (options) => {
    const known = await asked?.catch(() => undefined);
    if (known !== undefined && (known.expiration === undefined || known.expiration.getTime() - spare > Date.now()))
      return known;
    asked = provider(options);
    return asked;
  };
}
