import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BatchGetImageCommand, DescribeRepositoriesCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { AwsEmulator } from "./emulator.ts";
import { type AwsAnswer, type AwsCall, Front, type Layer } from "./front.ts";
import { type RegistryProcess, startRegistryProcess } from "./registry-process.ts";

const json = { "content-type": "application/json" };

/** ECR with a real registry behind it. The emulator's ECR knows which repositories and images there are; Debian's
 *  docker-registry keeps their layers and speaks the registry's protocol. What ECR does on top of that protocol stands here:
 *  a repository has to be made first, a tag may not be movable, what was deleted is gone.
 *  Source: Amazon ECR user guide, "Registry authentication", "Image tag mutability", "Troubleshooting". */
export class Registry {
  readonly #aws: AwsEmulator;
  readonly #front = new Front();
  readonly #password = randomBytes(24).toString("base64url");
  #process: RegistryProcess | undefined;
  #dockerConfig = "";
  #ecr!: ECRClient;

  constructor(aws: AwsEmulator) {
    this.#aws = aws;
  }

  /** The emulator runs. */
  async start(): Promise<void> {
    this.#ecr = this.#aws.client(ECRClient);
    this.#process = await startRegistryProcess({ name: "AWS", password: this.#password });
    this.#front.layers = [(call, pass) => this.#asElasticRegistry(call, pass)];
    await this.#front.start(this.#process.url);
    this.#dockerConfig = mkdtempSync(join(tmpdir(), "pf-docker-"));
    writeFileSync(join(this.#dockerConfig, "config.json"), "{}");
    this.#aws.install(this.#answers);
  }

  async end(): Promise<void> {
    await Promise.all([this.#front.end(), this.#process?.end()]);
    if (this.#dockerConfig !== "") rmSync(this.#dockerConfig, { recursive: true, force: true });
  }

  /** `127.0.0.1:41234`, in the place of `123456789012.dkr.ecr.us-west-2.amazonaws.com`. */
  get host(): string {
    return new URL(this.#front.url).host;
  }

  /** For the docker client: a folder of its own, where nobody is logged in. */
  get env(): Record<string, string> {
    return { DOCKER_CONFIG: this.#dockerConfig };
  }

  /** The password that GetAuthorizationToken gives, to look for in places where it must not be. */
  get password(): string {
    return this.#password;
  }

  /** What docker and others asked of the registry: `PUT /v2/shop/api/manifests/v1 201`. */
  get requests(): string[] {
    return this.#front.calls.map(({ request: { method, url }, status }) => `${method} ${url.split("?")[0]} ${status}`);
  }

  forgetRequests(): void {
    this.#front.calls.length = 0;
  }

  /** ECR's answers name this registry instead of the account's. */
  readonly #answers: Layer = async (call, pass) => {
    if (call.service !== "ecr") return pass();
    if (call.action === "GetAuthorizationToken") return this.#authorization();
    const answer = await pass();
    const text = answer.body.toString("utf8").replaceAll(/\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/g, this.host);
    const { "content-length": _, ...headers } = answer.headers;
    return { ...answer, headers, body: Buffer.from(text) };
  };

  #authorization(): AwsAnswer {
    const data = {
      authorizationToken: Buffer.from(`AWS:${this.#password}`).toString("base64"),
      expiresAt: Date.now() / 1000 + 12 * 3600,
      proxyEndpoint: `http://${this.host}`,
    };
    const headers = { "content-type": "application/x-amz-json-1.1" };
    return { status: 200, headers, body: Buffer.from(JSON.stringify({ authorizationData: [data] })) };
  }

  async #asElasticRegistry({ request }: AwsCall, pass: () => Promise<AwsAnswer>): Promise<AwsAnswer> {
    const [, repository, kind, rest] = /^\/v2\/(.+?)\/(manifests|blobs|tags)\/([^?]*)/.exec(request.url) ?? [];
    const isKnown = request.headers["authorization"] === `Basic ${btoa(`AWS:${this.#password}`)}`;
    // Whoever is not known is told so by the registry itself.
    if (repository === undefined || rest === undefined || !isKnown) return pass();
    const names = { repositoryNames: [repository] };
    const found = await this.#ecr.send(new DescribeRepositoriesCommand(names)).catch(() => undefined);
    if (found === undefined)
      return refusal(
        404,
        "NAME_UNKNOWN",
        `The repository with name '${repository}' does not exist in the registry with id '${AwsEmulator.account}'`,
      );
    if (kind !== "manifests") return pass();
    if (request.method === "PUT") return this.#putManifest(repository, rest, request, pass);
    if (request.method !== "GET" && request.method !== "HEAD") return pass();
    const imageId = rest.includes(":") ? { imageDigest: rest } : { imageTag: rest };
    const { images = [] } = await this.#ecr.send(
      new BatchGetImageCommand({ repositoryName: repository, imageIds: [imageId] }),
    );
    const digest = images[0]?.imageId?.imageDigest;
    if (digest === undefined) return refusal(404, "MANIFEST_UNKNOWN", "Requested image not found");
    request.url = `/v2/${repository}/manifests/${digest}`;
    return pass();
  }

  /** The registry takes it under its digest, so that a tag is ECR's alone. */
  async #putManifest(
    repositoryName: string,
    reference: string,
    request: AwsCall["request"],
    pass: () => Promise<AwsAnswer>,
  ): Promise<AwsAnswer> {
    const answer = await pass();
    if (answer.status !== 201) return answer;
    const put = new PutImageCommand({
      repositoryName,
      imageManifest: request.body.toString("utf8"),
      imageManifestMediaType: String(request.headers["content-type"]),
      ...(!reference.includes(":") && { imageTag: reference }),
    });
    const refused = await this.#ecr.send(put).then(
      () => undefined,
      (error: Error) => error,
    );
    if (refused === undefined || refused.name === "ImageAlreadyExistsException") return answer;
    return refusal(400, refused.name.includes("Tag") ? "TAG_INVALID" : "MANIFEST_INVALID", refused.message);
  }
}

function refusal(status: number, code: string, message: string): AwsAnswer {
  return { status, headers: json, body: Buffer.from(JSON.stringify({ errors: [{ code, message }] })) };
}
