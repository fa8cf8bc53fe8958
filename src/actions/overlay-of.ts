import type { EnvironmentRef, Provider } from "../providers/provider.ts";

/** The environment whose overlay of the manifests counts in this one: itself, unless it was made like another. */
export async function overlayOf({ app, env }: EnvironmentRef, provider: Provider): Promise<string> {
  const environments = await provider.listEnvironments(app);
  return environments.find(({ name }) => name === env)?.like ?? env;
}
