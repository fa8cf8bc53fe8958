import { execFile } from "node:child_process";
import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  PutImageCommand,
} from "@aws-sdk/client-ecr";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { describeWithRegistry } from "../../support/aws/describe-with-registry.ts";
import { buildBusyboxImage, removeImage } from "../../support/busybox-image.ts";
import { docker } from "../../support/docker.ts";

describeWithRegistry("ECR with a real registry behind it", (aws, registry) => {
  let session: AwsSession;
  const made: string[] = [];
  beforeEach(async () => {
    await aws.reset();
    session = new AwsSession({ region: "us-west-2" });
  });
  afterEach(async () => {
    session.close();
    for (const reference of made.splice(0)) await removeImage(reference);
  });
  const ecr = () => session.client(ECRClient);

  async function repository(imageTagMutability: "MUTABLE" | "IMMUTABLE" = "MUTABLE"): Promise<string> {
    const { repository: { repositoryUri = "" } = {} } = await ecr().send(
      new CreateRepositoryCommand({ repositoryName: "shop/api", imageTagMutability }),
    );
    return repositoryUri;
  }

  async function login(): Promise<void> {
    const { authorizationData: [{ authorizationToken = "", proxyEndpoint = "" } = {}] = [] } = await ecr().send(
      new GetAuthorizationTokenCommand({}),
    );
    const [user = "", password = ""] = Buffer.from(authorizationToken, "base64").toString().split(":");
    await new Promise<void>((resolve, reject) => {
      const child = execFile("docker", ["login", "--username", user, "--password-stdin", proxyEndpoint], (error) =>
        error ? reject(error) : resolve(),
      );
      child.stdin?.end(password);
    });
  }

  async function image(reference: string, text: string): Promise<string> {
    made.push(reference);
    return buildBusyboxImage(reference, { files: { "/text": text }, command: ["/bin/cat", "/text"] });
  }

  test("what docker pushes, ECR describes, and docker pulls it back; nobody else may", async () => {
    const uri = await repository();
    expect(uri).toBe(`${registry.host}/shop/api`);
    await image(`${uri}:v1`, "one");
    await expect(docker("push", `${uri}:v1`)).rejects.toThrow("no basic auth credentials");
    await login();
    const pushed = await docker("push", `${uri}:v1`);
    const { imageDetails: [detail] = [] } = await ecr().send(new DescribeImagesCommand({ repositoryName: "shop/api" }));
    expect(detail).toMatchObject({ imageTags: ["v1"], imageDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
    expect(pushed).toContain(`digest: ${detail?.imageDigest}`);
    await removeImage(`${uri}:v1`);
    await docker("pull", "--quiet", `${uri}@${detail?.imageDigest}`);
    made.push(`${uri}@${detail?.imageDigest}`);
    expect(await docker("run", "--rm", `${uri}@${detail?.imageDigest}`)).toBe("one");
  });

  test("a repository has to be made first, and its images are gone when they are deleted", async () => {
    await login();
    const reference = `${registry.host}/shop/other:v1`;
    await image(reference, "other");
    await expect(docker("push", reference)).rejects.toThrow(
      "name unknown: The repository with name 'shop/other' does not exist in the registry with id '123456789012'",
    );
    await ecr().send(new CreateRepositoryCommand({ repositoryName: "shop/other" }));
    await docker("push", reference);
    await ecr().send(new BatchDeleteImageCommand({ repositoryName: "shop/other", imageIds: [{ imageTag: "v1" }] }));
    await expect(docker("pull", reference)).rejects.toThrow("manifest unknown: Requested image not found");
  });

  test("a tag moves and leaves its former image behind, unless the repository's tags cannot be moved", async () => {
    await login();
    for (const mutability of ["MUTABLE", "IMMUTABLE"] as const) {
      await aws.reset();
      const uri = await repository(mutability);
      await image(`${uri}:v1`, "one");
      await docker("push", `${uri}:v1`);
      await image(`${uri}:v1`, "two");
      const push = docker("push", `${uri}:v1`);
      if (mutability === "MUTABLE") await push;
      else await expect(push).rejects.toThrow("cannot be overwritten because the tag is immutable");
      const { imageDetails = [] } = await ecr().send(new DescribeImagesCommand({ repositoryName: "shop/api" }));
      expect(imageDetails.map(({ imageTags }) => imageTags)).toEqual(
        mutability === "MUTABLE" ? [undefined, ["v1"]] : [["v1"]],
      );
    }
  });

  test("a tag that was given through ECR alone can be pulled", async () => {
    await login();
    const uri = await repository();
    await image(`${uri}:v1`, "one");
    await docker("push", `${uri}:v1`);
    const asked = { repositoryName: "shop/api", imageIds: [{ imageTag: "v1" }] };
    const { images: [found] = [] } = await ecr().send(new BatchGetImageCommand(asked));
    await ecr().send(
      new PutImageCommand({
        repositoryName: "shop/api",
        imageManifest: found?.imageManifest,
        imageManifestMediaType: found?.imageManifestMediaType,
        imageTag: "v2",
      }),
    );
    registry.forgetRequests();
    await docker("pull", "--quiet", `${uri}:v2`);
    made.push(`${uri}:v2`);
    expect(registry.requests).toContain(`GET /v2/shop/api/manifests/${found?.imageId?.imageDigest} 200`);
  });
});
