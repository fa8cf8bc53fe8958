/** A repository as an address of it says: an owner where its provider has owners, and its name. */
export interface Repository {
  owner: string;
  name: string;
}

export type SourceProvider = "GitHub" | "GitHubV1" | "Bitbucket" | "CodeCommit";

const forms: Record<SourceProvider, { pattern: RegExp; example: string }> = {
  GitHub: {
    pattern: /^(?:https:\/\/github\.com\/)?(?<owner>[^\s/:@]+)\/(?<name>[^\s/]+)$/,
    example: "https://github.com/OWNER/REPOSITORY",
  },
  GitHubV1: {
    pattern: /^(?:https:\/\/github\.com\/)?(?<owner>[^\s/:@]+)\/(?<name>[^\s/]+)$/,
    example: "https://github.com/OWNER/REPOSITORY",
  },
  Bitbucket: {
    pattern: /^https:\/\/bitbucket\.org\/(?<owner>[^\s/]+)\/(?<name>[^\s/]+)$/,
    example: "https://bitbucket.org/OWNER/REPOSITORY",
  },
  CodeCommit: {
    pattern:
      /^https:\/\/(?:[^\s/.]+\.console\.aws\.amazon\.com\/codesuite\/codecommit\/repositories\/(?<name>[^\s/]+)\/browse|git-codecommit\.[^\s/.]+\.amazonaws\.com\/v1\/repos\/(?<cloned>[^\s/]+)$)/,
    example: "https://REGION.console.aws.amazon.com/codesuite/codecommit/repositories/REPOSITORY/browse",
  },
};

/** What an address names; undefined for one that a provider does not have. `OWNER/REPOSITORY` is GitHub's too. Of
 *  CodeCommit's two, Copilot's documentation shows the one to clone from, and its code takes the one of the console. */
export function parseRepository(provider: SourceProvider, address: string): Repository | undefined {
  const { owner = "", cloned, name = cloned } = forms[provider].pattern.exec(address)?.groups ?? {};
  return name === undefined ? undefined : { owner, name };
}

/** What addresses of a provider look like. */
export function repositoryForm(provider: SourceProvider): string {
  return forms[provider].example;
}

/** The provider that an address is of, whatever the manifest says. */
export function providerOf(address: string): SourceProvider | undefined {
  if (!address.startsWith("https://")) return undefined;
  return (["GitHub", "Bitbucket", "CodeCommit"] as const).find((each) => parseRepository(each, address) !== undefined);
}
