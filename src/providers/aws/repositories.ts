import type { Repositories } from "../account/repositories.ts";
import type { AwsSession } from "./session.ts";

/** Repositories of the account that a session opens; ECR's client is loaded when one is asked for. */
export function createRepositories(session: AwsSession): Repositories {
  const registry = async () => new (await import("./repositories/elastic-registry.ts")).ElasticRegistry(session);
  return {
    find: async (names, region) => (await registry()).find(names, region),
    create: async (repository) => (await registry()).create(repository),
    setUp: async (repository) => (await registry()).setUp(repository),
    login: async (where) => (await registry()).login(where),
    images: async (repository, references) => (await registry()).images(repository, references),
    empty: async (name, region) => (await registry()).empty(name, region),
    tag: async (repository, image, tag) => (await registry()).tag(repository, image, tag),
    scanFindings: async (repository, digest, options) => (await registry()).scanFindings(repository, digest, options),
  };
}
