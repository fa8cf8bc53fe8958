import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { parseKnownFiles } from "@smithy/core/config";
import { unknownRegion } from "./explain.ts";
import { explainCredentials, unknownProfile } from "./failures/credentials.ts";
import { noRegion } from "./no-region.ts";
import { proxyAgent } from "./proxy-agent.ts";
import { isRegionName } from "./regions.ts";
import { AwsSession, type Credentials, silent } from "./session.ts";

export interface SessionRequest {
  /** The environment of the process; the SDK reads further settings of its own from it. */
  env: Readonly<Record<string, string | undefined>>;
  /** Of the shared configuration files; counts before keys in the environment. */
  profile?: string;
  region?: string;
  /** Keys that were typed. */
  keys?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** Asks for the code of a device, for profiles whose role wants one; absent where nobody can be asked. */
  mfaCode?: (serial: string) => Promise<string>;
}

/** Milliseconds for each of the two questions to the metadata service of EC2, which does not answer anywhere else. */
const metadataTimeout = 750;

/** The session of whom the flags or the environment name, as the AWS CLI finds credentials: keys that were typed, the profile
 *  of a flag, keys in the environment, AWS_PROFILE, then the SDK's chain (SSO, processes, roles, web identity as CI hands
 *  it out, containers, EC2). Nothing is asked of AWS before the first call.
 *  @throws UserError aws/no-region, aws/unknown-region, aws/unknown-profile; the first call: aws/no-credentials, aws/expired */
export async function openSession(request: SessionRequest): Promise<AwsSession> {
  const { env, keys } = request;
  const fixed = keys ?? (request.profile === undefined ? keysIn(env) : undefined);
  const named = request.profile ?? value(env["AWS_PROFILE"]) ?? value(env["AWS_DEFAULT_PROFILE"]);
  const files = filesOf(env);
  const profiles = await parseKnownFiles(files);
  // With keys of their own, a profile that somebody has set is good for its region only.
  if (named !== undefined && profiles[named] === undefined && fixed === undefined)
    throw unknownProfile(named, profiles);

  const profile = named ?? "default";
  const region =
    request.region ?? value(env["AWS_REGION"]) ?? value(env["AWS_DEFAULT_REGION"]) ?? profiles[profile]?.["region"];
  if (region === undefined) throw noRegion(named);
  if (!isRegionName(region)) throw unknownRegion(region);
  const httpsAgent = proxyAgent(env);
  if (fixed !== undefined) return new AwsSession({ region, credentials: async () => fixed, httpsAgent });

  const chain = fromNodeProviderChain({
    ...files,
    ...(named !== undefined && { profile: named }),
    timeout: metadataTimeout,
    clientConfig: { region, logger: silent, ...(httpsAgent && { requestHandler: { httpsAgent } }) },
    logger: silent,
    ...(request.mfaCode !== undefined && { mfaCodeProvider: request.mfaCode }),
  });
  const credentials: Credentials = async (options) => {
    try {
      return await chain(options);
    } catch (error) {
      throw explainCredentials(error, { profile: named, profiles, env });
    }
  };
  return new AwsSession({ region, credentials, profile: named, httpsAgent });
}

/** As the SDK reads them; a half of a pair is none. */
function keysIn(env: SessionRequest["env"]): SessionRequest["keys"] {
  const accessKeyId = value(env["AWS_ACCESS_KEY_ID"]);
  const secretAccessKey = value(env["AWS_SECRET_ACCESS_KEY"]);
  const sessionToken = value(env["AWS_SESSION_TOKEN"]);
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}

function filesOf(env: SessionRequest["env"]): { filepath?: string; configFilepath?: string } {
  const filepath = value(env["AWS_SHARED_CREDENTIALS_FILE"]);
  const configFilepath = value(env["AWS_CONFIG_FILE"]);
  return { ...(filepath !== undefined && { filepath }), ...(configFilepath !== undefined && { configFilepath }) };
}

/** A variable that is set to nothing is not set. */
function value(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
