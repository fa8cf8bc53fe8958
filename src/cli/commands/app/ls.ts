import * as z from "zod/mini";
import { listApplications } from "../../../actions/list-environments.ts";
import { openWorkspaceIfAny } from "../../../actions/open-workspace.ts";
import { askAwsToo } from "../../choose/aws-too.ts";
import { command } from "../../command.ts";
import { flags } from "../../flags.ts";
import { clean } from "../../render/clean.ts";

export const appLs = command({
  name: "app ls",
  summary: "Lists the applications of this folder, of this machine and of the AWS account.",
  input: z.object({ json: flags.json }),
  async run(_input, context) {
    const workspace = await openWorkspaceIfAny(context.host.cwd);
    const provider = await (await context.wire()).provider("local");
    const asked = await askAwsToo(({ records }) => records.listApplications(), undefined, context);
    const onAws = asked?.answer.map(({ name }) => name);
    const applications = await listApplications({ provider, workspace, onAws });
    return { text: applications.map(clean).join("\n"), json: { applications } };
  },
});
