import * as z from "zod";
import { quoted } from "../words.ts";
import {
  checkedText,
  filledText,
  flag,
  list,
  mapOf,
  strictText,
  templatePart,
  text,
  withFacts,
  word,
} from "./fields.ts";

const sourceProviders = ["GitHub", "GitHubV1", "Bitbucket", "CodeCommit"] as const;

/** A part of the name of the pipeline's stack. */
const name = () =>
  checkedText((value) => {
    if (value === "") return { message: "must not be empty" };
    if (value.length > 100) return { message: `must have 100 characters at most, not ${value.length}` };
    if (/^[A-Za-z0-9-]+$/.test(value)) return undefined;
    const hint = "a pipeline is a stack of CloudFormation, and its name is part of the stack's";
    return { message: `may only have letters, digits and dashes, not ${quoted(value)}`, hint };
  });

const version = () =>
  withFacts(
    z.int().check(({ value, issues }) => {
      if (value === 1) return;
      const message = `must be 1, the only version there is, not ${value}`;
      issues.push({ code: "custom", input: value, message });
    }),
    { looks: { values: [1] } },
  );

const source = () =>
  z.object({
    provider: withFacts(word(sourceProviders), { whenMissing: "write `provider: GitHub`" }),
    properties: withFacts(
      z.object({
        branch: strictText().optional(),
        repository: withFacts(strictText(), {
          whenMissing: "give the repository's address: `repository: https://github.com/OWNER/REPOSITORY`",
        }),
        access_token_secret: strictText().optional(),
        connection_name: strictText().optional(),
        connection_arn: strictText().optional(),
        output_artifact_format: word(["CODE_ZIP", "CODEBUILD_CLONE_REF"]).optional(),
      }),
      { whenMissing: "add `properties` with the `repository` and its `branch`" },
    ),
  });

const build = () =>
  z.object({
    image: text().optional(),
    buildspec: text().optional(),
    additional_policy: z.object({ PolicyDocument: templatePart().optional() }).optional(),
  });

const action = () =>
  z.object({
    buildspec: withFacts(filledText(), {
      whenMissing: "give the file with the commands: `buildspec: copilot/pipelines/NAME/migrate.yml`",
    }),
    depends_on: list(text()).optional(),
  });

const deployment = () =>
  z.object({
    stack_name: text().optional(),
    template_path: text().optional(),
    template_config: text().optional(),
    depends_on: list(text()).optional(),
  });

const stage = () =>
  z.object({
    name: withFacts(filledText(), { whenMissing: "give the name of an environment: `name: test`" }),
    requires_approval: flag().optional(),
    pre_deployments: mapOf(action()).optional(),
    deployments: mapOf(deployment()).optional(),
    post_deployments: mapOf(action()).optional(),
    test_commands: list(text()).optional(),
  });

/** `copilot/pipelines/NAME/manifest.yml`, and `copilot/pipeline.yml` of older workspaces. */
export const pipelineManifest = () =>
  z.object({
    name: withFacts(name(), { whenMissing: "give the pipeline a name: `name: release`" }),
    version: withFacts(version(), { whenMissing: "write `version: 1`" }),
    source: withFacts(source(), {
      whenMissing: "say where the code is: `source: { provider: GitHub, properties: … }`",
    }),
    build: build().optional(),
    stages: withFacts(list(stage()), {
      whenMissing: "list the environments to deploy to: `stages: [{ name: test }]`",
    }),
  });
