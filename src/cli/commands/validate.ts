import * as z from "zod/mini";
import { openWorkspace } from "../../actions/open-workspace.ts";
import { validateWorkspace } from "../../actions/validate-workspace.ts";
import { annotateDiagnostics } from "../ci/annotate.ts";
import { appendSummary } from "../ci/step-summary.ts";
import { viewOf } from "../choose/environment.ts";
import { requireApplication } from "../choose/workload.ts";
import { command } from "../command.ts";
import { flags, toggle } from "../flags.ts";
import { paint } from "../render/paint.ts";
import { validationMarkdown } from "../render/validation-markdown.ts";
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
  async run({ app, name, env, strict }, context) {
    const { host, color } = context;
    const workspace = await openWorkspace(host.cwd);
    requireApplication(app, workspace);
    const view = env === undefined ? {} : await viewOf(env, workspace, context);
    const validation = await validateWorkspace({ workspace, name, env, ...view, strict, variables: host.env });
    annotateDiagnostics(validation.diagnostics, context);
    await appendSummary(context, () => validationMarkdown(validation));
    return {
      text: renderValidation(validation, paint(color.stdout)),
      json: validation,
      exitCode: validation.failed ? 1 : 0,
    };
  },
});
