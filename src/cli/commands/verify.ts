import * as z from "zod/mini";
import { verifyWorkload } from "../../actions/verify-workload.ts";
import { appendSummary } from "../ci/step-summary.ts";
import { chooseFromWorkspace } from "../choose/workload.ts";
import { command } from "../command.ts";
import { flags } from "../flags.ts";
import { paint } from "../render/paint.ts";
import { verificationMarkdown } from "../render/verification-markdown.ts";
import { renderVerification } from "../render/verification.ts";

export const verify = command({
  name: "verify",
  summary: "Looks for what a deploy would fail for: roles, images, secrets, subnets, quotas.",
  input: z.object({
    app: flags.app,
    name: flags.workload,
    env: flags.environment,
    local: flags.local,
    aws: flags.aws,
    json: flags.json,
  }),
  examples: ["pilotfish verify -n api -e test"],
  async run(input, context) {
    const { name, env, on, workspace } = await chooseFromWorkspace(input, context);
    const wire = await context.wire();
    const backing =
      on === "local" ? { on, provider: await wire.provider("local") } : { on, account: () => wire.account() };
    const tools = { workspace, backing, variables: context.host.env };
    const verification = await verifyWorkload({ name, env }, tools);
    await appendSummary(context, () => verificationMarkdown(verification));
    return {
      text: renderVerification(verification, paint(context.color.stdout)).join("\n"),
      json: verification,
      exitCode: verification.passed ? 0 : 1,
    };
  },
});
