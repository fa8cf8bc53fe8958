import * as z from "zod/mini";
import { describeWorkload } from "../../../actions/describe-workload.ts";
import { chooseDeployed } from "../../choose/workload.ts";
import { command } from "../../command.ts";
import { flags } from "../../flags.ts";
import { paint } from "../../render/paint.ts";
import { renderWorkloadStatus } from "../../render/workload-status.ts";

export const svcStatus = command({
  name: "svc status",
  summary: "Shows the deployments, tasks and health of a deployed service.",
  input: z.object({
    app: flags.app,
    name: flags.workload,
    env: flags.environment,
    local: flags.local,
    aws: flags.aws,
    json: flags.json,
  }),
  async run(input, context) {
    const { on, ...workload } = await chooseDeployed(input, context);
    const provider = await (await context.wire()).provider(on);
    const status = await describeWorkload(workload, { provider });
    return {
      text: renderWorkloadStatus(status, context.host.now(), paint(context.color.stdout)).join("\n"),
      json: status,
    };
  },
});
