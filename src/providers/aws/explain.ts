import { type ErrorCode, UserError, type UserErrorOptions } from "../../errors.ts";
import { actionOf } from "./failures/action-of-call.ts";
import { type AwsCall, callOf } from "./failures/calls.ts";
import { denialIn, statementFor } from "./failures/denied.ts";
import { explainNetwork } from "./failures/network.ts";
import { redact } from "./failures/redact.ts";
import { isOnByDefault } from "./regions.ts";

/** An error of the SDK, as far as it is looked at. */
interface SdkError extends Error {
  /** The code on the wire, where it is not the name. */
  Code?: string;
  $fault?: "client" | "server";
  $metadata?: { httpStatusCode?: number; attempts?: number };
  $response?: unknown;
}

/** What AWS, or the way to it, refused, as the user can mend it. An error that does not come from a call of AWS's is
 *  answered as it is: it is a bug, or has been explained already. No credential, token, signature or signed URL stands in
 *  what is answered. */
export function explain(error: unknown): unknown {
  const call = callOf(error);
  if (error instanceof UserError || !(error instanceof Error) || call === undefined) return error;
  if (error.name === "AbortError") return new UserError("interrupted", "interrupted", { exitCode: 130, cause: error });
  return explainCall(error, call);
}

function explainCall(error: SdkError, call: AwsCall): unknown {
  const text = redact(error.message.replace(/\s*Encoded authorization failure message:.*$/is, ""));
  const status = error.$metadata?.httpStatusCode;
  const about = call.subject === undefined ? "" : ` ${call.subject}`;
  const asked = `${call.service} in ${call.region}`;
  const user = (code: ErrorCode, message: string, options: UserErrorOptions = {}) =>
    new UserError(code, message, { ...options, cause: error });

  const barred = explainNetwork(error, call);
  if (barred !== undefined) return barred;
  if (isMalformed(error))
    return user("aws/malformed-answer", `what answered for ${asked} is not AWS (${answerKind(error)})`, {
      hint: "see whether a proxy or the log-in page of a network stands in between, then run it again",
    });
  if (/^Region not accepted|^Region is missing/.test(error.message)) return unknownRegion(call.region);

  switch (kindOf(error)) {
    case "expired":
      return expired(call, error);
    case "clock":
      return user("aws/clock", "the clock of this machine and AWS's differ too much for a signature", {
        hint: "timedatectl set-ntp true",
      });
    case "invalid":
      return invalid(call, error);
    case "denied":
      return denied(error, call);
    case "throttled":
      return user("aws/throttled", `${asked} is asked too often: ${call.operation} was refused ${attempts(error)}`, {
        hint: "wait for a minute, then run it again",
      });
    case "quota":
      return user("aws/quota", `${asked} is at a limit: ${text}`, {
        hint: `aws service-quotas list-service-quotas --region ${call.region} --service-code ${actionOf(call).split(":")[0]}`,
      });
    case "busy":
      return user("aws/busy", `${call.service} is still at work on${about || " it"}: ${text}`, {
        hint: "wait until that is done, then run it again",
      });
    case "conflict":
      return user("aws/conflict", `${call.service} has${about || " it"} already: ${sentence(text, error.name)}`, {
        hint: "take another name, or remove what is there",
      });
    case "not-found":
      return user(
        "aws/not-found",
        `${asked} lacks what ${call.operation}${about && ` of${about}`} needs: ${sentence(text, error.name)}`,
        {
          hint: "see whether somebody has deleted it, and whether account and region are right: aws sts get-caller-identity",
        },
      );
    case "region":
      return user("aws/region-disabled", `the region ${call.region} is not switched on for this account: ${text}`, {
        hint: `aws account enable-region --region-name ${call.region}`,
      });
    case "unavailable":
      return user(
        "aws/unavailable",
        `${asked} fails: ${call.operation} answered ${status ?? "an error"} ${attempts(error)}`,
        {
          hint: "see https://health.aws.amazon.com/health/status, then run it again",
          details: text === "" || text === "UnknownError" || text === "Unknown" ? [] : [text],
        },
      );
    case undefined:
      // Something of our own broke inside the SDK: a bug.
      if (error.$metadata === undefined || error.$response === undefined) return error;
      return user(
        "aws/refused",
        `${asked} refused ${call.operation}${about && ` of${about}`}: ${sentence(text, error.name)}`,
      );
  }
}

type Kind =
  | "expired"
  | "clock"
  | "invalid"
  | "denied"
  | "throttled"
  | "quota"
  | "busy"
  | "conflict"
  | "not-found"
  | "region"
  | "unavailable";

/** The names that the services give their errors, those that say more before those that say less. Sources: the error
 *  shapes of the SDK's models; "Common Errors" of IAM, EC2, S3 and CloudFormation. */
