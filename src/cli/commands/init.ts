import * as z from "zod/mini";
import { nameProblem } from "../../actions/check-name.ts";
import { initApplication, suggestApplicationName } from "../../actions/init-application.ts";
import { initService } from "../../actions/init-service.ts";
import { openWorkspaceIfAny, type Workspace } from "../../actions/open-workspace.ts";
import { chooseEnvironment } from "../choose/environment.ts";
import { chooseNewService } from "../choose/new-service.ts";
import { requireApplication } from "../choose/workload.ts";
import { command } from "../command.ts";
import type { Context } from "../context.ts";
import { deployAndShow } from "../deploy-and-show.ts";
import { flags, toggle } from "../flags.ts";
import { fileLine } from "../render/file-line.ts";

export const init = command({
  name: "init",
  summary: "Makes the folder an application with a first service, and offers to deploy it.",
  input: z.object({
    app: flags.app,
    name: flags.workload,
    type: flags.type,
    dockerfile: flags.dockerfile,
    image: flags.image,
    port: flags.port,
    env: flags.environment,
    deploy: toggle({ name: "deploy", description: "Deploy the service without asking." }),
    tag: flags.tag,
  }),
  exclusive: [["dockerfile", "image"]],
  later: ["--schedule", "--timeout", "--retries"],
  examples: [
    "pilotfish init",
    `pilotfish init -a shop -n api -t "Load Balanced Web Service" -d Dockerfile --port 8080 --deploy`,
  ],
  async run({ app, env, deploy, tag, ...input }, context) {
    const { host } = context;
    const present = await openWorkspaceIfAny(host.cwd);
    const application = await chooseApplication(app, present, context);
    if (env !== undefined) await chooseEnvironment({ env }, present, context);
    const service = await chooseNewService(input, present?.root ?? host.cwd, { type: "--type" }, context);
    const { workspace, ...applicationFile } = await initApplication({ cwd: host.cwd, name: application });
    const manifest = await initService(service, { workspace, packageRoot: host.packageRoot });
    host.stdout.write(`${fileLine(applicationFile)}\n${fileLine(manifest)}\n\n`);
    if (!deploy && !(await wantsToDeploy(service.name, context)))
      return { text: `deploy it: pilotfish svc deploy -n ${service.name} -e local` };
    const chosen = { app: application, env: "local", name: service.name, workspace };
    const options = { force: false, noRollback: false, failFast: false, detach: false, tag };
    return { exitCode: await deployAndShow(chosen, options, context) };
  },
});

/** @throws UserError usage/invalid-flag when the folder belongs to another application */
async function chooseApplication(
  given: string | undefined,
  present: Workspace | undefined,
  context: Context,
): Promise<string> {
  if (present !== undefined) {
    requireApplication(given, present);
    context.say(`application ${present.application}: this folder belongs to it`);
    return present.application;
  }
  if (given !== undefined) return given;
  const suggestion = await suggestApplicationName(context.host.cwd);
  if (!context.interactive) {
    context.say(`application ${suggestion}: named after the folder`);
    return suggestion;
  }
  const prompts = await context.prompts();
  return prompts.input({
    message: "What is the name of the application?",
    default: suggestion,
    problem: (answer) => {
      const problem = nameProblem(answer);
      return problem === undefined ? undefined : `the name ${problem}`;
    },
  });
}

async function wantsToDeploy(name: string, context: Context): Promise<boolean> {
  if (!context.interactive) return false;
  const prompts = await context.prompts();
  return prompts.confirm({ message: `Deploy ${name} to the simulator on this machine now?`, default: true });
}
