import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DescribeStacksCommand, CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { BatchGetImageCommand, ECRClient } from "@aws-sdk/client-ecr";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { describeWithRegistry } from "../support/aws/describe-with-registry.ts";
import { runCli } from "../support/run-cli.ts";
import { serviceFolder } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";

const secret = "hunter2";

describeWithRegistry("svc package --upload-assets", (aws, registry) => {
  test("what a template names is on AWS, under the addresses in its parameters", async () => {
    const { folder } = await serviceFolder(
      "api",
      { command: ["/bin/sh", "-c", "sleep 1000"] },
      "image: { build: Dockerfile, port: 8080 }\nenv_file: api.env\n",
      "Backend Service",
    );
    const addons = join(folder, "copilot/api/addons");
    await mkdir(addons, { recursive: true });
    await writeFile(join(folder, "api.env"), `TOKEN=${secret}\n`);
    const table = "Resources: { Queue: { Type: AWS::SQS::Queue } }\nOutputs: { QueueUrl: { Value: !Ref Queue } }\n";
    const parameters = "Parameters: { App: { Type: String }, Env: { Type: String }, Name: { Type: String } }\n";
    await writeFile(join(addons, "queue.yml"), parameters + table);
    const app = /application: (\S+)/.exec(await readFile(join(folder, "copilot/.workspace"), "utf8"))?.[1] ?? "";
    const home = await simulatorHome();
    const env = { ...aws.env, ...registry.env, CI: "true" };
    const run = async (...argv: string[]) => {
      const result = await runCli(argv, { cwd: folder, home, env });
      expect(result.code, `${argv.join(" ")}\n${result.stderr}`).toBe(0);
      expect(result.stderr + result.stdout).not.toContain(secret);
      return result;
    };
    await run("app", "init", app);
    await run("env", "init", "-n", "test", "--default-config");
    await run("env", "deploy", "-n", "test");
    const packaging = ["svc", "package", "-n", "api", "-e", "test", "--output-dir", "infrastructure", "--tag", "v1"];
    const first = await run(...packaging, "--upload-assets");
    expect(first.stderr).toMatch(/^wrote infrastructure\/api-test\.params\.json$/m);
    const written = await readFile(join(folder, "infrastructure/api-test.params.json"), "utf8");
    const { Parameters } = JSON.parse(written) as { Parameters: Record<string, string> };
    // The image is the one that the repository has by that tag.
    const { ContainerImage = "", EnvFileARN = "", AddonsTemplateURL = "" } = Parameters;
    const [repository = "", digest] = ContainerImage.split("@");
    expect(repository).toBe(`${registry.host}/${app}/api`);
    const { images = [] } = await aws
      .client(ECRClient)
      .send(new BatchGetImageCommand({ repositoryName: `${app}/api`, imageIds: [{ imageTag: "v1" }] }));
    expect(images[0]?.imageId?.imageDigest).toBe(digest);
    // The files are where the parameters say.
    const read = async (Bucket: string, Key: string) => {
      const { Body, ServerSideEncryption } = await aws.client(S3Client).send(new GetObjectCommand({ Bucket, Key }));
      return [await Body?.transformToString(), ServerSideEncryption];
    };
    const [, envBucket = "", envKey = ""] = /^arn:aws:s3:::([^/]+)\/(.*\.env)$/.exec(EnvFileARN) ?? [];
    expect(await read(envBucket, envKey)).toEqual([`TOKEN=${secret}\n`, "aws:kms"]);
    const address = new URL(AddonsTemplateURL);
    const [uploaded] = await read(address.hostname.split(".")[0] ?? "", address.pathname.slice(1));
    expect(uploaded).toBe(await readFile(join(folder, "infrastructure/api.addons.stack.yml"), "utf8"));
    // Nothing was deployed but what the workload needs, and once more there is nothing to upload or push.
    const { Stacks = [] } = await aws.client(CloudFormationClient).send(new DescribeStacksCommand({}));
    expect(Stacks.map(({ StackName }) => StackName)).not.toContain(`${app}-test-api`);
    const pushes = () => registry.requests.filter((request) => /^(PUT|POST|PATCH)/.test(request)).length;
    const before = pushes();
    await run(...packaging, "--upload-assets");
    expect(pushes()).toBe(before);
    expect(await readFile(join(folder, "infrastructure/api-test.params.json"), "utf8")).toBe(written);
  });
});
