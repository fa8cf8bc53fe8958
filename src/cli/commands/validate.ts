import * as z from "zod/mini";
import { openWorkspace } from "../../actions/open-workspace.ts";
import { validateWorkspace } from "../../actions/validate-workspace.ts";
import { requireApplication } from "../choose/workload.ts";
import { command } from "../command.ts";
import { flags, toggle } from "../flags.ts";
import { paint } from "../render/paint.ts";
import { renderValidation } from "../render/validation.ts";

export const validate = command({
  name: "validate",
  summary: "Checks all manifests of the application.",
  input: z.object({
    app: flags.app,
    name: flags.workload,
    env: flags.environment,
    strict: toggle({ name: "strict", description: "Warnings fail too." }),
    json: flags.json,
  }),
  async run({ app, name, env, strict }, { host, color, wire }) {
    const workspace = await openWorkspace(host.cwd);
    requireApplication(app, workspace);
    const provider = env === "local" ? await (await wire()).provider(env) : undefined;
    const validation = await validateWorkspace({ workspace, name, env, strict, provider, variables: host.env });
    return {
      text: renderValidation(validation, paint(color.stdout)),
      json: validation,
      exitCode: validation.failed ? 1 : 0,
    };
  },
});
