import type { BackEnd, Wire } from "../../../src/cli/wire-contract.ts";
import { createAwsAccount } from "../../../src/providers/aws/aws-account.ts";
import { createAwsProvider } from "../../../src/providers/aws/aws-provider.ts";
import { explained } from "../../../src/providers/aws/explained.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import type { LocalProvider, Provider } from "../../../src/providers/provider.ts";
import { FakeHost, type FakeHostOptions } from "../fake-host.ts";
import { FakeProvider } from "../fake-provider.ts";
import { AwsEmulator } from "./emulator.ts";
import { impatientTiming } from "./impatient-timing.ts";

/** A host whose AWS is the emulator and for whom no wait takes long; a clock of its own believes that it did. As the program does,
 *  it explains failures and gives back what locks it has at the end. */
export class ImpatientHost extends FakeHost {
  readonly #local: LocalProvider;

  constructor(options: Omit<FakeHostOptions, "aws">) {
    super(options);
    this.#local = options.provider ?? new FakeProvider({});
  }

  override async openWire(): Promise<Wire> {
    const session = new AwsSession({ region: AwsEmulator.region, random: () => 0 });
    const timing = impatientTiming();
    const account = explained(createAwsAccount(session, timing));
    const local = this.#local;
    async function provider(backEnd: "local"): Promise<LocalProvider>;
    async function provider(backEnd: BackEnd): Promise<Provider>;
    async function provider(backEnd: BackEnd): Promise<Provider> {
      return backEnd === "local" ? local : explained(createAwsProvider(account, session, timing));
    }
    return {
      provider,
      account: async () => account,
      dockerHost: async () => undefined,
      get simulator(): never {
        throw new Error("there is no simulator");
      },
      async close() {
        await account.locks.releaseAll();
        session.close();
      },
    };
  }
}
