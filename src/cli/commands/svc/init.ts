import * as z from "zod/mini";
import { initService } from "../../../actions/init-service.ts";
import { openWorkspace } from "../../../actions/open-workspace.ts";
import { chooseNewService } from "../../choose/new-service.ts";
import { requireApplication } from "../../choose/workload.ts";
import { command } from "../../command.ts";
import { flags } from "../../flags.ts";
import { fileLine } from "../../render/file-line.ts";

export const svcInit = command({
  name: "svc init",
  summary: "Adds a service to the application.",
  input: z.object({
    app: flags.app,
    name: flags.workload,
    allowDowngrade: flags.allowDowngrade,
    type: flags.serviceType,
    dockerfile: flags.dockerfile,
    image: flags.image,
    port: flags.port,
  }),
  exclusive: [["dockerfile", "image"]],
  examples: [`pilotfish svc init -n api -t "Backend Service" -d api/Dockerfile`],
  async run({ app, ...input }, context) {
    const { host } = context;
    const workspace = await openWorkspace(host.cwd);
    requireApplication(app, workspace);
    const service = await chooseNewService(input, workspace.root, { type: "--svc-type" }, context);
    const written = await initService(service, { workspace, packageRoot: host.packageRoot });
    return {
      text: `${written.map(fileLine).join("\n")}\n\ndeploy it: pilotfish svc deploy -n ${service.name} -e local`,
    };
  },
});
