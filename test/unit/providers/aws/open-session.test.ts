import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openSession, type SessionRequest } from "../../../../src/providers/aws/open-session.ts";
import { folderWith } from "../../../support/files.ts";
import { answering, told } from "./answering.ts";

/** The environment of the process, which the SDK reads, as the session is given it. */
const ours = /^(AWS_|GITHUB_ACTIONS$)/;

beforeEach(() => {
  for (const name of Object.keys(process.env))
    if (ours.test(name) && !name.includes("WARNING")) vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
});

afterEach(() => {
  vi.unstubAllEnvs();
});

async function opened(
  files: Record<string, string>,
  env: Record<string, string>,
  request: Partial<SessionRequest> = {},
) {
  const folder = await folderWith({ "home/": "", ...files });
  const all = {
    HOME: `${folder}/home`,
    AWS_CONFIG_FILE: `${folder}/config`,
    AWS_SHARED_CREDENTIALS_FILE: `${folder}/credentials`,
    ...env,
  };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
  return openSession({ env: all, ...request });
}

const keys = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
const config = `[default]\nregion = eu-north-1\n[profile work]\nregion = eu-west-3\n[profile bare]\noutput = json\n`;

test("the region is a flag's, then the environment's, then the profile's", async () => {
  const region = async (env: Record<string, string>, request: Partial<SessionRequest> = {}) =>
    (await opened({ config }, env, request)).region;
  expect([
    await region({ AWS_REGION: "us-east-1" }, { region: "ap-south-1", profile: "work" }),
    await region({ AWS_REGION: "us-east-1", AWS_DEFAULT_REGION: "us-east-2" }, { profile: "work" }),
    await region({ AWS_REGION: "", AWS_DEFAULT_REGION: "us-east-2" }),
    await region({ AWS_PROFILE: "default" }, { profile: "work" }),
    await region({ AWS_PROFILE: "work" }),
    await region({}),
  ]).toEqual(["ap-south-1", "us-east-1", "us-east-2", "eu-west-3", "eu-west-3", "eu-north-1"]);
});

test("no region, no such region and no such profile are told before anything is asked", async () => {
  const seen = [
    await told(opened({}, keys)),
    await told(opened({ config }, {}, { profile: "bare" })),
    await told(opened({}, { ...keys, AWS_REGION: "eu west/1" })),
    await told(opened({ config }, { AWS_REGION: "eu-west-1", AWS_PROFILE: "wrok" })),
    await told(opened({}, { ...keys, AWS_REGION: "eu-west-1" }, { profile: "work" })),
  ];
  expect(seen.join("\n\n")).toMatchInlineSnapshot(`
    "aws/no-region  no region of AWS is set
    hint: export AWS_REGION=eu-west-1

    aws/no-region  no region of AWS is set
    hint: aws configure set region eu-west-1 --profile bare

    aws/unknown-region  "eu west/1" is no region of AWS
    hint: export AWS_REGION=eu-west-1

    aws/unknown-profile  there is no profile wrok in the configuration files of AWS
    hint: use one of default, work, bare

    aws/unknown-profile  there is no profile work in the configuration files of AWS
    hint: aws configure --profile work"
  `);
});

/** What the first call comes to, with the key id that it was signed with. */
async function firstCall(
  files: Record<string, string>,
  env: Record<string, string>,
  request: Partial<SessionRequest> = {},
) {
  const session = await opened(files, { AWS_REGION: "eu-west-1", ...env }, request);
  const client = session.client(STSClient);
  const { accessKeyId } = await client.config.credentials();
  session.close();
  return accessKeyId;
}

test("a profile of a flag counts before keys in the environment, and these before AWS_PROFILE", async () => {
  const credentials = "[work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = s\n";
  expect([
    await firstCall({ credentials }, keys, { profile: "work" }),
    await firstCall({ credentials }, { ...keys, AWS_PROFILE: "work" }),
    await firstCall({ credentials }, { AWS_PROFILE: "work" }),
    await firstCall({ credentials }, keys, { keys: { accessKeyId: "AKIATYPED", secretAccessKey: "s" } }),
  ]).toEqual(["AKIAWORK", "AKIAIOSFODNN7EXAMPLE", "AKIAWORK", "AKIATYPED"]);
});

