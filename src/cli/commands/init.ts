import * as z from "zod/mini";
import { initApplication } from "../../actions/init-application.ts";
import { initService } from "../../actions/init-service.ts";
import { openWorkspaceIfAny } from "../../actions/open-workspace.ts";
import { chooseEnvironment } from "../choose/environment.ts";
import { chooseNewApplication } from "../choose/new-application.ts";
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
    local: flags.local,
    aws: flags.aws,
    deploy: toggle({ name: "deploy", description: "Deploy the service without asking." }),
    tag: flags.tag,
  }),
  exclusive: [["dockerfile", "image"]],
  examples: [
    "pilotfish init",
    `pilotfish init -a shop -n api -t "Load Balanced Web Service" -d Dockerfile --port 8080 --deploy`,
  ],
  async run({ app, env, local, aws, deploy, tag, ...input }, context) {
    const { host } = context;
    const present = await openWorkspaceIfAny(host.cwd);
    if (present !== undefined) requireApplication(app, present);
    const application = await chooseNewApplication(app, present, context);
    const wanted = { app: application, env: aws ? env : (env ?? "local"), local, aws };
    const place = await chooseEnvironment(wanted, present, context);
    // What cannot be deployed is not begun.
    if (place.on === "aws") await (await context.wire()).provider(place.on);
    const service = await chooseNewService(input, present?.root ?? host.cwd, { type: "--type" }, context);
    const { workspace, ...applicationFile } = await initApplication({ cwd: host.cwd, name: application });
    const files = await initService(service, { workspace, packageRoot: host.packageRoot });
    host.stdout.write(`${[applicationFile, ...files].map(fileLine).join("\n")}\n\n`);
    if (!deploy && !(await wantsToDeploy(service.name, context)))
      return {
        text: `deploy it: pilotfish svc deploy -n ${service.name} -e ${place.env}${place.on === "local" && place.env !== "local" ? " --local" : ""}`,
      };
    const chosen = { app: application, ...place, name: service.name, workspace };
    const options = { force: false, noRollback: false, failFast: false, detach: false, tag };
    return { exitCode: await deployAndShow(chosen, options, context) };
  },
});

async function wantsToDeploy(name: string, context: Context): Promise<boolean> {
  if (!context.interactive) return false;
  const prompts = await context.prompts();
  return prompts.confirm({ message: `Deploy ${name} to the simulator on this machine now?`, default: true });
}
