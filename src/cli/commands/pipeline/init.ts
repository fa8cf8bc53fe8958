import * as z from "zod/mini";
import { initPipeline } from "../../../actions/init-pipeline.ts";
import { initWorkflow } from "../../../actions/init-workflow.ts";
import { openWorkspace } from "../../../actions/open-workspace.ts";
import { pipelineDefaults } from "../../../actions/pipeline-defaults.ts";
import { chooseNewPipeline } from "../../choose/new-pipeline.ts";
import { requireApplication } from "../../choose/workload.ts";
import { command } from "../../command.ts";
import { choice, flags, list, text } from "../../flags.ts";
import { fileLine } from "../../render/file-line.ts";

export const pipelineInit = command({
  name: "pipeline init",
  summary: "Writes a pipeline: for CodePipeline, or as a workflow of GitHub Actions.",
  input: z.object({
    app: flags.app,
    name: flags.pipelineName,
    provider: choice(["CodePipeline", "GitHubActions"], {
      name: "provider",
      value: "PROVIDER",
      description: "What runs it: CodePipeline, or GitHubActions.",
    }),
    url: text({
      name: "url",
      short: "u",
      value: "URL",
      description: "Address of the repository; without it, origin's.",
    }),
    githubUrl: text({ name: "github-url", value: "URL", description: "The same, by its older name." }),
    branch: text({
      name: "git-branch",
      short: "b",
      value: "BRANCH",
      description: "Branch that starts it; without it, the one that is checked out.",
    }),
    environments: list({
      name: "environments",
      short: "e",
      value: "NAMES",
      description: "Environments to deploy to, in this order: test,prod.",
      completes: "environment",
    }),
    type: choice(["Workloads", "Environments"], {
      name: "pipeline-type",
      short: "p",
      value: "TYPE",
      description: "What it deploys: Workloads, or Environments.",
    }),
  }),
  exclusive: [["url", "githubUrl"]],
  examples: [
    "pipeline init --provider GitHubActions --environments test,prod",
    "pipeline init --name release --environments test,prod --url https://github.com/example/shop",
  ].map((line) => `pilotfish ${line}`),
  async run({ app, provider = "CodePipeline", url, githubUrl, ...input }, context) {
    const { host, version } = context;
    const workspace = await openWorkspace(host.cwd);
    requireApplication(app, workspace);
    const found = await pipelineDefaults(workspace);
    const onGitHub = provider === "GitHubActions";
    const name = onGitHub ? "deploy" : nameFrom(`${workspace.application}-${input.branch ?? found.branch}`);
    const given = { ...input, url: url ?? githubUrl };
    const { url: address = "", ...pipeline } = await chooseNewPipeline(given, { ...found, name }, !onGitHub, context);
    const tools = { workspace, packageRoot: host.packageRoot, cwd: host.cwd, version };
    if (!onGitHub) {
      const files = await initPipeline({ ...pipeline, url: address }, tools);
      return {
        text: [
          ...files.map(fileLine),
          "",
          `commit and push them, then: pilotfish pipeline deploy --name ${pipeline.name}`,
        ].join("\n"),
      };
    }
    const { files, roleCommand, arnCommand } = await initWorkflow(
      { ...pipeline, ...(address !== "" && { url: address }) },
      tools,
    );
    return {
      text: [
        ...files.map(fileLine),
        "",
        "make the role that it takes on, from the repository's folder:",
        `  ${roleCommand}`,
        "tell the repository its ARN and the application's region:",
        `  gh variable set AWS_ROLE_ARN --body "$(${arnCommand})"`,
        "  gh variable set AWS_REGION --body eu-west-1",
        "then commit and push the files; each environment may have required reviewers on GitHub",
      ].join("\n"),
    };
  },
});

function nameFrom(words: string): string {
  return words
    .replace(/[^A-Za-z0-9]+/g, "-")
    .slice(0, 100)
    .replace(/-$/, "");
}
