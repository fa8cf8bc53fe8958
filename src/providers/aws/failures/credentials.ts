import { UserError } from "../../../errors.ts";
import { redact } from "./redact.ts";

type Profiles = Readonly<Record<string, Readonly<Record<string, string | undefined>>>>;

interface Circumstances {
  /** The one that was named; absent: the default one, if there is one. */
  profile: string | undefined;
  profiles: Profiles;
  env: Readonly<Record<string, string | undefined>>;
}

/** Why no credentials were found, from what the SDK's chain says; an error of another kind is answered as it is. */
export function explainCredentials(error: unknown, { profile, profiles, env }: Circumstances): unknown {
  if (!(error instanceof Error)) return error;
  const settings = profiles[profile ?? "default"] ?? {};
  const text = redact(error.message);
  const flag = profile === undefined ? "" : ` --profile ${profile}`;
  const whose = profile === undefined ? "" : ` of the profile ${profile}`;
  const none = (message: string, hint: string, details: string[] = []) =>
    new UserError("aws/no-credentials", message, { hint, details, cause: error });

  if (
    /\bSSO\b/.test(error.message) ||
    settings["sso_start_url"] !== undefined ||
    settings["sso_session"] !== undefined
  ) {
    if (!/Provider/.test(error.name) || /Incomplete|invalid SSO credentials|missing required|Conflicting/.test(text))
      return error;
    return new UserError(
      "aws/expired",
      `the session of IAM Identity Center (SSO)${whose} has expired or was never begun`,
      {
        hint: `aws sso login${flag}`,
        cause: error,
      },
    );
  }
  if (settings["login_session"] !== undefined && /Provider/.test(error.name))
    return new UserError("aws/expired", `the login${whose} has expired`, { hint: `aws login${flag}`, cause: error });
  if (/multi-factor authentication/.test(text))
    return none(
      `the role${whose} asks for a code of ${settings["mfa_serial"] ?? "a device"}, and nobody can be asked here`,
      `aws sts get-session-token${flag}`,
    );
  if (settings["credential_process"] !== undefined && /Provider/.test(error.name))
    return none(
      `the credential_process${whose} gives no credentials`,
      `aws sts get-caller-identity${flag}`,
      detailsOf(text),
    );
  if ("code" in error && error.code === "ENOENT" && env["AWS_WEB_IDENTITY_TOKEN_FILE"] !== undefined)
    return none(
      `the token that AWS_WEB_IDENTITY_TOKEN_FILE names is not there: ${env["AWS_WEB_IDENTITY_TOKEN_FILE"]}`,
      "unset AWS_WEB_IDENTITY_TOKEN_FILE",
    );
  if (
    error.name !== "CredentialsProviderError" &&
    error.name !== "ProviderError" &&
    error.name !== "TokenProviderError"
  )
    return error;

  const names = Object.keys(profiles).filter((name) => !name.includes("."));
  if (profile !== undefined)
    return none(`the profile ${profile} has no credentials`, `aws configure${flag}`, detailsOf(text));
  if (env["GITHUB_ACTIONS"] === "true")
    return none(
      "there are no credentials of AWS",
      "add the step aws-actions/configure-aws-credentials with role-to-assume, and permissions: id-token: write",
    );
  const others = names.filter((name) => name !== "default");
  return none(
    "there are no credentials of AWS",
    others.length === 0 ? "aws configure" : `export AWS_PROFILE=${others[0]}`,
    others.length < 2 ? [] : [`profiles: ${others.join(", ")}`],
  );
}

export function unknownProfile(profile: string, profiles: Profiles): UserError {
  const names = Object.keys(profiles).filter((name) => !name.includes("."));
  return new UserError("aws/unknown-profile", `there is no profile ${profile} in the configuration files of AWS`, {
    hint: names.length === 0 ? `aws configure --profile ${profile}` : `use one of ${names.join(", ")}`,
  });
}

/** The SDK's own sentence, where it says more than that there are none. */
function detailsOf(text: string): string[] {
  return /Could not load credentials from any providers/.test(text) ? [] : text.split("\n").slice(0, 5);
}