test("credentials that are not there, have expired, or cannot be had are told with what to type", async () => {
  const printed = vi.spyOn(console, "warn");
  const sso = `[profile sso]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = dev\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n`;
  const process = `[profile broken]\ncredential_process = sh -c 'echo token is IQoJb3JpZ2luX2VjE${"a".repeat(60)} >&2; exit 3'\n`;
  const role = `[profile mfa]\nrole_arn = arn:aws:iam::123456789012:role/ops\nsource_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/ann\n[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n`;
  const seen = [];
  for (const [files, env, request] of [
    [{}, {}],
    [{ config }, {}],
    [{ config }, {}, { profile: "bare" }],
    [{}, { GITHUB_ACTIONS: "true" }],
    [{ config: sso }, { AWS_PROFILE: "sso" }],
    [{ config: process }, { AWS_PROFILE: "broken" }],
    [{ config: role }, { AWS_PROFILE: "mfa" }],
    [{}, { AWS_WEB_IDENTITY_TOKEN_FILE: "/nowhere/token", AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/ci" }],
  ] as [Record<string, string>, Record<string, string>, Partial<SessionRequest>?][])
    seen.push(await told(firstCall(files, env, request)));
  expect(seen.join("\n\n")).toMatchInlineSnapshot(`
    "aws/no-credentials  there are no credentials of AWS
    hint: aws configure

    aws/no-credentials  there are no credentials of AWS
    hint: export AWS_PROFILE=work
    profiles: work, bare

    aws/no-credentials  the profile bare has no credentials
    hint: aws configure --profile bare

    aws/no-credentials  there are no credentials of AWS
    hint: add the step aws-actions/configure-aws-credentials with role-to-assume, and permissions: id-token: write

    aws/expired  the session of IAM Identity Center (SSO) of the profile sso has expired or was never begun
    hint: aws sso login --profile sso

    aws/no-credentials  the credential_process of the profile broken gives no credentials
    hint: aws sts get-caller-identity --profile broken

    aws/no-credentials  the role of the profile mfa asks for a code of arn:aws:iam::123456789012:mfa/ann, and nobody can be asked here
    hint: aws sts get-session-token --profile mfa

    aws/no-credentials  the token that AWS_WEB_IDENTITY_TOKEN_FILE names is not there: /nowhere/token
    hint: unset AWS_WEB_IDENTITY_TOKEN_FILE"
  `);
  expect(printed).not.toHaveBeenCalled();
});

test("a role that asks for a code gets it from whoever can be asked", async () => {
  const withDevice = `[profile mfa]\nrole_arn = arn:aws:iam::123456789012:role/ops\nsource_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/ann\n[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n`;
  const { url } = await answering([
    {
      body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    },
  ]);
  const asked: string[] = [];
  const mfaCode = async (serial: string) => {
    asked.push(serial);
    return "123456";
  };
  const env = { AWS_PROFILE: "mfa", AWS_ENDPOINT_URL: url };
  expect(await firstCall({ config: withDevice }, env, { mfaCode })).toBe("ASIAROLE");
  expect(asked).toEqual(["arn:aws:iam::123456789012:mfa/ann"]);
});

test("a machine without a metadata service hears so within two seconds, however many calls wait for it", async () => {
  // An address of the documentation range: nothing answers, nothing refuses.
  const session = await opened(
    {},
    {
      AWS_REGION: "eu-west-1",
      AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://192.0.2.1",
      AWS_EC2_METADATA_DISABLED: "",
    },
  );
  const begun = performance.now();
  const calls = [1, 2, 3].map(() => told(session.client(STSClient).send(new GetCallerIdentityCommand({}))));
  expect(new Set(await Promise.all(calls)).size).toBe(1);
  expect(performance.now() - begun).toBeLessThan(2500);
  session.close();
});
