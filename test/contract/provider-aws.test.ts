import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import { createApplication } from "../../src/actions/create-application.ts";
import { createEnvironment } from "../../src/actions/create-environment.ts";
import { deleteFromAccount, workloadToDelete } from "../../src/actions/delete-from-account.ts";
import { deleteTaskGroup } from "../../src/actions/delete-task-group.ts";
import { runTaskOnAws } from "../../src/actions/run-task-on-aws.ts";
import { deployEnvironment } from "../../src/actions/deploy-environment.ts";
import { deployToAccount } from "../../src/actions/deploy-to-account.ts";
import type { LockTools } from "../../src/actions/deployment-lock.ts";
import { openWorkspace } from "../../src/actions/open-workspace.ts";
import type { Account } from "../../src/providers/account.ts";
import { createAwsAccount } from "../../src/providers/aws/aws-account.ts";
import { createAwsProvider } from "../../src/providers/aws/aws-provider.ts";
import { explained } from "../../src/providers/aws/explained.ts";
import { AwsSession } from "../../src/providers/aws/session.ts";
import { impatientTiming } from "../support/aws/impatient-timing.ts";
import { describeWithAws } from "../support/aws/describe-with-aws.ts";
import { drain } from "../support/aws/drain.ts";
import type { AwsEmulator } from "../support/aws/emulator.ts";
import { providerContract, type ProviderUnderTest, toEnd, type Version, webService } from "./provider.ts";

const noTraffic = "the emulator runs no containers, so nothing answers";

describeWithAws("an account", (aws) => {
  providerContract("AWS, as the emulator has it", () => start(aws), {
    except: {
      "a deployed service answers at its address": noTraffic,
      "while a broken version fails, the former one answers": noTraffic,
      "the address of a deleted service does not answer": noTraffic,
      "what is behind a network load balancer answers": noTraffic,
      "a rule that changes is in force at once": noTraffic,
      "no command runs in a service or a task that is not there":
        "it needs AWS's program for sessions, which aws/exec.test.ts puts in its place",
    },
    more(subject) {
      test("what --no-rollback has left as it is, the next deploy goes on from", async () => {
        const { images, deploy } = subject();
        const send = async (image: string, how: Partial<Version> = {}) => {
          const { result } = await toEnd(deploy({ env, manifest: webService("halfway", image), ...how }, never()));
          const described = new DescribeStacksCommand({ StackName: `${app}-${env}-halfway` });
          const { Stacks: [stack] = [] } = await aws.client(CloudFormationClient).send(described);
          return [result.outcome, stack?.StackStatus];
        };
        expect(await send(images.good)).toEqual(["completed", "CREATE_COMPLETE"]);
        expect(await send(images.broken, { noRollback: true })).toEqual(["failed", "UPDATE_FAILED"]);
        expect(await send(images.better)).toEqual(["completed", "UPDATE_COMPLETE"]);
      });
    },
  });
});

const app = "shop";
const env = "test";

/** An application with an environment, made as the commands make them, and a workspace that is written anew for each deploy. */
async function start(aws: AwsEmulator): Promise<ProviderUnderTest> {
  const session = new AwsSession({ region: "us-west-2" });
  // The emulator's tasks take a twentieth of a second from state to state.
  const timing = { ...impatientTiming(), pace: { first: 50, most: 100 } };
  const account = explained(createAwsAccount(session, timing));
  const root = await mkdtemp(join(tmpdir(), "pf-contract-"));
  await writeFiles(root, {
    "copilot/.workspace": `application: ${app}\n`,
    [`copilot/environments/${env}/manifest.yml`]: `name: ${env}\ntype: Environment\n`,
  });
  const workspace = await openWorkspace(root);
  const tools = { ...locks(account), workspace, env: {}, cwd: root, version: "0.0.0", newId: () => "id" };
  const provider = explained(createAwsProvider(account, session, timing));
  const taskTools = { ...tools, now: Date.now, dockerHost: async () => undefined };
  await drain(createApplication({ app }, tools, never()));
  await drain(createEnvironment({ app, env }, { account, environmentAccount: account }, never()));
  await drain(deployEnvironment({ env, force: false, noRollback: false, detach: false }, tools, never()));
  return {
    provider,
    where: { app, env },
    images: { good: "example/app:good", better: "example/app:better", broken: "example/app:broken" },
    async *deploy({ manifest, env: where, files = {}, ...how }, signal) {
      const { name } = manifest;
      await writeFiles(root, { ...files, [`copilot/${name}/manifest.yml`]: JSON.stringify(manifest, undefined, 2) });
      const request = { force: false, noRollback: false, failFast: false, detach: false, ...how, name, env: where };
      return yield* deployToAccount(request, { ...tools, provider, dockerHost: async () => undefined }, signal);
    },
    remove: async (workload) => {
      const found = await workloadToDelete({ ...workload, what: "service" }, { account });
      await drain(deleteFromAccount(found, tools, never()));
    },
    putSecret: async (Name, SecretString) =>
      void (await aws.client(SecretsManagerClient).send(new CreateSecretCommand({ Name, SecretString }))),
    hintForSecret: (name) =>
      `aws secretsmanager describe-secret --secret-id arn:aws:secretsmanager:us-west-2:123456789012:secret:${name}    ` +
      "(the secret, or the version that is named, is not there)",
    tasks: {
      programs: { good: { image: "example/app:brief" }, broken: { image: "example/app:broken" } },
      run: (request, signal) => runTaskOnAws(request, { ...taskTools, provider }, signal),
      async remove(group) {
        await drain(deleteTaskGroup({ group, place: { app, env } }, { ...taskTools, provider }, never()));
      },
    },
    async end() {
      session.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

function locks(account: Account): LockTools {
  return {
    account,
    from: "a test",
    now: Date.now,
    wait: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => undefined),
    lockTimeoutMs: 10_000,
  };
}

function never(): AbortSignal {
  return new AbortController().signal;
}

async function writeFiles(root: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}
