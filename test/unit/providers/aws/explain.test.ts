import { CloudFormationClient, CreateChangeSetCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { CreateRoleCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test, vi } from "vitest";
import type { AwsSession } from "../../../../src/providers/aws/session.ts";
import { type Answer, answering, told, wire } from "./answering.ts";

/** Error bodies as the services' API references and the IAM User Guide show them. */
const user = "arn:aws:iam::123456789012:user/ann";

const describe = new DescribeServicesCommand({ cluster: "shop", services: ["api"] });
const stacks = new DescribeStacksCommand({ StackName: "shop-test" });

test("an action that is denied is told with who, what, on what, and the statement that allows it", async () => {
  const { session } = await answering([
    wire.json(
      "AccessDeniedException",
      `User: ${user} is not authorized to perform: ecs:UpdateService on resource: arn:aws:ecs:eu-west-1:123456789012:service/shop/api because no identity-based policy allows the ecs:UpdateService action`,
    ),
  ]);
  expect(await told(session.client(ECSClient).send(new UpdateServiceCommand({ service: "api" }))))
    .toMatchInlineSnapshot(`
      "aws/denied  arn:aws:iam::123456789012:user/ann may not do ecs:UpdateService on arn:aws:ecs:eu-west-1:123456789012:service/shop/api
      hint: allow this in one of their policies, then run it again
      {
        "Effect": "Allow",
        "Action": "ecs:UpdateService",
        "Resource": "arn:aws:ecs:eu-west-1:123456789012:service/shop/api"
      }"
    `);
});

test("IAM's and EC2's own ways to write a denial are understood", async () => {
  const iam = await answering([
    wire.query(
      "AccessDenied",
      `User: ${user} is not authorized to perform: iam:GetRole on resource: role shop-role`,
      403,
    ),
  ]);
  expect(await told(iam.session.client(IAMClient).send(new GetRoleCommand({ RoleName: "shop-role" }))))
    .toMatchInlineSnapshot(`
      "aws/denied  arn:aws:iam::123456789012:user/ann may not do iam:GetRole on arn:aws:iam::123456789012:role/shop-role
      hint: allow this in one of their policies, then run it again
      {
        "Effect": "Allow",
        "Action": "iam:GetRole",
        "Resource": "arn:aws:iam::123456789012:role/shop-role"
      }"
    `);
  const ec2 = await answering([
    wire.ec2(
      "UnauthorizedOperation",
      `You are not authorized to perform this operation. User: ${user} is not authorized to perform: ec2:DescribeVpcs because no identity-based policy allows the ec2:DescribeVpcs action. Encoded authorization failure message: ${"x1Y2-".repeat(30)}`,
    ),
  ]);
  expect(await told(ec2.session.client(EC2Client).send(new DescribeVpcsCommand({})))).toMatchInlineSnapshot(`
    "aws/denied  arn:aws:iam::123456789012:user/ann may not do ec2:DescribeVpcs
    hint: allow this in one of their policies, then run it again
    {
      "Effect": "Allow",
      "Action": "ec2:DescribeVpcs",
      "Resource": "*"
    }"
  `);
  const encoded = await answering([
    wire.ec2(
      "UnauthorizedOperation",
      `You are not authorized to perform this operation. Encoded authorization failure message: ${"x1Y2-".repeat(8)}`,
    ),
  ]);
  expect(await told(encoded.session.client(EC2Client).send(new DescribeVpcsCommand({})))).toMatchInlineSnapshot(`
    "aws/denied  the credentials may not do ec2:DescribeVpcs
    hint: aws sts decode-authorization-message --query DecodedMessage --output text --encoded-message x1Y2-x1Y2-x1Y2-x1Y2-x1Y2-x1Y2-x1Y2-x1Y2-
    {
      "Effect": "Allow",
      "Action": "ec2:DescribeVpcs",
      "Resource": "*"
    }"
  `);
});

test("S3 says nothing about what it denies: the call does", async () => {
  const get = await answering([wire.rest("AccessDenied", "Access Denied")]);
  const object = { Bucket: "artifacts", Key: "manual/env-files/a.env" };
  expect(await told(get.session.client(S3Client).send(new GetObjectCommand(object)))).toMatchInlineSnapshot(`
    "aws/denied  the credentials may not do s3:GetObject on artifacts/manual/env-files/a.env
    hint: allow this in one of their policies, then run it again
    {
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "*"
    }"
  `);
  const head = await answering([{ status: 403 }]);
  expect(await told(head.session.client(S3Client).send(new HeadObjectCommand(object)))).toMatchInlineSnapshot(`
    "aws/denied  the credentials may not do s3:GetObject on artifacts/manual/env-files/a.env
    hint: allow this in one of their policies, then run it again
    {
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "*"
    }"
  `);
});

test("what another kind of policy denies is said to be no matter of one's own", async () => {
  const scp = await answering([
    wire.json(
      "AccessDeniedException",
      `User: ${user} is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:eu-west-1:123456789012:parameter/copilot with an explicit deny in a service control policy`,
    ),
  ]);
  expect(await told(scp.session.client(SSMClient).send(new GetParameterCommand({ Name: "/copilot" }))))
    .toMatchInlineSnapshot(`
    "aws/denied  arn:aws:iam::123456789012:user/ann may not do ssm:GetParameter on arn:aws:ssm:eu-west-1:123456789012:parameter/copilot: a service control policy denies it expressly
    hint: ask whoever keeps that service control policy: another policy cannot allow it"
  `);
  const boundary = await answering([
    wire.query(
      "AccessDenied",
      `User: ${user} is not authorized to perform: cloudformation:DescribeStacks on resource: arn:aws:cloudformation:eu-west-1:123456789012:stack/shop-test/* because no permissions boundary allows the cloudformation:DescribeStacks action`,
      403,
    ),
  ]);
  expect(await told(boundary.session.client(CloudFormationClient).send(stacks))).toMatchInlineSnapshot(`
    "aws/denied  arn:aws:iam::123456789012:user/ann may not do cloudformation:DescribeStacks on arn:aws:cloudformation:eu-west-1:123456789012:stack/shop-test/*
    hint: allow this in the permissions boundary, then run it again
    {
      "Effect": "Allow",
      "Action": "cloudformation:DescribeStacks",
      "Resource": "arn:aws:cloudformation:eu-west-1:123456789012:stack/shop-test/*"
    }"
  `);
});

test("credentials that have expired, are not valid or are signed at the wrong time", async () => {
  const failures: [string, Answer][] = [
    ["expired, query", wire.query("ExpiredToken", "The security token included in the request is expired", 403)],
    ["unknown key", wire.query("InvalidClientTokenId", "The security token included in the request is invalid.", 403)],
    [
      "wrong secret",
      wire.query(
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. The Canonical String for this request should have been 'POST / x-amz-security-token:IQoJb3JpZ2luX2VjE'",
        403,
      ),
    ],
    [
      "wrong clock",
      wire.query(
        "SignatureDoesNotMatch",
        "Signature expired: 20260101T000000Z is now earlier than 20260101T010000Z (20260101T011500Z - 15 min.)",
        403,
      ),
    ],
    [
      "region off",
      wire.query(
        "RegionDisabledException",
        "STS is not activated in this region for account:123456789012. Your account administrator can activate STS in this region using the IAM Console.",
        403,
      ),
    ],
  ];
  const seen = [];
  for (const [name, answer] of failures) {
    const { session } = await answering([answer]);
    seen.push(`# ${name}\n${await told(session.client(STSClient).send(new GetCallerIdentityCommand({})))}`);
  }
  const json = await answering([
    wire.json("ExpiredTokenException", "The security token included in the request is expired"),
  ]);
  seen.push(`# expired, JSON\n${await told(json.session.client(ECSClient).send(describe))}`);
  const ec2 = await answering(
    [wire.ec2("AuthFailure", "AWS was not able to validate the provided access credentials", 401)],
    { region: "me-south-1" },
  );
  seen.push(
    `# unknown in a region that must be switched on\n${await told(ec2.session.client(EC2Client).send(new DescribeVpcsCommand({})))}`,
  );
  expect(seen.join("\n\n")).toMatchInlineSnapshot(`
    "# expired, query
    aws/expired  the credentials have expired
    hint: get new ones into AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or: aws sso login

    # unknown key
    aws/invalid-credentials  the credentials are not valid: AWS does not know them
    hint: aws sts get-caller-identity

    # wrong secret
    aws/invalid-credentials  the credentials are not valid: the secret access key does not go with the access key id
    hint: aws sts get-caller-identity

    # wrong clock
    aws/clock  the clock of this machine and AWS's differ too much for a signature
    hint: timedatectl set-ntp true

    # region off
    aws/region-disabled  the region eu-west-1 is not switched on for this account: STS is not activated in this region for account:123456789012. Your account administrator can activate STS in this region using the IAM Console.
    hint: aws account enable-region --region-name eu-west-1

    # expired, JSON
    aws/expired  the credentials have expired
    hint: get new ones into AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or: aws sso login

    # unknown in a region that must be switched on
    aws/invalid-credentials  the credentials are not valid: AWS does not know them, or the region me-south-1 is not switched on for the account
    hint: aws sts get-caller-identity"
  `);
});

test("throttled calls are tried again, and said to be when that does not help", async () => {
  const soon = await answering([
    wire.query("Throttling", "Rate exceeded"),
    wire.query("Throttling", "Rate exceeded"),
    wire.query("ValidationError", "Stack with id shop-test does not exist"),
  ]);
  expect(await told(soon.session.client(CloudFormationClient).send(stacks))).toMatchInlineSnapshot(`
    "aws/not-found  CloudFormation in eu-west-1 lacks what DescribeStacks of shop-test needs: Stack with id shop-test does not exist
    hint: see whether somebody has deleted it, and whether account and region are right: aws sts get-caller-identity"
  `);
  expect(soon.count()).toBe(3);
  const never = await answering([wire.json("ThrottlingException", "Rate exceeded")]);
  expect(await told(never.session.client(ECSClient).send(describe))).toMatchInlineSnapshot(`
    "aws/throttled  ECS in eu-west-1 is asked too often: DescribeServices was refused 8 times
    hint: wait for a minute, then run it again"
  `);
});

test("a quota that is used up is told at once", async () => {
  const { session, count } = await answering([
    wire.query("LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000", 409),
  ]);
  const create = new CreateRoleCommand({ RoleName: "shop-role", AssumeRolePolicyDocument: "{}" });
  expect(await told(session.client(IAMClient).send(create))).toMatchInlineSnapshot(`
    "aws/quota  IAM in eu-west-1 is at a limit: Cannot exceed quota for RolesPerAccount: 1000
    hint: aws service-quotas list-service-quotas --region eu-west-1 --service-code iam"
  `);
  expect(count()).toBe(1);
});

test("names that are taken, things that are gone, and services that are busy or down", async () => {
  const seen: string[] = [];
  const see = async (answer: Answer, send: (session: AwsSession) => Promise<unknown>) => {
    const { session } = await answering([answer]);
    seen.push(await told(send(session)));
  };
  await see(wire.rest("BucketAlreadyExists", "The requested bucket name is not available.", 409), (session) =>
    session.client(S3Client).send(new CreateBucketCommand({ Bucket: "shop" })),
  );
  await see(wire.query("EntityAlreadyExists", "Role with name shop-role already exists.", 409), (session) =>
    session.client(IAMClient).send(new CreateRoleCommand({ RoleName: "shop-role", AssumeRolePolicyDocument: "{}" })),
  );
  await see(wire.json("com.amazonaws.ecs#ClusterNotFoundException", "Cluster not found."), (session) =>
    session.client(ECSClient).send(describe),
  );
  await see(wire.json("ParameterNotFound"), (session) =>
    session.client(SSMClient).send(new GetParameterCommand({ Name: "/copilot/applications/shop" })),
  );
  await see(wire.query("NoSuchEntity", "The role with name shop-role cannot be found.", 404), (session) =>
    session.client(IAMClient).send(new GetRoleCommand({ RoleName: "shop-role" })),
  );
  await see(wire.query("OperationInProgressException", "Another operation is in progress"), (session) =>
    session.client(CloudFormationClient).send(stacks),
  );
  await see(wire.json("ServerException", "Service Unavailable. Please try again later.", 500), (session) =>
    session.client(ECSClient).send(describe),
  );
  await see({ status: 503, type: "text/html", body: "<html><body>Service Unavailable</body></html>" }, (session) =>
    session.client(CloudFormationClient).send(stacks),
  );
  await see(wire.query("ValidationError", "Template format error: unsupported structure."), (session) =>
    session.client(CloudFormationClient).send(stacks),
  );
  expect(seen.join("\n\n")).toMatchInlineSnapshot(`
    "aws/conflict  S3 has shop already: The requested bucket name is not available.
    hint: take another name, or remove what is there

    aws/conflict  IAM has shop-role already: Role with name shop-role already exists.
    hint: take another name, or remove what is there

    aws/not-found  ECS in eu-west-1 lacks what DescribeServices of api needs: Cluster not found.
    hint: see whether somebody has deleted it, and whether account and region are right: aws sts get-caller-identity

    aws/not-found  SSM in eu-west-1 lacks what GetParameter of /copilot/applications/shop needs: ParameterNotFound
    hint: see whether somebody has deleted it, and whether account and region are right: aws sts get-caller-identity

    aws/not-found  IAM in eu-west-1 lacks what GetRole of shop-role needs: The role with name shop-role cannot be found.
    hint: see whether somebody has deleted it, and whether account and region are right: aws sts get-caller-identity

    aws/busy  CloudFormation is still at work on shop-test: Another operation is in progress
    hint: wait until that is done, then run it again

    aws/unavailable  ECS in eu-west-1 fails: DescribeServices answered 500 8 times
    hint: see https://health.aws.amazon.com/health/status, then run it again
    Service Unavailable. Please try again later.

    aws/unavailable  CloudFormation in eu-west-1 fails: DescribeStacks answered 503 8 times
    hint: see https://health.aws.amazon.com/health/status, then run it again

    aws/refused  CloudFormation in eu-west-1 refused DescribeStacks of shop-test: Template format error: unsupported structure."
  `);
});

const portal: Answer = {
  type: "text/html; charset=utf-8",
  body: "<!DOCTYPE html><html><head><meta charset=utf-8></head><body>Log in</body></html>",
};

test("a page of HTML is not taken for an answer, whatever the protocol, also where it could be read as one", async () => {
  const seen: string[] = [];
  for (const ask of [
    (session: AwsSession) => session.client(ECSClient).send(describe),
    (session: AwsSession) => session.client(CloudFormationClient).send(stacks),
    (session: AwsSession) => session.client(CloudWatchClient).send(new DescribeAlarmsCommand({})),
    (session: AwsSession) => session.client(S3Client).send(new CreateBucketCommand({ Bucket: "shop" })),
  ]) {
    const { session } = await answering([portal]);
    seen.push(await told(ask(session)));
  }
  const moved = await answering([{ status: 302, headers: { location: "http://portal.example/" } }]);
  seen.push(await told(moved.session.client(ECSClient).send(describe)));
  const proxy = await answering([
    { status: 403, type: "text/html", body: "<html><body>Denied by policy</body></html>" },
  ]);
  seen.push(await told(proxy.session.client(ECSClient).send(describe)));
  expect(seen.join("\n\n")).toMatchInlineSnapshot(`
    "aws/malformed-answer  what answered for ECS in eu-west-1 is not AWS (status 200, Unexpected token '<', "<!DOCTYPE "... is not valid JSON)
    hint: see whether a proxy or the log-in page of a network stands in between, then run it again

    aws/malformed-answer  what answered for CloudFormation in eu-west-1 is not AWS (status 200, @aws-sdk XML parse error: unexpected end of input.)
    hint: see whether a proxy or the log-in page of a network stands in between, then run it again

    aws/malformed-answer  what answered for CloudWatch in eu-west-1 is not AWS (status 200, Unexpected token '<', "<!DOCTYPE "... is not valid JSON)
    hint: see whether a proxy or the log-in page of a network stands in between, then run it again

    aws/malformed-answer  what answered for S3 in eu-west-1 is not AWS (status 200, a page of HTML)
    hint: see whether a proxy or the log-in page of a network stands in between, then run it again

    aws/malformed-answer  what answered for ECS in eu-west-1 is not AWS (status 302, UnknownError)
    hint: see whether a proxy or the log-in page of a network stands in between, then run it again

    aws/malformed-answer  what answered for ECS in eu-west-1 is not AWS (status 403, Unexpected token '<', "<html><bod"... is not valid JSON)
    hint: see whether a proxy or the log-in page of a network stands in between, then run it again"
  `);
});

test("an answer that is cut off or empty is asked for again where nothing is changed by it", async () => {
  const good: Answer = { type: "application/x-amz-json-1.1", body: `{"services":[{"serviceName":"api"}]}` };
  const reads = await answering([{ ...good, body: `{"services":[` }, { ...good, body: "" }, "reset", portal, good]);
  const { services } = await reads.session.client(ECSClient).send(describe);
  expect([services?.[0]?.serviceName, reads.count()]).toEqual(["api", 5]);
  const writes = await answering([
    { body: "<CreateChangeSetResponse><Create" },
    { body: "<CreateChangeSetResponse/>" },
  ]);
  const change = new CreateChangeSetCommand({ StackName: "shop-test", ChangeSetName: "a" });
  expect(await told(writes.session.client(CloudFormationClient).send(change))).toMatchInlineSnapshot(`
    "aws/malformed-answer  what answered for CloudFormation in eu-west-1 is not AWS (status 200, @aws-sdk XML parse error: unexpected end of input.)
    hint: see whether a proxy or the log-in page of a network stands in between, then run it again"
  `);
  expect(writes.count()).toBe(1);
});

test("a connection that breaks off, is refused or has no name to go to", async () => {
  const reset = await answering(["reset"]);
  const seen = [await told(reset.session.client(ECSClient).send(describe))];
  expect(reset.count()).toBe(8);
  for (const [url, region] of [
    ["http://127.0.0.1:1", "eu-west-1"],
    [reset.url.replace("http:", "https:"), "eu-west-1"],
    ["http://ecs.eu-west-1.nowhere.invalid", "eu-west-1"],
    ["http://ecs.eu-wset-1.nowhere.invalid", "eu-wset-1"],
  ] as const) {
    const { session } = await answering([], { region });
    vi.stubEnv("AWS_ENDPOINT_URL", url);
    seen.push(await told(session.client(ECSClient).send(describe)));
  }
  expect(seen.join("\n\n").replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")).toMatchInlineSnapshot(`
    "aws/network  ECS in eu-west-1 broke off the connection while it was asked for DescribeServices
    hint: run it again

    aws/network  ECS in eu-west-1 cannot be reached: 127.0.0.1:PORT refuses the connection (ECONNREFUSED)
    hint: AWS_ENDPOINT_URL is set: see that something listens there, or unset AWS_ENDPOINT_URL

    aws/network  ECS in eu-west-1 cannot be asked: what answers there does not speak TLS
    hint: AWS_ENDPOINT_URL is set: see that something listens there, or unset AWS_ENDPOINT_URL

    aws/network  ECS in eu-west-1 cannot be reached: the name ecs.eu-west-1.nowhere.invalid is not found
    hint: look at the network, then run it again

    aws/unknown-region  no ECS answers in eu-wset-1: ecs.eu-wset-1.nowhere.invalid is not known
    hint: aws account list-regions --query 'Regions[].RegionName'"
  `);
});

test("where nothing listens, it is tried three times and no more", async () => {
  const { session } = await answering([]);
  vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
  const error: unknown = await session
    .client(ECSClient)
    .send(describe)
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "ECONNREFUSED", $metadata: { attempts: 3 } });
});

test("no key, token, signature or header is told", async () => {
  const token = `IQoJb3JpZ2luX2VjE${"Aa0/".repeat(20)}`;
  const { session } = await answering([
    wire.json(
      "ValidationException",
      [
        `Authorization=AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/eu-west-1/ecs/aws4_request, Signature=0123abcd`,
        `https://b.s3.amazonaws.com/k?X-Amz-Security-Token=${encodeURIComponent(token)}&X-Amz-Signature=0123abcd`,
        `x-amz-security-token:${token}`,
        `aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY`,
        `eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl`,
        `https://ann:hunter2@proxy.example`,
      ].join("\n"),
    ),
  ]);
  expect(await told(session.client(ECSClient).send(describe))).toMatchInlineSnapshot(`
    "aws/refused  ECS in eu-west-1 refused DescribeServices of api: Authorization=***
    https://b.s3.amazonaws.com/k?X-Amz-Security-Token=***
    x-amz-security-token:***
    aws_secret_access_key = ***
    ***
    https://***@proxy.example"
  `);
});

test("what does not come from AWS stays what it is", async () => {
  expect(await told(Promise.reject(new TypeError("x is not a function")))).toBe(
    "no UserError: TypeError: x is not a function",
  );
});
