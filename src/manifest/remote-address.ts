import { parseRepository, providerOf, type Repository, type SourceProvider } from "./repository.ts";

export interface RemoteRepository extends Repository {
  provider: Exclude<SourceProvider, "GitHubV1">;
  /** As manifests of pipelines have it. */
  address: string;
}

/** The repository that a remote of git is, whatever way it is fetched: `git@github.com:shop/web.git`,
 *  `https://github.com/shop/web`, `codecommit::eu-west-1://web`. Undefined for one on another host. */
export function remoteRepository(remote: string): RemoteRepository | undefined {
  const address = consoleAddress(remote.trim());
  const provider = address === undefined ? undefined : providerOf(address);
  if (address === undefined || provider === undefined || provider === "GitHubV1") return undefined;
  const repository = parseRepository(provider, address);
  return repository && { ...repository, provider, address };
}

function consoleAddress(remote: string): string | undefined {
  const hosted =
    /^(?:https?:\/\/(?:[^@/]+@)?|ssh:\/\/git@|git@)(github\.com|bitbucket\.org)[/:]([^/]+)\/([^/]+?)(?:\.git)?\/?$/;
  const [, host, owner, name] = hosted.exec(remote) ?? [];
  if (host !== undefined) return `https://${host}/${owner}/${name}`;
  const cloned =
    /^(?:https|ssh):\/\/(?:[^@/]+@)?git-codecommit\.([^./]+)\.amazonaws\.com(?:\.cn)?\/v1\/repos\/([^/]+)$/;
  const helper = /^codecommit(?:::([^:/]+))?:\/\/(?:[^@/]+@)?([^/]+)$/;
  const [, region, repository] = cloned.exec(remote) ?? helper.exec(remote) ?? [];
  if (region !== undefined)
    return `https://${region}.console.aws.amazon.com/codesuite/codecommit/repositories/${repository}/browse`;
  return remote.startsWith("https://") ? remote : undefined;
}
