import { join } from "node:path";
import { type AwsCall, Front, type Layer, mistake } from "./front.ts";
import { managerRights } from "./manager-rights.ts";
import { type Deletion, type Moto, startMoto } from "./moto.ts";

/** A client of the SDK, as its packages export it. */
type ClientClass<C> = new (config: {
  region: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}) => C;

const credentials = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

/** An AWS account that no one here wrote: moto with its gaps filled, behind a server that writes down what is asked. */
export class AwsEmulator {
  static readonly account = "123456789012";
  static readonly region = "us-west-2";
  readonly #front = new Front();
  #installed = this.#always();
  readonly #clients: { destroy?(): void }[] = [];
  #moto: Moto | undefined;
  #inHurry = false;
  #former: Record<string, string | undefined> | undefined;

  /** Does nothing when it has been started. */
  async start(): Promise<void> {
    if (this.#moto !== undefined) return;
    this.#moto = await startMoto();
    await this.#front.start(this.#moto.url);
    this.#front.layers = [...this.#installed];
  }

  /** As it was when it started: for the next group of tests. */
  async handOver(): Promise<void> {
    this.giveEnvironmentBack();
    for (const client of this.#clients.splice(0)) client.destroy?.();
    this.#installed = this.#always();
    await this.reset();
  }

  #always(): Layer[] {
    return [
      async (call, pass) => {
        const answer = await pass();
        // A page instead of an answer: moto has come to an exception.
        const isPage = answer.status === 500 && String(answer.headers["content-type"]).startsWith("text/html");
        return isPage ? mistake(call, this.#running.said()) : answer;
      },
      managerRights(),
    ];
  }

  /** Can be called whatever has or has not been started. */
  async end(): Promise<void> {
    this.giveEnvironmentBack();
    for (const client of this.#clients) client.destroy?.();
    await Promise.all([this.#front.end(), this.#moto?.end()]);
  }

  /** Where the code under test finds AWS; every call is seen here. */
  get endpoint(): string {
    return this.#front.url;
  }

  /** What a program needs to find the emulator and no account of whoever runs the tests. */
  get env(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: AwsEmulator.region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_CONFIG_FILE: join(import.meta.dirname, "no-config"),
      AWS_SHARED_CREDENTIALS_FILE: join(import.meta.dirname, "no-credentials"),
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }

  /** Puts `env` into this process, for code that runs in it; every other setting of AWS's goes. */
  takeEnvironment(): void {
    this.giveEnvironmentBack();
    const former = Object.entries(process.env).filter(([name]) => name.startsWith("AWS_"));
    this.#former = Object.fromEntries(former);
    for (const [name] of former) delete process.env[name];
    Object.assign(process.env, this.env);
  }

  giveEnvironmentBack(): void {
    if (this.#former === undefined) return;
    for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
    Object.assign(process.env, this.#former);
    this.#former = undefined;
  }

  /** A plain client of the SDK to make ready and to read back with: it asks the emulator itself, and is not counted. */
  client<C>(type: ClientClass<C>, region = AwsEmulator.region): C {
    const made = new type({ region, endpoint: this.#running.url, credentials });
    this.#clients.push(made as { destroy?(): void });
    return made;
  }

  /** An empty account again, and nothing remembered of the former one. */
  async reset(): Promise<void> {
    await this.#running.reset();
    this.#inHurry = false;
    this.forget();
  }

  /** The account stays as it is; nothing stands before it any more, and no call is remembered. */
  forget(): void {
    this.calls.length = 0;
    this.#front.layers = [...this.#installed];
  }

  /** Until the next reset tasks start at once, for tests that do not look at them on their way. */
  async hurry(): Promise<void> {
    this.#inHurry = true;
    await this.#running.step(0.001);
  }

  /** Tasks start at once while something is made ready. */
  async hurried<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inHurry) return work();
    await this.hurry();
    const made = await work();
    await this.#running.step("usual");
    this.#inHurry = false;
    return made;
  }

  /** Puts a layer in for good: a reset leaves it. It sees a call after those of a test, which it takes away. */
  install(layer: Layer): void {
    this.#installed.unshift(layer);
    this.#front.layers = [...this.#installed];
  }

  /** All calls since the last reset, oldest first. */
  get calls(): AwsCall[] {
    return this.#front.calls;
  }

  /** Puts something between the code under test and the emulator until the next reset: faults, scripted answers. What was
   *  put there last sees a call first. */
  use(layer: Layer): void {
    this.#front.layers.unshift(layer);
  }

  /** What CloudFormation has deleted since the last reset, oldest first. */
  deletions(): Promise<Deletion[]> {
    return this.#running.deletions();
  }

  get #running(): Moto {
    if (this.#moto === undefined) throw new Error("the AWS emulator has not been started");
    return this.#moto;
  }
}
