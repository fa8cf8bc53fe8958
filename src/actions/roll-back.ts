import { readTemplate } from "../cloudformation/read-template.ts";
import { UserError } from "../errors.ts";
import { stackName } from "../plan/names.ts";
import type { Account } from "../providers/account.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import type { DomainEvent } from "../providers/account/domains.ts";
import type { DeployResult, LocalProvider, Provider, WorkloadRef } from "../providers/provider.ts";
import type { DeployStory, WorkloadToDeploy } from "./deploy-workload.ts";
import type { LockTools } from "./deployment-lock.ts";
import { EnvironmentLocks } from "./environment-locks.ts";
import { makeEnvironmentReady, placeOf } from "./environment-ready.ts";
import { formerNames } from "./former-names.ts";
import { manifestOfTemplate } from "./manifest-of-template.ts";
import type { KnownDeployment } from "./past-deployments.ts";
import { recorded } from "./record-deployment.ts";
import { requireImages } from "./require-images.ts";
import { rollOut } from "./roll-out.ts";
import { settleEnvironment } from "./settle-environment.ts";
import type { StackToUpdate } from "./update-stack.ts";
import { certificateParameters, settleWorkloadNames, workloadCertificates } from "./workload-domain.ts";

export interface RollBackRequest {
  workload: WorkloadRef;
  /** One of the workload's history that can be deployed again. */
  former: KnownDeployment;
  options: Pick<WorkloadToDeploy, "noRollback" | "failFast" | "detach" | "timeoutMs">;
}

/** Of the simulator, or of AWS. */
export type RollBackTools = { provider: LocalProvider } | { provider: Provider; locks: LockTools };

type Stack = StackToUpdate["stack"];

/** Deploys what a former deployment was: the template, parameters and images of then. Nothing is built and nothing pushed. Of
 *  one that nobody recorded, the image alone is put into what is deployed. It is a deployment of its own, with a revision of
 *  its own, and is followed and recorded as any other.
 *  @throws UserError history/gone, history/not-restorable, image/gone, deploy/busy, and as a deploy does */
export async function* rollBack(
  { workload, former, options }: RollBackRequest,
  tools: RollBackTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, DeployResult, void> {
  const { app, env, name } = workload;
  yield { type: "target", app, env, name, target: await tools.provider.target(workload) };
  if (!("locks" in tools)) {
    const { deploymentId } = former;
    if (deploymentId === undefined) throw notRestorable(workload, "the simulator does not know it any more");
    return yield* tools.provider.repeatDeployment({ ...workload, ...options, deploymentId }, signal);
  }
  const { provider, locks: locking } = tools;
  const { account } = locking;
  const locks = new EnvironmentLocks(workload, "rollback", locking);
  try {
    for (;;) {
      let gathered = await account.facts.ofEnvironment({ app, env, workload: name });
      const where = { ...gathered.facts.artifacts, region: gathered.facts.region };
      const { record } = former;
      const then =
        record === undefined
          ? await withFormerImage(workload, former, gathered, locking)
          : await account.history.stackOf(record, where).then(({ template: text, ...given }) => ({
              ...given,
              text,
              name: stackName(app, env, name),
              template: readTemplate(text),
            }));
      yield* requireImages(workload, former, then, account);
      // What only that deployment needed of the environment may be gone meanwhile.
      const manifest = record === undefined ? undefined : manifestOfTemplate(then.text, workload);
      const isReady =
        manifest === undefined ||
        !(yield* makeEnvironmentReady(manifest, gathered, { account, app, env, locks }, signal));
      await locks.releaseEnvironment();
      if (!isReady) gathered = await account.facts.ofEnvironment({ app, env, workload: name });
      const stack = yield* withCertificates(then, { name, gathered }, account, signal);
      if (record === undefined)
        yield {
          type: "notice",
          code: "history/image-only",
          message: "nobody recorded that deployment: its image is put into what is deployed now, and all else stays",
        };
      // The template is that of then, whatever version of this program is asked.
      const request = { ...options, name, env, force: false, allowDowngrade: true };
      const names = manifest === undefined ? {} : await formerNames(manifest, gathered, account);
      const rolledOut = rollOut(
        { app, request, stack, gathered, ...placeOf(gathered), lock: locks.workload },
        { account, provider, now: locking.now, wait: locking.wait },
        signal,
      );
      const deployment = { workload, stack, where, commit: async () => former.commit, repeats: former.at };
      const result = yield* recorded(rolledOut, deployment, locking);
      if (result === "stale") continue;
      if (manifest !== undefined && (result.outcome === "completed" || result.outcome === "unchanged")) {
        yield* settleWorkloadNames({ manifest, stack, gathered, former: names }, { account }, signal);
        yield* settleEnvironment(manifest, gathered, locking, signal);
      }
      return result;
    }
  } finally {
    await locks.release();
  }
}

/** Certificates that a former deployment stood on may be deleted meanwhile: the stack gets those that serve its names now. */
async function* withCertificates(
  stack: Stack,
  { name, gathered }: { name: string; gathered: GatheredFacts },
  account: Pick<Account, "domains">,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, Stack, void> {
  const found = yield* workloadCertificates(stack, { name, gathered }, account, signal);
  return { ...stack, parameters: { ...stack.parameters, ...certificateParameters(stack, found) } };
}

/** The stack as it is deployed, with the image of a former deployment. */
async function withFormerImage(
  workload: WorkloadRef,
  former: KnownDeployment,
  gathered: GatheredFacts,
  { account }: LockTools,
): Promise<Stack> {
  const { workloadStack: deployed } = gathered;
  const image = former.images[workload.name];
  if (deployed === undefined) throw notRestorable(workload, "it is not deployed");
  if (image === undefined) throw notRestorable(workload, "nobody knows its image");
  if (deployed.parameters["ContainerImage"] === undefined)
    throw notRestorable(workload, "its stack takes no image, which stands in the template");
  const { name, parameters, tags } = deployed;
  const text = await account.stacks.template(name, placeOf(gathered).where);
  const pinned = image.id === undefined ? image.name : `${repositoryOf(image.name)}@${image.id}`;
  return { name, text, template: readTemplate(text), parameters: { ...parameters, ContainerImage: pinned }, tags };
}

/** `shop/api` of `shop/api:v1` and of `shop/api@sha256:…`. */
function repositoryOf(image: string): string {
  return image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
}

function notRestorable({ app, env, name }: WorkloadRef, why: string): UserError {
  return new UserError("history/not-restorable", `this deployment of ${name} cannot be deployed again: ${why}`, {
    hint: `pilotfish svc history -a ${app} -n ${name} -e ${env}`,
  });
}
