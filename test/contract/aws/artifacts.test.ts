import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createArtifacts } from "../../../src/providers/aws/artifacts.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { refusal } from "../../support/refusal.ts";

/** S3's answers to HeadObject and PutObject, as the Amazon S3 API Reference has them: an object that is not there is 404,
 *  or 403 for whoever may not list the bucket; a bucket that is not there is 404 with the code NoSuchBucket. */
const bucket = { name: "stackset-shop-infrastr-pipelinebuiltartifactbucket-1abc", mayList: true };
const objects = new Map<string, { body: string; headers: Record<string, unknown> }>();
let requests: string[] = [];
const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url ?? "", "http://s3").pathname);
  requests.push(`${request.method} ${path}`);
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const noBucket = !path.startsWith(`/${bucket.name}/`);
    if (request.method === "HEAD")
      return response.writeHead(!noBucket && objects.has(path) ? 200 : bucket.mayList ? 404 : 403).end();
    if (noBucket)
      return response
        .writeHead(404, { "content-type": "application/xml" })
        .end("<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message></Error>");
    objects.set(path, { body: Buffer.concat(chunks).toString(), headers: request.headers });
    return response.writeHead(200).end();
  });
});

const where = {
  bucket: bucket.name,
  kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  region: "eu-west-1",
};

const session = () =>
  new AwsSession({
    region: "us-east-1",
    credentials: async () => ({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" }),
  });

beforeEach(async () => {
  objects.clear();
  requests = [];
  bucket.mayList = true;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test("a file is uploaded once, encrypted with the application's key, and is known by its address", async () => {
  const artifacts = createArtifacts(session());
  const files = [
    { key: "manual/env-files/prod.env/0a1b.env", body: "A=1" },
    { key: "local-assets/2c3d", body: async () => Buffer.from("<html>"), contentType: "text/html" },
  ];
  expect(await artifacts.upload(files, where)).toMatchInlineSnapshot(`
    [
      {
        "arn": "arn:aws:s3:::stackset-shop-infrastr-pipelinebuiltartifactbucket-1abc/manual/env-files/prod.env/0a1b.env",
        "key": "manual/env-files/prod.env/0a1b.env",
        "uploaded": true,
        "url": "https://stackset-shop-infrastr-pipelinebuiltartifactbucket-1abc.s3.eu-west-1.amazonaws.com/manual/env-files/prod.env/0a1b.env",
      },
      {
        "arn": "arn:aws:s3:::stackset-shop-infrastr-pipelinebuiltartifactbucket-1abc/local-assets/2c3d",
        "key": "local-assets/2c3d",
        "uploaded": true,
        "url": "https://stackset-shop-infrastr-pipelinebuiltartifactbucket-1abc.s3.eu-west-1.amazonaws.com/local-assets/2c3d",
      },
    ]
  `);
  expect(
    [...objects].map(([path, { body, headers }]) => ({
      path,
      body,
      type: headers["content-type"],
      encryption: headers["x-amz-server-side-encryption"],
      key: headers["x-amz-server-side-encryption-aws-kms-key-id"],
    })),
  ).toMatchInlineSnapshot(`
    [
      {
        "body": "A=1",
        "encryption": "aws:kms",
        "key": "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "path": "/stackset-shop-infrastr-pipelinebuiltartifactbucket-1abc/manual/env-files/prod.env/0a1b.env",
        "type": "application/octet-stream",
      },
      {
        "body": "<html>",
        "encryption": "aws:kms",
        "key": "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "path": "/stackset-shop-infrastr-pipelinebuiltartifactbucket-1abc/local-assets/2c3d",
        "type": "text/html",
      },
    ]
  `);
  requests = [];
  const again = await artifacts.upload(
    files.map((file) => ({
      ...file,
      body: () => {
        throw new Error("nobody asks for what is there");
      },
    })),
    where,
  );
  expect(again.map(({ uploaded }) => uploaded)).toEqual([false, false]);
  expect(requests.toSorted()).toMatchInlineSnapshot(`
    [
      "HEAD /stackset-shop-infrastr-pipelinebuiltartifactbucket-1abc/local-assets/2c3d",
      "HEAD /stackset-shop-infrastr-pipelinebuiltartifactbucket-1abc/manual/env-files/prod.env/0a1b.env",
    ]
  `);
});

test("two files with the same content are one object", async () => {
  const file = { key: "local-assets/2c3d", body: "same" };
  const uploaded = await createArtifacts(session()).upload([file, file], where);
  expect([uploaded.length, requests]).toMatchInlineSnapshot(`
    [
      2,
      [
        "HEAD /stackset-shop-infrastr-pipelinebuiltartifactbucket-1abc/local-assets/2c3d",
        "PUT /stackset-shop-infrastr-pipelinebuiltartifactbucket-1abc/local-assets/2c3d",
      ],
    ]
  `);
});

test("who may not list the bucket uploads all the same", async () => {
  bucket.mayList = false;
  const [uploaded] = await createArtifacts(session()).upload([{ key: "local-assets/2c3d", body: "x" }], where);
  expect(uploaded?.uploaded).toBe(true);
});

test("addresses are those of the region's partition", async () => {
  const china = { ...where, region: "cn-north-1" };
  const [uploaded] = await createArtifacts(session()).upload([{ key: "manual/addons/api/1.yml", body: "x" }], china);
  expect(uploaded).toMatchInlineSnapshot(`
    {
      "arn": "arn:aws-cn:s3:::stackset-shop-infrastr-pipelinebuiltartifactbucket-1abc/manual/addons/api/1.yml",
      "key": "manual/addons/api/1.yml",
      "uploaded": true,
      "url": "https://stackset-shop-infrastr-pipelinebuiltartifactbucket-1abc.s3.cn-north-1.amazonaws.com.cn/manual/addons/api/1.yml",
    }
  `);
});

test("a bucket that is not there is told with what makes it", async () => {
  const missing = { ...where, bucket: "gone" };
  expect(await refusal(createArtifacts(session()).upload([{ key: "local-assets/2c3d", body: "x" }], missing)))
    .toMatchInlineSnapshot(`
    "artifacts/no-bucket: the application's bucket gone is not in eu-west-1
      pilotfish app upgrade"
  `);
});
