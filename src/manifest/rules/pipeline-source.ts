import { parseRepository, providerOf, repositoryForm, type SourceProvider } from "../repository.ts";
import { quoted } from "../words.ts";
import { pipelineRule, type ReadPipelineManifest } from "./pipeline-rule.ts";

/** `GitHub` with a token is the provider that older manifests mean by it. */
export function providerMeant({
  provider,
  properties,
}: NonNullable<ReadPipelineManifest["source"]>): SourceProvider | undefined {
  const hasToken = properties?.access_token_secret !== undefined;
  // The schema takes no other word.
  return provider === "GitHub" && hasToken ? "GitHubV1" : (provider as SourceProvider | undefined);
}

/** The repository's address is one of the provider's. */
export const repositoryAddress = pipelineRule(
  "pipeline/repository",
  ["source.provider", "source.properties.repository", "source.properties.access_token_secret"],
  ({ source }, report) => {
    const provider = source && providerMeant(source);
    const address = source?.properties?.repository;
    if (provider === undefined || address === undefined || parseRepository(provider, address)) return;
    const other = providerOf(address);
    const hint =
      other === undefined ? `write it as \`${repositoryForm(provider)}\`` : `write \`provider: ${other}\` for it`;
    report("source.properties.repository", `${quoted(address)} is no repository of ${provider}`, { hint });
  },
);

/** With a token, the secret that holds it is named. */
export const sourceToken = pipelineRule(
  "pipeline/token",
  ["source.provider", "source.properties.access_token_secret"],
  ({ source }, report) => {
    if (!source || providerMeant(source) !== "GitHubV1" || source.properties?.access_token_secret) return;
    report("source.properties.access_token_secret", "GitHubV1 needs the secret that holds a token of GitHub's", {
      hint: "give its name in Secrets Manager: `access_token_secret: NAME`, or use `provider: GitHub` with a connection",
    });
  },
);

type Property = "access_token_secret" | "connection_name" | "connection_arn" | "output_artifact_format";

const byToken = "with a token, CodePipeline takes a ZIP file of the repository and needs no connection";

/** The properties that a provider does nothing with, and why. */
const withoutEffect: Record<SourceProvider, Partial<Record<Property, string>>> = {
  GitHub: {},
  GitHubV1: { connection_name: byToken, connection_arn: byToken, output_artifact_format: byToken },
  Bitbucket: { access_token_secret: "Bitbucket is reached through a connection" },
  CodeCommit: {
    access_token_secret: "CodeCommit is reached with the pipeline's role",
    connection_name: "CodeCommit is reached with the pipeline's role",
    connection_arn: "CodeCommit is reached with the pipeline's role",
  },
};

export const sourceNoEffect = pipelineRule(
  "pipeline/no-effect",
  ["source.provider", "source.properties/**"],
  ({ source }, report) => {
    const provider = source && providerMeant(source);
    if (provider === undefined) return;
    const properties = source?.properties ?? {};
    const reasons = { ...withoutEffect[provider] };
    if (properties.connection_name !== undefined)
      reasons.connection_arn ??= "`connection_name` says which connection it is";
    for (const [property, hint] of Object.entries(reasons))
      if (properties[property as Property] !== undefined)
        report(["source", "properties", property], `${quoted(property)} has no effect`, { hint, severity: "warning" });
  },
);

/** In manifests of pipelines Copilot leaves `${NAME}` as it stands. */
export const noVariables = pipelineRule("pipeline/variable", [], ({ source, build, stages }, report) => {
  const texts: [path: (string | number)[], text: string | undefined][] = [
    ...Object.entries(source?.properties ?? {}).map(([key, text]): [string[], string | undefined] => [
      ["source", "properties", key],
      text,
    ]),
    [["build", "image"], build?.image],
    [["build", "buildspec"], build?.buildspec],
    ...(stages ?? []).map((stage, i): [(string | number)[], string | undefined] => [
      ["stages", i, "name"],
      stage?.name,
    ]),
  ];
  for (const [path, text] of texts) {
    const [variable] = /\$\{\w+\}/.exec(text ?? "") ?? [];
    if (variable !== undefined)
      report(path, `${quoted(variable)} stays as it stands: variables do not count in manifests of pipelines`, {
        hint: "write the value itself",
        severity: "warning",
      });
  }
});
