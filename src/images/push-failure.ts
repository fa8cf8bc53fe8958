import { UserError } from "../errors.ts";

/** What a push that failed is told as, by what the docker client said. */
export function pushFailure(reference: string, lines: readonly string[], asksAgain: boolean): UserError {
  const said = lines.join("\n");
  const known = failures.find(({ sign }) => sign.test(said));
  const details = lastWords(lines);
  if (known === undefined)
    return new UserError("image/push-failed", `${reference} could not be pushed`, {
      details,
      hint: asksAgain ? "the network or the registry may be in trouble: try again" : "the last lines say what is wrong",
    });
  const { code, message, hint } = known;
  return new UserError(code, `${reference} could not be pushed: ${message}`, { details, hint });
}

/** Whether the same may well succeed a little later. The Engine has tried each layer five times by itself then. */
export function isTransient(lines: readonly string[]): boolean {
  const said = lines.join("\n");
  return !failures.some(({ sign }) => sign.test(said)) && transient.test(said);
}

/** The end of what a program said, without empty lines. */
export function lastWords(lines: readonly string[]): string[] {
  return lines.filter((line) => line.trim() !== "").slice(-5);
}

const transient =
  /\bEOF\b|connection (reset|refused|timed out)|broken pipe|i\/o timeout|TLS handshake timeout|request canceled|deadline exceeded|no such host|temporary failure|toomanyrequests|too many requests|rate exceeded|unexpected (HTTP )?status:? (from \S+ request to \S+: )?(429|5\d\d)|HTTP response (5\d\d|429)|blob upload (unknown|invalid)|unexpected http code: 5\d\d|use of closed network connection/i;

const failures: { sign: RegExp; code: UserError["code"]; message: string; hint: string }[] = [
  {
    sign: /cannot connect to the docker daemon|error during connect|is the docker daemon running/i,
    code: "engine/unreachable",
    message: "no Docker Engine answers",
    hint: "start Docker; `docker version` shows whether it answers",
  },
  {
    sign: /no space left on device/i,
    code: "image/push-failed",
    message: "the Engine's disk is full",
    hint: "docker system df",
  },
  {
    sign: /tag invalid|cannot be overwritten because the repository is immutable|image tag '.*' already exists/i,
    code: "image/tag-immutable",
    message: "the tag is another image's, and it cannot be moved",
    hint: "deploy with another --tag",
  },
  {
    sign: /name unknown|repository .*does not exist|repository .*not found|name_unknown/i,
    code: "image/repository-not-found",
    message: "the repository is not there",
    hint: "deploy again: a repository that is missing is made",
  },
  {
    sign: /authorization token has expired/i,
    code: "image/push-denied",
    message: "the login has expired",
    hint: "deploy again: what has been pushed is not pushed twice",
  },
  {
    sign: /no basic auth credentials|error getting credentials/i,
    code: "image/push-denied",
    message: "the docker client has no password for the registry",
    hint: "see to the credential helper that ~/.docker/config.json names for this registry, or take it out",
  },
  {
    sign: /\bdenied\b|unauthorized|not authorized|403 forbidden|401 unauthorized|authentication required/i,
    code: "image/push-denied",
    message: "the registry does not allow it",
    hint: "allow ecr:PutImage, InitiateLayerUpload, UploadLayerPart, CompleteLayerUpload and BatchCheckLayerAvailability on the repository",
  },
];