const names: readonly [form: RegExp, kind: Kind][] = [
  [/^(ExpiredToken|TokenRefreshRequired|ExpiredTokenException|CredentialsExpired)/, "expired"],
  [/^(RequestTimeTooSkewed|RequestExpired|RequestInTheFuture)/, "clock"],
  [/^(OptInRequired|RegionDisabled|SubscriptionRequired|NotSignedUp)/, "region"],
  [
    /^(InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature|AuthFailure|IncompleteSignature|MissingAuthenticationToken|InvalidToken|InvalidSecurity|InvalidIdentityToken|IDPRejectedClaim)/,
    "invalid",
  ],
  [
    /^(AccessDenied|Unauthorized|NotAuthorized|AuthorizationError|Forbidden|KMSAccessDenied|AllAccessDisabled|OperationNotPermitted)/,
    "denied",
  ],
  [
    /^(Throttl|RequestThrottled|RequestLimitExceeded|TooManyRequests|SlowDown|BandwidthLimit|ProvisionedThroughput|EC2Throttled)/,
    "throttled",
  ],
  [
    /^(ConcurrentModification|ConcurrentUpdate|OperationInProgress|OperationAborted|PriorRequestNotComplete|TooManyUpdates|UpdateInProgress|ResourceInUse|StaleRequest|ConflictingOperation|DeploymentInProgress)/,
    "busy",
  ],
  [/(LimitExceeded|QuotaExceeded|^LimitsExceeded|^TooMany|MaxNumberOf|MaxLimit)/, "quota"],
  [/(AlreadyExist|AlreadyOwned|AlreadyInUse|^Duplicate|^Conflict|ResourceConflict|NameExists|\.Duplicate)/, "conflict"],
  [/(NoSuch|NotFound|DoesNotExist|NotExist|^UnknownResource)/, "not-found"],
  [
    /^(InternalFailure|InternalError|InternalServer|ServiceUnavailable|Unavailable|ServerException|ServiceFailure|ServiceInternal)/,
    "unavailable",
  ],
];

function kindOf(error: SdkError): Kind | undefined {
  const status = error.$metadata?.httpStatusCode ?? 0;
  const codes = [error.name, error.Code ?? ""];
  const clock = /Signature (expired|not yet current)|clock/i.test(error.message) && /Signature/.test(codes.join());
  if (clock) return "clock";
  if (/\bRate exceeded\b/i.test(error.message)) return "throttled";
  const named = names.find(([form]) => codes.some((code) => form.test(code)))?.[1];
  // A right to ask that has run out is told by some services as one that is denied.
  if (/security token included in the request is expired|token (has )?expired/i.test(error.message)) return "expired";
  if (named !== undefined) return named;
  if (denialIn(error.message) !== undefined) return "denied";
  if (/\bdoes not exist\b|\bnot found\b/i.test(error.message)) return "not-found";
  if (error.$fault === "server" || status >= 500) return "unavailable";
  // An answer without a body, as HEAD has it.
  if (status === 403) return "denied";
  if (status === 404) return "not-found";
  if (status === 429) return "throttled";
  return undefined;
}

/** An answer that the SDK cannot read, such as a page of HTML. */
function isMalformed({ name, message, $response, $metadata }: SdkError): boolean {
  const unread = $response !== undefined && /Deserialization error|parse error/i.test(message);
  const redirected = /^(Unknown|UnknownError)$/.test(name) && Math.trunc(($metadata?.httpStatusCode ?? 0) / 100) === 3;
  return unread || redirected || name === "MalformedAnswerError";
}

function answerKind(error: SdkError): string {
  const status = error.$metadata?.httpStatusCode;
  return `${status === undefined ? "" : `status ${status}, `}${error.message.split("\n")[0]}`;
}

function denied(error: SdkError, call: AwsCall): UserError {
  const told = denialIn(error.message);
  const { who, action = actionOf(call), resource, deniedBy, notAllowedBy, encoded } = told ?? {};
  const onWhat = resource ?? call.subject;
  const message = `${who ?? "the credentials"} may not do ${action}${onWhat === undefined || onWhat === "*" ? "" : ` on ${onWhat}`}`;
  const missing = statementFor({ action, ...(onWhat?.startsWith("arn:") && { resource: onWhat }) });
  if (deniedBy !== undefined)
    return new UserError("aws/denied", `${message}: a ${deniedBy} denies it expressly`, {
      hint: `ask whoever keeps that ${deniedBy}: another policy cannot allow it`,
      cause: error,
    });
  return new UserError("aws/denied", message, {
    hint:
      encoded !== undefined && told?.action === undefined
        ? `aws sts decode-authorization-message --query DecodedMessage --output text --encoded-message ${encoded}`
        : `allow this in ${notAllowedBy === undefined ? "one of their policies" : `the ${notAllowedBy}`}, then run it again`,
    details: missing,
    cause: error,
  });
}

function expired({ profile }: AwsCall, cause: unknown): UserError {
  return new UserError(
    "aws/expired",
    `the credentials${profile === undefined ? "" : ` of the profile ${profile}`} have expired`,
    {
      hint:
        profile === undefined
          ? "get new ones into AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or: aws sso login"
          : `aws sso login --profile ${profile}`,
      cause,
    },
  );
}

function invalid({ profile, region }: AwsCall, error: SdkError): UserError {
  const whose = profile === undefined ? "" : ` of the profile ${profile}`;
  // A region that is switched off knows none of the account's users.
  const perhaps = isOnByDefault(region) ? "" : `, or the region ${region} is not switched on for the account`;
  const wrong = /Signature/.test(error.name)
    ? "the secret access key does not go with the access key id"
    : "AWS does not know them";
  return new UserError("aws/invalid-credentials", `the credentials${whose} are not valid: ${wrong}${perhaps}`, {
    hint: `aws sts get-caller-identity${profile === undefined ? "" : ` --profile ${profile}`}`,
    cause: error,
  });
}

/** @param region what is no region */
export function unknownRegion(region: string): UserError {
  return new UserError("aws/unknown-region", `${JSON.stringify(region)} is no region of AWS`, {
    hint: "export AWS_REGION=eu-west-1",
  });
}

function attempts({ $metadata }: SdkError): string {
  const count = $metadata?.attempts ?? 1;
  return count === 1 ? "once" : `${count} times`;
}

/** Some services name an error and say nothing about it. */
function sentence(text: string, name: string): string {
  return text === "" || text === "UnknownError" || text === "Unknown" ? name : text;
}
