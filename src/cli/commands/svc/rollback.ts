import * as z from "zod/mini";
import { rollBack } from "../../../actions/roll-back.ts";
import { workloadHistory } from "../../../actions/workload-history.ts";
import { choosePastDeployment } from "../../choose/past-deployment.ts";
import { chooseDeployed } from "../../choose/workload.ts";
import { command } from "../../command.ts";
import { flags, operand, toggle } from "../../flags.ts";
import { followAndShow } from "../../follow-and-show.ts";
import { lockTimeoutFlag, lockTools } from "../../lock-tools.ts";

/** More than these nobody goes back. */
const remembered = 50;

export const svcRollback = command({
  name: "svc rollback",
  summary: "Deploys a former revision of a service again, without building anything.",
  input: z.object({
    revision: operand({ name: "revision", description: "As svc history lists it; asked for on a terminal." }),
    app: flags.app,
    name: flags.workload,
    env: flags.environment,
    local: flags.local,
    aws: flags.aws,
    yes: toggle({
      name: "yes",
      description: "Without a revision: take the last one that worked before, and do not ask.",
    }),
    noRollback: toggle({ name: "no-rollback", description: "Do not go back to what serves now on failure." }),
    failFast: toggle({ name: "fail-fast", description: "Give up, and roll back, at the first task that stops." }),
    detach: toggle({ name: "detach", description: "Return as soon as the deployment has been accepted." }),
    timeout: flags.timeout,
    lockTimeout: lockTimeoutFlag,
    json: flags.json,
  }),
  examples: ["pilotfish svc rollback -n api -e test", "pilotfish svc rollback 7 -n api -e test"],
  async run({ revision, yes, noRollback, failFast, detach, timeout, lockTimeout, ...input }, context) {
    const chosen = await chooseDeployed(input, context);
    const { on, app, env, name } = chosen;
    const workload = { app, env, name };
    const wire = await context.wire();
    const provider = await wire.provider(on);
    const account = () => wire.account();
    const entries = await workloadHistory(workload, { limit: remembered }, { provider, account });
    const former = await choosePastDeployment({ revision, yes }, entries, workload, context);
    const options = { noRollback, failFast, detach, ...(timeout !== undefined && { timeoutMs: timeout }) };
    const tools =
      on === "local"
        ? { provider: await wire.provider(on) }
        : { provider, locks: lockTools(await account(), lockTimeout, context) };
    const start = (signal: AbortSignal) => rollBack({ workload, former, options }, tools, signal);
    return { exitCode: await followAndShow(chosen, { provider, start }, context) };
  },
});
