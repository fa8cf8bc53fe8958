/** What a user can mend. Anything else that is thrown is a bug. */

/** Every code a user can meet. `area/what`; the list only grows. */
export type ErrorCode =
  | "usage/unknown-command"
  | "usage/invalid-flag"
  | "usage/missing-input"
  | "usage/not-in-this-version"
  | "usage/node-too-old"
  | "workspace/not-found"
  | "workspace/invalid"
  | "workspace/workload-not-found"
  | "workspace/workload-exists"
  | "workspace/file-exists"
  | "workspace/environment-not-found"
  | "workspace/pipeline-not-found"
  | "workspace/write-failed"
  | "workload/no-task-definition"
  | "workload/not-deployed-here"
  | "manifest/invalid"
  | "facts/invalid"
  | "template/invalid"
  | "addons/invalid"
  | "overrides/cdk"
  | "overrides/invalid"
  | "application/not-found"
  | "application/incomplete"
  | "application/exists"
  | "record/invalid"
  | "stack/data-at-risk"
  | "stack/newer"
  | "stack-set/changed"
  | "environment/exists"
  | "domain/zone-not-found"
  | "aws/no-credentials"
  | "aws/no-region"
  | "stack/not-found"
  | "stack/busy"
  | "stack/failed"
  | "stack/priority-taken"
  | "stack/rollback-failed"
  | "stack/refused"
  | "stack/delete-failed"
  | "aws/unknown-profile"
  | "aws/expired"
  | "aws/invalid-credentials"
  | "aws/clock"
  | "aws/unknown-region"
  | "aws/region-disabled"
  | "aws/denied"
  | "aws/throttled"
  | "aws/quota"
  | "aws/busy"
  | "aws/conflict"
  | "aws/not-found"
  | "aws/network"
  | "aws/malformed-answer"
  | "aws/unavailable"
  | "aws/refused"
  | "stack-set/busy"
  | "stack-set/changed"
  | "stack-set/failed"
  | "environment/ambiguous"
  | "environment/not-deployed"
  | "environment/not-found"
  | "environment/in-use"
  | "image/docker-missing"
  | "image/build-failed"
  | "image/wrong-architecture"
  | "image/login-failed"
  | "image/push-denied"
  | "image/push-failed"
  | "image/repository-not-found"
  | "image/tag-immutable"
  | "image/docker-config"
  | "engine/unreachable"
  | "engine/remote"
  | "simulator/start-failed"
  | "simulator/unreachable"
  | "simulator/busy"
  | "simulator/home"
  | "simulator/port-taken"
  | "simulator/disk-full"
  | "service/not-found"
  | "task/not-found"
  | "task/not-placed"
  | "task/no-network"
  | "logs/not-found"
  | "history/gone"
  | "pipeline/not-found"
  | "pipeline/incomplete"
  | "history/not-found"
  | "history/not-restorable"
  | "image/gone"
  | "service/deleting"
  | "service/cannot-pause"
  | "exec/no-running-task"
  | "exec/not-enabled"
  | "exec/container-not-found"
  | "exec/container-not-running"
  | "exec/unavailable"
  | "exec/plugin-missing"
  | "exec/broken-off"
  | "deploy/failed"
  | "deploy/superseded"
  | "deploy/timeout"
  | "deploy/refused"
  | "bucket/not-emptied"
  | "repository/not-emptied"
  | "deploy/busy"
  | "certificate/failed"
  | "certificate/pending"
  | "custom-domain/failed"
  | "domain/zone-not-found"
  | "site/file-missing"
  | "value/exists"
  | "value/not-found"
  | "value/invalid"
  | "value/unreadable"
  | "artifacts/no-bucket"
  | "interrupted";

/** A position in a file. Lines and columns count from 1. */
export interface Place {
  file: string;
  line?: number;
  column?: number;
}

/** One problem in a user's file. `path` is the dotted way to it: `http.healthcheck.interval`, `sidecars[0].port`. */
export interface Diagnostic {
  severity: "error" | "warning";
  code: string;
  message: string;
  hint?: string;
  file: string;
  line: number;
  column: number;
  path: string;
  /** Where it counts, when not everywhere that was looked at: names of environments; `*` where there is no overlay. */
  environments?: string[];
}

export interface UserErrorOptions {
  /** What to do next; where it can be a command, it is one that can be run as it stands. */
  hint?: string;
  place?: Place;
  diagnostics?: Diagnostic[];
  /** 1: input or deployment failed. 2: wrong usage. 130: interrupted. */
  exitCode?: 1 | 2 | 130;
  /** Further lines to show below the message, such as the end of a build's output. */
  details?: string[];
  cause?: unknown;
}

/** An error that the user can mend: it says where, what and what next. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly place: Place | undefined;
  readonly diagnostics: Diagnostic[];
  readonly exitCode: 1 | 2 | 130;
  readonly details: string[];

  constructor(code: ErrorCode, message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.place = options.place;
    this.diagnostics = options.diagnostics ?? [];
    this.exitCode = options.exitCode ?? (code.startsWith("usage/") ? 2 : 1);
    this.details = options.details ?? [];
  }
}

/** A word of a hint's command, as a shell takes it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
